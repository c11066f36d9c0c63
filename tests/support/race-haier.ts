/** Haier's goods in a race: sold against the sandbox's word, handed to its YLH. */
import { randomBytes, randomUUID } from 'node:crypto';

import type { RaceAnswer, RaceBuyer, RaceShop } from './race-shop';
import { pause } from './seeds';

/** A product of Haier's on sale, with so many pieces in one warehouse wherever one asks; returns its documentId. */
export async function haierProduct(shop: RaceShop, pieces: number): Promise<string> {
  const productCode = `RACE${randomBytes(6).toString('hex').toUpperCase()}`;
  const { haier } = shop.sandbox.control;
  haier.putProduct({ productCode });
  haier.setStock({ productCode, pieces });
  return shop.putOnSale({ source: 'haier', product_code: productCode });
}

/** Says the same with the same key for as long as the answer is that somebody outside is too busy, as the mini-program does. */
export async function insist(
  shop: RaceShop,
  path: string,
  { token, body }: { token: string; body: object },
): Promise<RaceAnswer> {
  const key = randomUUID();
  for (let tries = 1; ; tries += 1) {
    const answer = await shop.call('POST', path, { token, body, key });
    if (answer.status !== 503 || tries === 20) return answer;
    shop.broken.splice(
      0,
      Infinity,
      ...shop.broken.filter((told) => !told.startsWith(`POST /api/v1${path}: 503`)),
    );
    await pause(1_000);
  }
}

/** Pays an order at WeChat, which tells the shop of it; throws when the shop does not let it be paid. */
export async function payOrder(shop: RaceShop, { token, openid }: RaceBuyer, order: string): Promise<void> {
  const answer = await insist(shop, '/payments', { token, body: { order, method: 'wechat' } });
  const { payParams } = answer.body as { payParams?: Record<string, unknown> };
  if (payParams === undefined) throw new Error(`the payment was answered ${JSON.stringify(answer)}`);
  shop.sandbox.control.pay({ payParams, openid, notify: 'send' });
}
