/** PostgreSQL only: a flood of deadlines, worked by several processes. The long run reports how late the last one was. */
import type { Knex } from 'knex';

import { noteFlood } from '../support/flood-report';
import { saidByItself } from '../support/logged';
import { startApp, type TestApp } from '../support/app';
import {
  type Buyer,
  createBuyer,
  createStaff,
  placeOrder,
  startPaying,
  stockProduct,
} from '../support/factories/orders';
import { startServing } from '../support/outbox-process';
import { isLongRun, pause } from '../support/seeds';

const PRODUCTS = 20;
const COPIES = isLongRun ? 5_213 : 24;
/** Of one product in twenty the orders have a payment that must be asked for and closed at WeChat first. */
const COPIES_WITH_PAYMENT = isLongRun ? 950 : 6;
const PROCESSES = isLongRun ? 3 : 2;
const SETTLED_WITHIN_MS = isLongRun ? 3_600_000 : 60_000;

let app: TestApp;
let buyer: Buyer;
let staff: Awaited<ReturnType<typeof createStaff>>;

beforeAll(async () => {
  app = await startApp();
  buyer = await createBuyer(app);
  staff = await createStaff(app);
});
afterAll(() => app.stop());

const db = (): Knex => app.strapi.db.connection;
const ask = async <T>(sql: string): Promise<T[]> => ((await db().raw(sql)) as { rows: T[] }).rows;
const count = async (sql: string): Promise<number> =>
  Number((await ask<{ count: string }>(sql))[0]?.count ?? NaN);

/** Copies rows with some columns computed anew; `copy` numbers the copies, `old` is the row. */
async function copyRows(
  table: string,
  where: string,
  copies: number,
  anew: Record<string, string>,
): Promise<void> {
  const columns = (
    await ask<{ name: string }>(
      `select column_name as name from information_schema.columns where table_name = '${table}'
     and table_schema = current_schema() and column_name <> 'id'`,
    )
  ).map(({ name }) => name);
  const values = columns.map((name) => anew[name] ?? `old."${name}"`);
  await db().raw(
    `insert into ${table} (${columns.map((name) => `"${name}"`).join(', ')})
     select ${values.join(', ')} from ${table} old, generate_series(1, ${copies}) copy where ${where}`,
  );
}

/** Orders like this one, each with its lock in the ledger, its deadline, and a payment of its own when the first has one. */
async function multiply(documentId: string, copies: number): Promise<void> {
  const [order] = (await db()('orders')
    .where({ document_id: documentId })
    .select('id', 'product_document_id')) as {
    id: number;
    product_document_id: string;
  }[];
  const id = order?.id ?? 0;
  const sameNumber = `(select id from orders where order_number = 'D' || ${id} || 'x' || copy)`;
  await copyRows('orders', `id = ${id}`, copies, {
    document_id: `old.id || 'copy' || copy`,
    order_number: `'D' || old.id || 'x' || copy`,
    checkout_number: `'C' || old.id || 'x' || copy`,
  });
  await copyRows('inventory_logs', `order_id = ${id}`, copies, {
    document_id: `old.id || 'log' || copy`,
    order_id: sameNumber,
  });
  await copyRows('outbox_messages', `topic = 'order.expire' and (payload->>'orderId')::int = ${id}`, copies, {
    document_id: `old.id || 'message' || copy`,
    payload: `json_build_object('orderId', ${sameNumber})`,
  });
  await copyRows(
    'payments',
    `id in (select payment_id from payment_allocations where order_id = ${id})`,
    copies,
    {
      document_id: `old.id || 'pay' || copy`,
      payment_number: `'COPIED' || old.id || 'x' || copy`,
    },
  );
  await copyRows('payment_allocations', `order_id = ${id}`, copies, {
    document_id: `old.id || 'share' || copy`,
    order_id: sameNumber,
    payment_id: `(select id from payments where payment_number = 'COPIED' || old.payment_id || 'x' || copy)`,
  });
  await db()('inventory_items')
    .where({ product_document_id: order?.product_document_id })
    .update({ on_hand: db().raw('on_hand + ?', [copies]), locked: db().raw('locked + ?', [copies]) });
}

async function prepare(): Promise<void> {
  for (let turn = 0; turn < PRODUCTS; turn += 1) {
    const product = await stockProduct(app, staff, 10, { price: 100 });
    const order = await placeOrder(app, buyer, product);
    if (turn === 0) await startPaying(app, buyer, { order: order.documentId });
    await multiply(order.documentId, turn === 0 ? COPIES_WITH_PAYMENT : COPIES);
  }
  await db().raw('analyze');
}

interface Lateness {
  last: number;
  median: number;
}

it(
  `${isLongRun ? 'a hundred thousand' : 'some hundred'} orders expire at once, each of them once, over several processes`,
  async () => {
    await prepare();
    const total = await count("select count(*) from orders where status = 'pending'");
    const processes = await Promise.all(
      Array.from({ length: PROCESSES }, () => startServing({ PROCESS_ROLE: 'worker', LOG_LEVEL: 'error' })),
    );
    try {
      const from = Date.now();
      const due = new Date(from);
      await db()('orders').update({ expires_at: due });
      await db()('outbox_messages').where({ topic: 'order.expire' }).update({ available_at: due });
      const deadline = from + SETTLED_WITHIN_MS;
      const pending = () =>
        count("select count(*) from outbox_messages where topic = 'order.expire' and status <> 'done'");
      while ((await pending()) > 0 && Date.now() < deadline) await pause(isLongRun ? 2_000 : 100);
      const [late] = await ask<Lateness>(
        `select max(extract(epoch from cancelled_at) * 1000)::float8 - ${from} as last,
         percentile_cont(0.5) within group (order by extract(epoch from cancelled_at) * 1000) - ${from} as median
         from orders where status = 'cancelled'`,
      );
      const seconds = (Date.now() - from) / 1000;
      expect(await pending()).toBe(0);
      expect(await count("select count(*) from orders where status = 'cancelled'")).toBe(total);
      expect(await count("select count(*) from order_histories where event = 'expire'")).toBe(total);
      expect(await count("select count(*) from inventory_logs where change_type = 'release'")).toBe(total);
      expect(await count('select coalesce(sum(locked), 0) as count from inventory_items')).toBe(0);
      expect(await count("select count(*) from payments where status = 'pending'")).toBe(0);
      expect(await count("select count(*) from notifications where title = '订单已自动取消'")).toBe(total);
      expect(processes.map((child) => saidByItself(child.output())).join('')).toBe('');
      noteFlood(
        `${total} orders whose deadline is the same moment`,
        `${PROCESSES} workers, all in ${seconds.toFixed(1)} s (${Math.round(total / seconds)}/s); ` +
          `late: median ${Math.round(late?.median ?? 0)} ms, last ${Math.round(late?.last ?? 0)} ms`,
      );
    } finally {
      await Promise.all(processes.map((child) => child.kill()));
    }
  },
  SETTLED_WITHIN_MS + 300_000,
);
