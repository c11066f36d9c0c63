import { compiled, startApp, type TestApp } from '../support/app';
import {
  type Buyer,
  createBuyer,
  createStaff,
  payAtWechat,
  placeOrder,
  startPaying,
  stockProduct,
} from '../support/factories/orders';

type Database = typeof import('../../src/platform/database');
type Http = typeof import('../../src/platform/http/outside-call');
type Idempotency = typeof import('../../src/platform/idempotency');

let app: TestApp;
let buyer: Buyer;
let staff: Awaited<ReturnType<typeof createStaff>>;
let database: Database;
let keys: Idempotency;

beforeAll(async () => {
  app = await startApp();
  database = compiled<Database>('src/platform/database');
  keys = compiled<Idempotency>('src/platform/idempotency');
  buyer = await createBuyer(app);
  staff = await createStaff(app);
});
afterAll(() => app.stop());

const withKey = (path: string, key: string, body: object = {}, token = buyer.token) =>
  app.api('post', path, token).set('Idempotency-Key', key).send(body);
const keyRow = (key: string) => database.query(keys.IDEMPOTENCY_UID).where({ key });

/** An order that was paid for and shipped. */
async function shippedOrder(): Promise<string> {
  const product = await stockProduct(app, staff, 5, { price: 10 });
  const order = await placeOrder(app, buyer, product);
  const { payParams } = await startPaying(app, buyer, { order: order.documentId });
  await payAtWechat(app, buyer, payParams);
  const shipped = await app
    .api('post', `/orders/${order.documentId}/ship`, staff.token)
    .send({ company: '顺丰', trackingNumber: 'SF1' });
  expect(shipped.status).toBe(200);
  return order.documentId;
}

describe('a key in the transaction of its action', () => {
  it('gives the second the answer of the first', async () => {
    const path = `/orders/${await shippedOrder()}/confirm-receipt`;
    const [first, second] = await Promise.all([
      withKey(path, 'confirm-twice'),
      withKey(path, 'confirm-twice'),
    ]);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.body).toEqual(first.body);
    expect([first, second].filter(({ headers }) => headers['idempotent-replayed'] === 'true')).toHaveLength(
      1,
    );
  });

  it('is of the route, however its path is written', async () => {
    const path = `/orders/${await shippedOrder()}/confirm-receipt`;
    const first = await withKey(path, 'confirm-slash');
    for (const same of [`${path}/`, path.replace('orders', 'Orders')]) {
      const again = await withKey(same, 'confirm-slash');
      expect([same, again.status, again.body]).toEqual([same, 200, first.body]);
    }
  });

  it('runs the action once, and a conflict of the database asks for another request', async () => {
    const path = `/orders/${await shippedOrder()}/confirm-receipt`;
    const order = path.split('/')[2];
    const real = app.strapi.db.transaction.bind(app.strapi.db);
    let begun = 0;
    const spy = jest.spyOn(app.strapi.db, 'transaction').mockImplementation(((work: never) => {
      begun += 1;
      return (real as (work: unknown) => Promise<unknown>)(async (parts: { trx: unknown }) => {
        await (work as (parts: unknown) => Promise<unknown>)(parts);
        throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
      });
    }) as never);
    const answer = await withKey(path, 'deadlock-once');
    spy.mockRestore();
    expect([answer.status, answer.body.error.details.code, begun]).toEqual([503, 'UPSTREAM_UNAVAILABLE', 1]);
    expect((await app.api('get', `/orders/${order}`, buyer.token)).body.data.status).toBe('shipped');
    const again = await withKey(path, 'deadlock-once');
    expect([again.status, again.body.data.status]).toEqual([200, 'completed']);
  });
});

describe('a key under a lease', () => {
  const request = async (key: string) => {
    const [user] = (await database
      .query('plugin::users-permissions.user')
      .where('document_id', buyer.user.documentId)
      .select('id')) as { id: number }[];
    return { userId: user?.id ?? 0, route: 'POST /test', key, requestHash: 'hash' };
  };
  const take = async (key: string, owner: string, ms: number) => {
    const lockedUntil = new Date(Date.now() + ms);
    const asked = await request(key);
    return database.inTransaction((tx) =>
      keys.claimKey(tx, asked, { status: 'running', lockedUntil, lockedBy: owner }),
    );
  };
  const answer = (body: string) => ({ status: 200, body });

  it('belongs to its owner: one that lost it can neither answer, renew nor release it', async () => {
    const asked = await request('owned-key');
    expect(await take('owned-key', 'first', -1)).toBeUndefined();
    expect(await take('owned-key', 'second', 30_000)).toBeUndefined();
    expect(await keys.storeAnswer(undefined, asked, answer('of the first'), 'first')).toBe(false);
    expect(await keys.renewKey(asked, 'first', new Date(Date.now() + 60_000))).toBe(false);
    await keys.releaseKey(asked, 'first');
    expect(await keyRow('owned-key').select('locked_by', 'status')).toEqual([
      { locked_by: 'second', status: 'running' },
    ]);
    expect(await keys.renewKey(asked, 'second', new Date(Date.now() + 60_000))).toBe(true);
    expect(await keys.storeAnswer(undefined, asked, answer('of the second'), 'second')).toBe(true);
    expect(await keys.findAnswer(asked)).toEqual(answer('of the second'));
  });

  it('is kept as long as the work takes, and a second request gets its answer', async () => {
    const product = await stockProduct(app, staff, 5, { price: 10 });
    const { documentId } = await placeOrder(app, buyer, product);
    await startPaying(app, buyer, { order: documentId });
    const path = `/orders/${documentId}/cancel`;
    const answers = await Promise.all(
      [1, 2, 3].map(() => withKey(path, 'cancel-thrice', { reason: '不要了' })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers.filter(({ headers }) => headers['idempotent-replayed'] === 'true')).toHaveLength(2);
    expect(await keyRow('cancel-thrice').select('status', 'locked_by')).toEqual([
      { status: 'done', locked_by: null },
    ]);
  });
});

describe('a transaction', () => {
  it('that Strapi opened is joined: reads are inside it, and what follows waits for its commit', async () => {
    const seen: string[] = [];
    const table = 'api::idempotency.idempotency-key';
    const joined = app.strapi.db.transaction(async () => {
      await database.inTransaction(async (tx) => {
        expect(database.currentTransaction()).toBe(tx);
        await database.query(table, tx).insert({ key: 'only-inside', route: 'x', status: 'done' });
        expect(await database.query(table).where({ key: 'only-inside' }).select('key')).toHaveLength(1);
        database.afterCommit(() => seen.push('after'));
      });
      seen.push('still open');
    });
    await joined;
    expect(seen).toEqual(['still open', 'after']);
    const undone = app.strapi.db.transaction(async () => {
      await database.inTransaction(() => Promise.resolve(database.afterCommit(() => seen.push('never'))));
      throw new Error('rolled back');
    });
    await expect(undone).rejects.toThrow('rolled back');
    expect(seen).not.toContain('never');
  });

  it('is over for what it began and did not wait for', async () => {
    let later: Promise<unknown> = Promise.resolve();
    await database.inTransaction(() => {
      later = new Promise((resolve) => setTimeout(() => resolve(database.isInTransaction()), 50));
      return Promise.resolve();
    });
    expect(await later).toBe(false);
  });
});

describe('the door to the outside', () => {
  const environments = ['development', 'test', 'production'];
  const environment = process.env.NODE_ENV;
  afterEach(() => {
    process.env.NODE_ENV = environment;
  });

  it.each(environments)('is shut while a transaction is open, ours or Strapi’s, in %s', async (name) => {
    process.env.NODE_ENV = name;
    let calls = 0;
    const http = {
      request: () => Promise.resolve({ status: 200, headers: {}, data: Buffer.from(String((calls += 1))) }),
    };
    const call = compiled<Http>('src/platform/http/outside-call').createOutsideCall({
      service: 'wechat-pay',
      baseUrl: 'http://127.0.0.1:1',
      http: http as never,
    });
    const ask = () => call({ method: 'GET', url: '/' });
    const refusal = 'must not be called while a transaction is open';
    await expect(database.inTransaction(ask)).rejects.toThrow(refusal);
    await expect(database.inTransaction(() => Promise.all([ask()]))).rejects.toThrow(refusal);
    await expect(app.strapi.db.transaction(ask)).rejects.toThrow(refusal);
    await expect(app.strapi.db.transaction(() => database.inTransaction(ask))).rejects.toThrow(refusal);
    const download = compiled<Http>('src/platform/http/outside-call').createOutsideDownload({
      service: 'wechat-pay',
      baseUrl: 'http://127.0.0.1:1',
      http: http as never,
    });
    const fetchFile = () => download({ url: '/bill' }, () => Promise.resolve());
    await expect(database.inTransaction(fetchFile)).rejects.toThrow(refusal);
    await expect(app.strapi.db.transaction(fetchFile)).rejects.toThrow(refusal);
    expect(calls).toBe(0);
    expect((await ask()).status).toBe(200);
    expect(calls).toBe(1);
  });
});
