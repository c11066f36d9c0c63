/** The numbers that are about the shop: its orders, its money, its promises, its calls of Haier. */
import { ORDER_UID } from './api/order/order-rows';
import { OPEN_REFUND_STATUSES, PAYMENT_UID, REFUND_UID } from './api/payment/payment-rows';
import { DIFFERENCE_UID } from './api/reconciliation/reconciliation-rows';
import { ORDER_STATUSES, type OrderStatus } from './domain/order-states';
import { isPostgres, query } from './platform/database';
import { cachedReading, observed, observedTotal, type Sample } from './platform/metrics';
import { OUTBOX_UID, readBacklog } from './platform/outbox';
import { PLUGIN_ID } from './plugins/haier-integration/server/src/constants';
import { readMetrics } from './plugins/haier-integration/server/src/metrics';

const SOON_MS = 15_000;
/** Orders that are over are many: counting them reads a whole index. */
const SELDOM_MS = 15 * 60_000;
const OVER: readonly OrderStatus[] = ['completed', 'cancelled', 'refunded'];
/** Nobody needs to know it more exactly, and the question stays small. */
const MOST_COUNTED = 100_000;

const MESSAGE_STATUSES = ['pending', 'blocked', 'running', 'dead'] as const;

async function countOrders(statuses: readonly OrderStatus[]): Promise<Map<string, number>> {
  const rows = (await query(ORDER_UID)
    .whereIn('status', [...statuses])
    .groupBy('status')
    .select('status')
    .count({ total: '*' })) as { status: string; total: number | string }[];
  return new Map(rows.map(({ status, total }) => [status, Number(total)]));
}

interface Sum {
  status: string;
  count: number;
  fen: number;
}

/** Yuan to fen on the way: sums of decimals are exact on PostgreSQL, and rounded on SQLite. */
const inFen = (): string =>
  isPostgres() ? 'coalesce(sum(amount) * 100, 0)' : 'coalesce(round(sum(amount) * 100), 0)';

async function sumMoney(uid: string, statuses: readonly string[]): Promise<Sum[]> {
  const rows = (await query(uid)
    .whereIn('status', [...statuses])
    .groupBy('status')
    .select('status')
    .select(strapi.db.connection.raw(`${inFen()} as fen`))
    .count({ total: '*' })) as { status: string; total: number | string; fen: number | string }[];
  return rows.map(({ status, total, fen }) => ({
    status,
    count: Number(total),
    fen: Math.round(Number(fen)),
  }));
}

async function countMessages(status: (typeof MESSAGE_STATUSES)[number]): Promise<number> {
  // The status stands in the statement itself, so that the index of this part of the table is used.
  const some = query(OUTBOX_UID).whereRaw(`status = '${status}'`).select('id').limit(MOST_COUNTED).as('some');
  const [row] = (await strapi.db.connection.from(some).count({ total: '*' })) as { total: number | string }[];
  return Number(row?.total ?? 0);
}

async function readOutbox(): Promise<{ counts: [string, number][]; ageSeconds: number }> {
  const counts: [string, number][] = [];
  for (const status of MESSAGE_STATUSES) counts.push([status, await countMessages(status)]);
  return { counts, ageSeconds: (await readBacklog()).ageSeconds };
}

async function readMoney(): Promise<Record<'payment' | 'refund', Sum[]>> {
  return {
    payment: await sumMoney(PAYMENT_UID, ['pending', 'disputed']),
    refund: await sumMoney(REFUND_UID, [...OPEN_REFUND_STATUSES, 'failed']),
  };
}

async function countDifferences(): Promise<number> {
  const [row] = (await query(DIFFERENCE_UID).where('status', 'open').count({ total: '*' })) as {
    total: number | string;
  }[];
  return Number(row?.total ?? 0);
}

const open = ORDER_STATUSES.filter((status) => !OVER.includes(status));
const openOrders = cachedReading({ name: 'open-orders', everyMs: SOON_MS, read: () => countOrders(open) });
const pastOrders = cachedReading({ name: 'past-orders', everyMs: SELDOM_MS, read: () => countOrders(OVER) });
const outbox = cachedReading({ name: 'outbox', everyMs: SOON_MS, read: readOutbox });
const money = cachedReading({ name: 'money', everyMs: SOON_MS, read: readMoney });
const differences = cachedReading({ name: 'differences', everyMs: SOON_MS, read: countDifferences });

function orderSamples(): Sample<'status'>[] {
  const of = (
    statuses: readonly OrderStatus[],
    counts: Map<string, number> | undefined,
  ): Sample<'status'>[] =>
    counts === undefined
      ? []
      : statuses.map((status) => ({ labels: { status }, value: counts.get(status) ?? 0 }));
  return [...of(open, openOrders.value()), ...of(OVER, pastOrders.value())];
}

const moneySamples = (pick: (sum: Sum) => number): Sample<'kind' | 'status'>[] =>
  Object.entries(money.value() ?? {}).flatMap(([kind, sums]) =>
    sums.map((sum) => ({ labels: { kind, status: sum.status }, value: pick(sum) })),
  );

observed('shop_orders', 'Orders by status', ['status'], orderSamples);
observed(
  'shop_money_waiting_fen',
  'Money of payments and refunds that are not over, in fen',
  ['kind', 'status'],
  () => moneySamples(({ fen }) => fen),
);
observed('shop_money_waiting', 'Payments and refunds that are not over', ['kind', 'status'], () =>
  moneySamples(({ count }) => count),
);
observed(
  'shop_reconciliation_differences_open',
  'Differences to WeChat’s bill that wait for somebody',
  [],
  () => {
    const value = differences.value();
    return value === undefined ? [] : [{ labels: {}, value }];
  },
);
observed(
  `shop_outbox_messages`,
  `Messages of the outbox, up to ${MOST_COUNTED} of a status`,
  ['status'],
  () => (outbox.value()?.counts ?? []).map(([status, value]) => ({ labels: { status }, value })),
);
observed('shop_outbox_age_seconds', 'How long the oldest message that is due has waited', [], () => {
  const read = outbox.value();
  return read === undefined ? [] : [{ labels: {}, value: read.ageSeconds }];
});

const isHaierInstalled = (): boolean => (strapi.plugin(PLUGIN_ID) as object | undefined) !== undefined;
const calls = () => (isHaierInstalled() ? readMetrics() : []);
const CALL_LABELS = ['system', 'operation', 'outcome'] as const;
observedTotal('shop_haier_calls_total', 'Attempts at calls of Haier and YLH', CALL_LABELS, () =>
  calls().map(({ calls: value, ...labels }) => ({ labels: pickLabels(labels), value })),
);
observedTotal('shop_haier_call_seconds_total', 'Time these attempts took', CALL_LABELS, () =>
  calls().map(({ seconds: value, ...labels }) => ({ labels: pickLabels(labels), value })),
);

function pickLabels({ system, operation, outcome }: { system: string; operation: string; outcome: string }) {
  return { system, operation, outcome };
}
