/** Processes that are killed at random points, and started again. */
import { randomUUID } from 'node:crypto';

import type { RaceAnswer, RaceBuyer, RaceShop } from '../../support/race-shop';
import type { RoleProcess } from '../../support/shop-process';
import type { Race } from '../../support/race-run';
import { type Dice, dice, pause } from '../../support/seeds';

const BUYERS = 24;
const LOAD_MS = 2_500;

/** Says the same with the same key until somebody answers, as the mini-program does. */
async function insist(
  shop: RaceShop,
  path: string,
  { token, body }: { token: string; body: object },
): Promise<RaceAnswer> {
  const key = randomUUID();
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await shop.call('POST', path, { token, body, key });
      // Another attempt with this key is still under way, or died holding it.
      const isHeld = answer.body.error?.details?.code === 'IDEMPOTENCY_CONFLICT';
      if (!isHeld || attempt > 3) return answer;
    } catch (error) {
      if (attempt > 200) throw error;
    }
    await pause(25);
  }
}

/** A shopper who orders, and pays or cancels, over and over until `until`; returns how many orders were confirmed. */
async function shopAround(
  shop: RaceShop,
  buyer: RaceBuyer,
  products: string[],
  { int, pick, once }: Dice,
  until: number,
): Promise<string[]> {
  const confirmed: string[] = [];
  const { token } = buyer;
  while (Date.now() < until) {
    const data = { product: pick(products), quantity: 1 + int(2), address: buyer.address };
    const order = await insist(shop, '/orders', { token, body: { data } });
    const id = order.body.data?.documentId;
    if (id === undefined) continue;
    confirmed.push(id);
    if (once(4)) {
      await insist(shop, `/orders/${id}/cancel`, { token, body: {} });
      continue;
    }
    const paying = await insist(shop, '/payments', { token, body: { order: id, method: 'wechat' } });
    const { payParams } = paying.body as { payParams?: Record<string, unknown> };
    if (payParams === undefined) continue;
    shop.sandbox.control.pay({ payParams, openid: buyer.openid, notify: 'send' });
    if (once(3)) await insist(shop, `/orders/${id}/refund`, { token, body: { reason: '不合适' } });
    if (once(6)) await shop.makeDue(id);
  }
  return confirmed;
}

/** A killed worker's claims end with their lease; waiting for that is moved to now. */
const endLeases = async (shop: RaceShop, ofWorkersBefore: Date): Promise<void> => {
  await shop
    .db('outbox_messages')
    .where({ status: 'running' })
    .where('updated_at', '<=', ofWorkersBefore)
    .update({ locked_until: new Date(0) });
};

/** The seed decides when, and which of the two goes first. */
async function killBoth(shop: RaceShop, { int, once }: Dice): Promise<void> {
  const web = int(2);
  const killWeb = (): Promise<void> => (shop.webs[web] as RoleProcess).kill();
  const killWorker = (): Promise<void> => shop.worker.kill();
  const order = once(2) ? [killWeb, killWorker] : [killWorker, killWeb];
  for (const kill of order) {
    await pause(int(LOAD_MS / 2));
    await kill();
  }
  const died = new Date();
  const [newWeb, newWorker] = await Promise.all([shop.startProcess('web'), shop.startProcess('worker')]);
  shop.webs[web] = newWeb;
  shop.worker = newWorker;
  await endLeases(shop, died);
}

const killNine: Race = {
  name: 'kill -9 of a web process and of the worker, then restart',
  short: 1,
  async run(shop, seed) {
    const chance = dice(seed);
    const buyers = await shop.shoppers(BUYERS);
    const products = [await shop.product(60), await shop.product(15)];
    const until = Date.now() + LOAD_MS;
    const killed = killBoth(shop, chance);
    const confirmed = (
      await Promise.all(buyers.map((buyer) => shopAround(shop, buyer, products, chance, until)))
    ).flat();
    await killed;
    // WeChat comes again by itself for what a dead process did not acknowledge; the timetable is not waited for.
    for (const { id, attempts } of shop.sandbox.control.notifications.list())
      if (!attempts.some(({ status }) => status === 200)) await shop.sandbox.control.notifications.resend(id);
    await shop.calm();
    const rows = (await shop.db('orders').whereIn('product_document_id', products).select('document_id')) as {
      document_id: string;
    }[];
    const written = new Set(rows.map(({ document_id: id }) => id));
    const lost = confirmed.filter((id) => !written.has(id));
    if (lost.length > 0 || confirmed.length !== written.size)
      throw new Error(
        `${confirmed.length} orders were confirmed, ${written.size} are there, ${lost.length} lost`,
      );
  },
};

export const KILL_RACES: Race[] = [killNine];
