/** Those whom the shop calls: WeChat, Haier, YLH, and the collector of traces. */
import { type Kind, SHOPPING_AT_HAIER } from '../../support/outages/requests';
import type { Outage } from '../../support/outages/outage';
import { pause } from '../../support/seeds';
import type { Sandbox } from '../../../sandbox';

const away = (host: keyof Sandbox['hosts']): Pick<Outage, 'stop' | 'start'> => ({
  stop: ({ shop }) => shop.sandbox.hosts[host].down(),
  start: ({ shop }) => shop.sandbox.hosts[host].up(),
});
const UNAVAILABLE = ['503 UPSTREAM_UNAVAILABLE'];
const only = (...kinds: Kind[]): Outage['refused'] =>
  Object.fromEntries(kinds.map((kind) => [kind, UNAVAILABLE]));

const PUSHED_WITHIN_MS = 30_000;

/** Every paid order of Haier's goods is at YLH, once. What waits for its next try is tried now. */
const expectPushed: Outage['check'] = async ({ shop }) => {
  const deadline = Date.now() + PUSHED_WITHIN_MS;
  for (;;) {
    await shop
      .db('outbox_messages')
      .where({ topic: 'haier.push', status: 'pending' })
      .update({ available_at: new Date() });
    const rows = (await shop
      .db('orders')
      .where({ status: 'paid' })
      .whereIn('haier_status', ['push_pending', 'push_failed'])
      .select('id')) as { id: number }[];
    if (rows.length === 0) break;
    if (Date.now() > deadline) throw new Error(`${rows.length} paid orders were not pushed to YLH`);
    await pause(500);
  }
  const orders = shop.sandbox.control.ylh.orders();
  const twice = orders.length - new Set(orders.map(({ soId }) => soId)).size;
  if (twice > 0) throw new Error(`${twice} orders are at YLH twice`);
};

export const PARTNER_OUTAGES: Outage[] = [
  {
    name: 'WeChat, sign-in',
    ...away('api'),
    refused: only('sign-in'),
    recoversWithinMs: 7_000,
  },
  { name: 'WeChat Pay', ...away('pay'), refused: only('payment'), recoversWithinMs: 7_000 },
  {
    name: 'Haier',
    kinds: SHOPPING_AT_HAIER,
    ...away('haier'),
    refused: only('availability at Haier', 'order at Haier'),
    recoversWithinMs: 7_000,
    check: expectPushed,
  },
  {
    name: 'YLH',
    kinds: SHOPPING_AT_HAIER,
    ...away('ylh'),
    refused: {},
    recoversWithinMs: 7_000,
    check: expectPushed,
  },
  {
    name: 'the collector of traces',
    stop: ({ collector }) => collector.down(),
    start: ({ collector }) => collector.up(),
    refused: {},
    recoversWithinMs: 1_000,
    async check(world) {
      const before = world.spans;
      await world.shop.send('GET', '/api/v1/categories/tree?traced=1');
      for (let tries = 0; world.spans === before; tries += 1) {
        if (tries === 100) throw new Error('no traces come after the collector is back');
        await pause(100);
      }
    },
  },
];
