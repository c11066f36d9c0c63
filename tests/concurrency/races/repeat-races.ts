/** The same thing said many times: requests with one key, copies of one notification. */
import { randomUUID } from 'node:crypto';

import type { RaceBuyer } from '../../support/race-shop';
import { type Race, together } from '../../support/race-run';
import { dice } from '../../support/seeds';

const POSTS = 200;
const COPIES = 50;
const SYNCS = 10;

const oneKey: Race = {
  name: '200 identical order posts with one Idempotency-Key',
  short: 1,
  async run(shop, seed) {
    const { int } = dice(seed);
    const [buyer] = (await shop.shoppers(1)) as [RaceBuyer];
    // Now and then only the first fits: the others must get its answer all the same, not a refusal.
    const product = await shop.product(1 + int(3));
    const key = randomUUID();
    const post = (quantity: number) => shop.order(buyer, product, { key, quantity });
    const answers = await Promise.all(Array.from({ length: POSTS }, () => post(1)));
    const different = new Set(answers.map((answer) => JSON.stringify(answer)));
    if (different.size !== 1 || answers[0]?.status !== 201)
      throw new Error(`${different.size} different answers, e.g. ${[...different].slice(0, 3).join(' | ')}`);
    const [{ orders }] = (await shop
      .db('orders')
      .where({ product_document_id: product })
      .count({ orders: '*' })) as [{ orders: string }];
    if (Number(orders) !== 1) throw new Error(`${orders} orders of one key`);
    const others = await Promise.all(Array.from({ length: 10 }, () => post(2)));
    const odd = others.filter(
      ({ status, body }) => status !== 409 || body.error?.details?.code !== 'IDEMPOTENCY_CONFLICT',
    );
    if (odd.length > 0) throw new Error(`another body answered ${JSON.stringify(odd[0])}`);
  },
};

const manyCopies: Race = {
  name: '50 copies of one notification with the shopper’s sync and the deadline',
  short: 2,
  async run(shop, seed) {
    const { int, once } = dice(seed);
    const [buyer] = (await shop.shoppers(1)) as [RaceBuyer];
    const product = await shop.product(2);
    const order = String((await shop.order(buyer, product)).body.data?.documentId);
    const paying = await shop.call('POST', '/payments', {
      token: buyer.token,
      body: { order, method: 'wechat' },
    });
    const payParams = paying.body.payParams as Record<string, unknown>;
    const paid = shop.sandbox.control.pay({ payParams, openid: buyer.openid, notify: 'hold' });
    if (!paid.paid) throw new Error(`the sandbox refused: ${paid.errMsg}`);
    const sync = () =>
      shop.call('POST', `/payments/${String(paying.body.data?.documentId)}/sync`, {
        token: buyer.token,
        body: {},
      });
    const copies = () => shop.sandbox.control.notifications.copies(paid.notificationId ?? '', COPIES);
    const results = await together([
      { afterMs: int(60), act: () => shop.makeDue(order) },
      { afterMs: int(60), act: copies },
      ...Array.from({ length: SYNCS }, () => ({ afterMs: int(80), act: sync })),
      ...(once(2)
        ? [
            {
              afterMs: int(60),
              act: () => shop.call('POST', `/orders/${order}/cancel`, { token: buyer.token, body: {} }),
            },
          ]
        : []),
    ]);
    const unanswered = (results[1] as { status?: number }[]).filter(({ status }) => status !== 200);
    if (unanswered.length > 0) throw new Error(`${unanswered.length} copies were not answered with 200`);
    await shop.calm();
    const events = (await shop
      .db('order_histories as h')
      .join('orders as o', 'o.id', 'h.order_id')
      .where('o.document_id', order)
      .orderBy('h.id')
      .pluck('h.event')) as string[];
    if (events.join() !== 'place,pay') throw new Error(`the order went ${events.join(', ')}`);
  },
};

export const REPEAT_RACES: Race[] = [oneKey, manyCopies];
