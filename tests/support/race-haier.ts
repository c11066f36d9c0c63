/** Haier's goods in a race: sold against the sandbox's word, handed to its YLH. */
import { randomBytes } from 'node:crypto';

import type { RaceBuyer, RaceShop } from './race-shop';

/** A product of Haier's on sale, with so many pieces in one warehouse wherever one asks; returns its documentId. */
export async function haierProduct(shop: RaceShop, pieces: number): Promise<string> {
  const productCode = `RACE${randomBytes(6).toString('hex').toUpperCase()}`;
  const { haier } = shop.sandbox.control;
  haier.putProduct({ productCode });
  haier.setStock({ productCode, pieces });
  return shop.putOnSale({ source: 'haier', product_code: productCode });
}

/** Pays an order at WeChat, which tells the shop of it; throws when the shop does not let it be paid. */
export async function payOrder(shop: RaceShop, buyer: RaceBuyer, order: string): Promise<void> {
  const answer = await shop.call('POST', '/payments', {
    token: buyer.token,
    body: { order, method: 'wechat' },
  });
  const { payParams } = answer.body as { payParams?: Record<string, unknown> };
  if (payParams === undefined) throw new Error(`the payment was answered ${JSON.stringify(answer)}`);
  shop.sandbox.control.pay({ payParams, openid: buyer.openid, notify: 'send' });
}
