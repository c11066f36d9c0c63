/** PostgreSQL only: what processes in service do when they are told to stop, die, or disagree with the database. */
import type { Knex } from 'knex';

import { LANES } from '../../src/platform/outbox/topic';
import { compiled, startApp, type TestApp } from '../support/app';
import {
  type Buyer,
  createBuyer,
  createStaff,
  placeOrder,
  readStock,
  stockProduct,
} from '../support/factories/orders';
import { type OutboxProcess, startServing } from '../support/outbox-process';
import { pause } from '../support/seeds';

let app: TestApp;
let buyer: Buyer;
let staff: Awaited<ReturnType<typeof createStaff>>;
const running: OutboxProcess[] = [];

beforeAll(async () => {
  app = await startApp();
  buyer = await createBuyer(app);
  staff = await createStaff(app);
});
afterEach(() => Promise.all(running.splice(0).map((child) => child.kill())));
afterAll(() => app.stop());

const db = (): Knex => app.strapi.db.connection;
const messages = (topic: string) => db()('outbox_messages').where('topic', topic);

async function serve(role: 'all' | 'web' | 'worker', clockOffMs?: number): Promise<OutboxProcess> {
  const child = await startServing({ PROCESS_ROLE: role }, clockOffMs);
  running.push(child);
  return child;
}

async function until(what: () => Promise<boolean>, withinMs = 45_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await what())) {
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms`);
    await pause(20);
  }
}

/** Resolves when a count has reached `least` and stood still for a while. */
async function untilSteady(count: () => Promise<number>, least: number): Promise<void> {
  let [last, since] = [-1, Date.now()];
  await until(async () => {
    const now = await count();
    if (now !== last) [last, since] = [now, Date.now()];
    return now >= least && Date.now() - since > 500;
  });
}

const call = (url: string, path: string, body: object, headers: Record<string, string> = {}) =>
  fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const post = (url: string, body: object, headers: Record<string, string> = {}) =>
  call(url, '/orders', body, { Authorization: `Bearer ${buyer.token}`, ...headers });

/** Keeps a product's stock row locked, so that whoever wants it waits, until the returned function is called. */
async function holdStock(product: string): Promise<() => Promise<void>> {
  const tx = await db().transaction();
  await tx('inventory_items').where('product_document_id', product).forUpdate();
  return async () => void (await tx.commit());
}

const waiting = async (): Promise<number> => {
  const { rows } = (await db().raw(
    "select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
  )) as { rows: { n: number }[] };
  return rows[0]?.n ?? 0;
};

describe('a process that is told to stop', () => {
  it('answers what it has, ends what it has begun, hands back the rest and takes nothing new', async () => {
    const product = await stockProduct(app, staff, 100, { price: 10 });
    for (let turn = 0; turn < 40; turn += 1) await placeOrder(app, buyer, product);
    await db()('orders').update({ expires_at: new Date(Date.now() - 1_000) });
    const letGo = await holdStock(product);
    const shop = await serve('all');
    await messages('order.expire').update({ available_at: new Date(Date.now() - 1_000) });
    const begun = LANES.deadline.slots;
    await untilSteady(waiting, 1);
    const before = await waiting();
    const order = post(shop.url, { data: { product, quantity: 1, address: buyer.address } });
    await untilSteady(waiting, before + 1);

    shop.signal('SIGTERM');
    // Handed back: free for any other worker at once, no try used up.
    await until(async () => (await messages('order.expire').where({ status: 'running' })).length === begun);
    await expect(fetch(`${shop.url}/healthz`)).rejects.toThrow();
    const back = await messages('order.expire').where({ status: 'pending' });
    expect(back.every(({ attempts, locked_by }) => attempts === 0 && locked_by === null)).toBe(true);
    await letGo();
    expect((await order).status).toBe(201);
    expect(await shop.ended).toBe(0);

    const left = (await messages('order.expire').where('available_at', '<', new Date()).select('status')) as {
      status: string;
    }[];
    expect(left.filter(({ status }) => status === 'done')).toHaveLength(begun);
    expect(left.filter(({ status }) => status === 'pending')).toHaveLength(40 - begun);
    expect(await db()('orders').where({ status: 'cancelled' })).toHaveLength(begun);
    expect((await readStock(app, staff, product)).locked).toBe(40 - begun + 1);
  }, 180_000);
});

describe('a process that is killed', () => {
  it('over deferred orders is followed by another, and each is placed once', async () => {
    const product = await stockProduct(app, staff, 100, { price: 10 });
    const body = { data: { product, quantity: 1, address: buyer.address } };
    const [web, first] = await Promise.all([serve('web'), serve('worker')]);
    // Only now: a transaction that is idle for a minute is ended, and on a busy machine a start may take as long.
    const letGo = await holdStock(product);
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        post(web.url, body, { Prefer: 'respond-async', 'Idempotency-Key': `kill-${n % 6}-kill` }),
      ),
    );
    const tasks = new Set<string>();
    for (const answer of answers) {
      expect(answer.status).toBe(202);
      tasks.add(((await answer.json()) as { data: { taskId: string } }).data.taskId);
    }
    expect(tasks.size).toBe(6);
    await until(async () => (await waiting()) > 0);
    await Promise.all([first.kill(), web.kill()]);
    await letGo();
    // The lease of a dead worker is half a minute in service; here it has just run out.
    await messages('order.place')
      .where({ status: 'running' })
      .update({ locked_until: new Date(0) });
    await serve('worker');
    await until(async () => (await messages('order.place').whereNot({ status: 'done' })).length === 0);
    for (const id of tasks) {
      const { body: task } = await app.api('get', `/tasks/${id}`, buyer.token);
      expect(task.data).toMatchObject({ status: 'succeeded', result: { quantity: 1 } });
    }
    expect((await readStock(app, staff, product)).locked).toBe(6);
  }, 180_000);
});

describe('a machine whose clock is an hour off', () => {
  it('goes by the database’s, says so, and expires nothing early', async () => {
    const product = await stockProduct(app, staff, 5, { price: 10 });
    const { documentId } = await placeOrder(app, buyer, product);
    const ahead = await serve('all', 3_600_000);
    const { code } = app.sandbox.control.mintLoginCode({ openid: buyer.openid });
    const { access } = (await (await call(ahead.url, '/users/login', { code })).json()) as { access: string };
    const body = { data: { product, quantity: 1, address: buyer.address } };
    const answer = await call(ahead.url, '/orders', body, { Authorization: `Bearer ${access}` });
    expect(answer.status).toBe(201);
    const { data } = (await answer.json()) as { data: { createdAt: string } };
    expect(Math.abs(Date.parse(data.createdAt) - Date.now())).toBeLessThan(5_000);
    await pause(1_500);
    expect(await db()('orders').where({ document_id: documentId }).first('status')).toEqual({
      status: 'pending',
    });
    expect(ahead.output()).toMatch(/differs from the database's by -3600 s/);
  }, 120_000);
});

describe('a database that cannot keep up', () => {
  it('is answered for with 503, and the shopper may try again', async () => {
    const product = await stockProduct(app, staff, 5, { price: 10 });
    const letGo = await holdStock(product);
    const body = { data: { product, quantity: 1, address: buyer.address } };
    const refused = app
      .api('post', '/orders', buyer.token)
      .send(body)
      .then((answer) => answer);
    await until(async () => (await waiting()) > 0);
    // As its limit would, only sooner.
    await db().raw(
      "select pg_cancel_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    const answer = await refused;
    await letGo();
    expect(answer.status).toBe(503);
    expect(answer.body.error.details).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryAfterSeconds: 1 });
    expect(answer.headers['retry-after']).toBe('1');
    expect((await app.api('post', '/orders', buyer.token).send(body)).status).toBe(201);
  }, 120_000);

  it('limits every connection, and lets maintenance take its time', async () => {
    const limits = async (connection: Knex) => {
      const { rows } = (await connection.raw(
        `select current_setting('lock_timeout') as lock, current_setting('statement_timeout') as statement,
         current_setting('idle_in_transaction_session_timeout') as idle`,
      )) as { rows: unknown[] };
      return rows[0];
    };
    const all = await Promise.all(Array.from({ length: 8 }, () => limits(db())));
    for (const found of all) expect(found).toEqual({ lock: '8s', statement: '20s', idle: '1min' });
    const { allowLongWork, inTransaction } =
      compiled<typeof import('../../src/platform/database')>('src/platform/database');
    const inside = await inTransaction(async (tx) => {
      await allowLongWork(tx);
      return limits(tx);
    });
    expect(inside).toMatchObject({ lock: '0', statement: '0' });
  });
});
