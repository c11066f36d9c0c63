import { randomUUID } from 'node:crypto';

import { startApp, type TestApp } from '../support/app';
import {
  type Buyer,
  createBuyer,
  createStaff,
  readStock,
  stockProduct,
  sumLedger,
} from '../support/factories/orders';
import { endSound } from '../support/sound';

/** Orders that wait for each other are written together; no shopper may notice. */

let app: TestApp;
let buyers: Buyer[];
let staff: Awaited<ReturnType<typeof createStaff>>;

beforeAll(async () => {
  app = await startApp();
  staff = await createStaff(app);
  buyers = [];
  for (let index = 0; index < 4; index += 1) buyers.push(await createBuyer(app));
});
afterAll(() => endSound(app));

const stocked = (onHand: number) => stockProduct(app, staff, onHand);

interface Wish {
  buyer: Buyer;
  product: string;
  quantity?: number;
  key?: string;
  note?: string;
}

const order = ({ buyer, product, quantity = 1, key, note }: Wish) => {
  const request = app.api('post', '/orders', buyer.token);
  if (key !== undefined) request.set('Idempotency-Key', key);
  return request.send({ data: { product, quantity, address: buyer.address, note } });
};

const checkout = (buyer: Buyer, products: string[]) =>
  app.api('post', '/orders/checkout', buyer.token).send({
    items: products.map((product) => ({ product, quantity: 1 })),
    address: buyer.address,
  });

const buyerAt = (index: number): Buyer => buyers[index % buyers.length] as Buyer;

interface LedgerRow {
  changeType: string;
  quantity: number;
  lockedAfter: number;
  onHandAfter: number;
  operator: string;
}

async function readLedger(product: string): Promise<LedgerRow[]> {
  const answer = await app
    .api('get', `/inventory/${product}/logs?pagination[pageSize]=100&sort=createdAt:asc`, staff.token)
    .expect(200);
  return answer.body.data as LedgerRow[];
}

describe('orders that are placed at the same moment', () => {
  it('of many shoppers for the last pieces: as many as there are, each shopper its own', async () => {
    const product = await stocked(10);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => order({ buyer: buyerAt(index), product, note: `n${index}` })),
    );
    const placed = answers.flatMap((answer, index) => (answer.status === 201 ? [{ answer, index }] : []));
    expect(placed).toHaveLength(10);
    for (const { answer, index } of placed) {
      expect(answer.body.data.note).toBe(`n${index}`);
      const own = await app.api('get', `/orders/${answer.body.data.documentId}`, buyerAt(index).token);
      expect([own.status, own.body.data.note]).toEqual([200, `n${index}`]);
      const other = await app.api('get', `/orders/${answer.body.data.documentId}`, buyerAt(index + 1).token);
      expect(other.status).toBe(404);
    }
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expect([answer.status, answer.body.error.details.code]).toEqual([409, 'OUT_OF_STOCK']);
    }
    expect(await readStock(app, staff, product)).toEqual({ onHand: 10, locked: 10, stock: 0 });
    expect(await sumLedger(app, product)).toEqual({ onHand: 10, locked: 10 });
  });

  it('write a ledger that reads as if they had come one after the other', async () => {
    const product = await stocked(100);
    await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        order({ buyer: buyerAt(index), product, quantity: 1 + (index % 3) }),
      ),
    );
    const locks = (await readLedger(product)).filter((row) => row.changeType === 'lock');
    expect(locks).toHaveLength(30);
    let locked = 0;
    for (const row of [...locks].sort((a, b) => a.lockedAfter - b.lockedAfter)) {
      locked -= row.quantity;
      expect(row).toMatchObject({ lockedAfter: locked, onHandAfter: 100 });
    }
    expect(new Set(locks.map((row) => row.operator)).size).toBe(buyers.length);
  });

  it('do not fall with a neighbour who asks for too much', async () => {
    const [plenty, scarce] = [await stocked(50), await stocked(3)];
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        index % 5 === 0
          ? order({ buyer: buyerAt(index), product: scarce, quantity: 2 })
          : order({ buyer: buyerAt(index), product: plenty }),
      ),
    );
    const statuses = (wanted: (index: number) => boolean) =>
      answers.filter((_, index) => wanted(index)).map(({ status }) => status);
    expect(statuses((index) => index % 5 !== 0)).toEqual(Array.from({ length: 24 }, () => 201));
    expect(statuses((index) => index % 5 === 0).sort()).toEqual([201, 409, 409, 409, 409, 409]);
    expect(await readStock(app, staff, scarce)).toEqual({ onHand: 3, locked: 2, stock: 1 });
    expect(await sumLedger(app, plenty)).toEqual({ onHand: 50, locked: 24 });
  });

  it('with one key are one order, and another body under it is refused', async () => {
    const product = await stocked(50);
    const [buyer] = buyers as [Buyer];
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 25 }, (_, index) =>
        order({ buyer, product, key, quantity: index % 5 === 4 ? 2 : 1, note: 'same' }),
      ),
    );
    const placed = answers.filter(({ status }) => status === 201);
    expect(new Set(placed.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(placed.filter(({ headers }) => headers['idempotent-replayed'] === undefined)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(25 - placed.length);
    expect([5, 20]).toContain(placed.length);
    const quantity = placed[0]?.body.data.quantity as number;
    expect(await readStock(app, staff, product)).toMatchObject({ locked: quantity });
    const again = await order({ buyer, product, key, quantity, note: 'same' });
    expect([again.status, again.headers['idempotent-replayed']]).toEqual([201, 'true']);
  });

  it('of baskets that cross are all placed', async () => {
    const [a, b] = [await stocked(40), await stocked(40)];
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => checkout(buyerAt(index), index % 2 === 0 ? [a, b] : [b, a])),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 40 }, () => 201));
    expect(await sumLedger(app, a)).toEqual({ onHand: 40, locked: 40 });
    expect(await sumLedger(app, b)).toEqual({ onHand: 40, locked: 40 });
    const late = await checkout(buyerAt(0), [a, b]);
    expect(late.body.error.details.items).toHaveLength(2);
  });

  it('order each line of a cart once, in the quantity it has', async () => {
    const product = await stocked(20);
    const [buyer] = buyers as [Buyer];
    const cart = await app
      .api('post', '/cart/items', buyer.token)
      .send({ data: { product, quantity: 3 } })
      .expect(200);
    const [{ documentId: line }] = cart.body.data.items;
    const body = { cartItems: [line], address: buyer.address };
    const [change, ...answers] = await Promise.all([
      app.api('put', `/cart/items/${line}`, buyer.token).send({ data: { quantity: 4 } }),
      ...Array.from({ length: 8 }, () => app.api('post', '/orders/checkout', buyer.token).send(body)),
    ]);
    const placed = answers.filter(({ status }) => status === 201);
    expect(placed).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(7);
    const [ordered] = placed[0]?.body.data.orders as { quantity: number }[];
    // Before the change or after it, but never with the change lost.
    expect(ordered?.quantity).toBe(change.status === 200 ? 4 : 3);
    expect(await readStock(app, staff, product)).toMatchObject({ locked: ordered?.quantity });
  });
});
