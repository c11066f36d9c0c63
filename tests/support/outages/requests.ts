/** What shoppers ask for while a dependency is away. */
import { randomUUID } from 'node:crypto';

import type { HostileAnswer, HostileRequest } from '../hostile-client';
import type { RaceBuyer } from '../race-shop';
import type { OutageWorld } from './world';

export type Kind =
  | 'healthz'
  | 'catalogue from memory'
  | 'catalogue anew'
  | 'sign-in'
  | 'cart'
  | 'order'
  | 'payment'
  | 'own orders'
  | 'availability at Haier'
  | 'order at Haier'
  | 'upload';

/** What shoppers do in any shop; which of it a dependency touches shows in the answers. */
export const SHOPPING: readonly Kind[] = [
  'healthz',
  'catalogue from memory',
  'catalogue anew',
  'catalogue anew',
  'sign-in',
  'cart',
  'order',
  'payment',
  'own orders',
];
/** Pictures are costly: few of them. */
export const SHOPPING_AND_UPLOADS: readonly Kind[] = [...SHOPPING, ...SHOPPING, 'upload'];
export const SHOPPING_AT_HAIER: readonly Kind[] = [...SHOPPING, 'availability at Haier', 'order at Haier'];

/** An order that was asked for: said again with its key until it is confirmed. */
export interface Wish {
  buyer: RaceBuyer;
  product: string;
  key: string;
  /** Its documentId, once the shop has confirmed it. */
  order?: string;
}

const json = (value: unknown): string => JSON.stringify(value);

function idOf(answer: HostileAnswer): string | undefined {
  if (answer.status !== 201) return undefined;
  return (JSON.parse(answer.text) as { data?: { documentId?: string } }).data?.documentId;
}

/** The requests of one outage, and what was asked for that must be there in the end. */
export class Shoppers {
  readonly wishes: Wish[] = [];
  /** Files that were taken; ids of the media library. */
  readonly uploaded: number[] = [];
  private readonly unpaid: { buyer: RaceBuyer; order: string }[] = [];
  private turn = 0;

  constructor(private readonly world: OutageWorld) {}

  /** The next request of a kind, and what its answer means; every path and query as shoppers send them. */
  next(kind: Kind): { request: HostileRequest; hear?: (answer: HostileAnswer) => void } {
    const { world } = this;
    this.turn += 1;
    const buyer = world.buyers[this.turn % world.buyers.length] as RaceBuyer;
    const get = (path: string, token?: string) => ({ request: { method: 'GET', path, token } });
    switch (kind) {
      case 'healthz':
        return get('/healthz');
      case 'catalogue from memory':
        return get(`/api/v1/categories/tree`);
      case 'catalogue anew':
        return get(`/api/v1/products?search=${randomUUID().slice(0, 8)}`);
      case 'sign-in': {
        const { code } = world.shop.sandbox.control.mintLoginCode();
        return { request: { method: 'POST', path: '/api/v1/users/login', body: json({ code }) } };
      }
      case 'cart': {
        const data = { product: world.product, quantity: 1 };
        return {
          request: {
            method: 'POST',
            path: '/api/v1/cart/items',
            token: buyer.token,
            body: json({ data }),
          },
        };
      }
      case 'order':
        return this.wish({ buyer, product: world.product, key: randomUUID() });
      case 'order at Haier':
        return this.wish({ buyer, product: world.haierProduct, key: randomUUID() });
      case 'payment': {
        const order = this.unpaid.shift();
        return order === undefined ? this.next('order') : this.payment(order);
      }
      case 'own orders':
        return get('/api/v1/orders?pagination[pageSize]=5', buyer.token);
      case 'availability at Haier':
        // Another district each time: an answer of Haier's is kept for a minute.
        return get(
          `/api/v1/products/${world.haierProduct}/availability?districtCode=${DISTRICTS[this.turn % DISTRICTS.length]}`,
        );
      case 'upload':
        return this.upload();
    }
  }

  /** A wish, or the same one again. */
  wish(wish: Wish): { request: HostileRequest; hear: (answer: HostileAnswer) => void } {
    if (!this.wishes.includes(wish)) this.wishes.push(wish);
    const { buyer, product, key } = wish;
    const body = json({ data: { product, quantity: 1, address: buyer.address } });
    const headers = { 'Idempotency-Key': key };
    return {
      request: { method: 'POST', path: '/api/v1/orders', token: buyer.token, headers, body },
      hear: (answer) => {
        const order = idOf(answer);
        if (order === undefined || wish.order !== undefined) return;
        wish.order = order;
        this.unpaid.push({ buyer, order });
      },
    };
  }

  private payment({ buyer, order }: { buyer: RaceBuyer; order: string }) {
    return {
      request: {
        method: 'POST',
        path: '/api/v1/payments',
        token: buyer.token,
        body: json({ order, method: 'wechat' }),
      },
      hear: (answer: HostileAnswer) => {
        // Who was refused tries again later.
        if (answer.status >= 500 || answer.status === 0) return void this.unpaid.push({ buyer, order });
        const { payParams } = JSON.parse(answer.text) as { payParams?: Record<string, unknown> };
        if (payParams !== undefined)
          this.world.shop.sandbox.control.pay({ payParams, openid: buyer.openid, notify: 'send' });
      },
    };
  }

  private upload() {
    const boundary = 'outage';
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n`;
    const body = Buffer.concat([Buffer.from(head), PICTURE, Buffer.from(`\r\n--${boundary}--\r\n`)]);
    const headers = { 'Content-Type': `multipart/form-data; boundary=${boundary}` };
    return {
      request: { method: 'POST', path: '/upload', token: this.world.shop.admin, headers, body },
      hear: (answer: HostileAnswer) => {
        if (answer.status === 201)
          this.uploaded.push(...(JSON.parse(answer.text) as { id: number }[]).map(({ id }) => id));
      },
    };
  }
}

const DISTRICTS = ['370212', '370203', '370202', '370213', '370211', '370214', '110105', '110108', '310115'];
/** The smallest picture there is. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
