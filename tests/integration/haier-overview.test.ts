import type { PayerBalance } from '../../src/plugins/haier-integration/server/src/clients/contract';
import type { Ports } from '../../src/plugins/haier-integration/server/src/ports';
import { compiled, startApp, type TestApp } from '../support/app';
import { insertRaw, panelUser, type PanelUser, rowsOf } from '../support/factories/panel';
import { emptyCallLog, fillCallLog, scansOf } from '../support/haier-calls';

const SERVER = 'src/plugins/haier-integration/server/src';
type PortsModule = typeof import('../../src/plugins/haier-integration/server/src/ports');
type BalanceModule = typeof import('../../src/plugins/haier-integration/server/src/services/balance');
type NoteModule = typeof import('../../src/plugins/haier-integration/server/src/services/shared-note');
type Statistics = typeof import('../../src/plugins/haier-integration/server/src/services/call-statistics');

const RUNS = 'plugin::haier-integration.haier-sync-run';
const LOG = 'plugin::haier-integration.haier-api-log';

let app: TestApp;
let admin: PanelUser;
let connected: Ports;

const ports = () => compiled<PortsModule>(`${SERVER}/ports`);
const read = async (language = 'zh') => {
  const answer = await admin.call('get', '/haier-integration/overview').set('Accept-Language', language);
  expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
  return answer.body.data;
};
const called = (row: Record<string, unknown>) =>
  insertRaw(LOG, { operation: 'readStock', attempt: 1, durationMs: 5, calledAt: new Date(), ...row });

beforeAll(async () => {
  app = await startApp();
  admin = await panelUser(app, 'superAdmin');
  connected = ports().connectedPorts();
});
afterAll(() => app?.stop());
afterEach(() => ports().connectPorts(connected));

describe('the overview', () => {
  it('tells of connections: when each system last answered, and last did not', async () => {
    await emptyCallLog(app);
    await called({ system: 'ylh', outcome: 'ok', calledAt: new Date(Date.now() - 60_000) });
    await called({ system: 'ylh', outcome: 'unauthorized', message: 'HTTP 401', operation: 'createOrder' });
    // A refusal is an answer.
    await called({ system: 'ylh', outcome: 'rejected', operation: 'createOrder' });
    const { connections } = await read();
    expect(connections.ylh).toMatchObject({
      state: 'failing',
      lastFailure: { operation: 'createOrder', outcome: 'unauthorized', message: 'HTTP 401' },
      lastSuccess: { operation: 'readStock' },
    });
    await called({ system: 'ylh', outcome: 'ok', calledAt: new Date(Date.now() + 1_000) });
    expect((await read()).connections.ylh.state).toBe('ok');
  });

  it('counts calls and errors of the last 24 hours by the hour', async () => {
    await emptyCallLog(app);
    const hour = 3_600_000;
    const now = Date.now();
    const thisHour = Math.floor(now / hour) * hour;
    await called({ system: 'haier', outcome: 'ok', calledAt: new Date(thisHour) });
    await called({ system: 'haier', outcome: 'rejected', calledAt: new Date(thisHour - 1) });
    await called({ system: 'ylh', outcome: 'ok', calledAt: new Date(thisHour - 23 * hour) });
    await called({ system: 'ylh', outcome: 'ok', calledAt: new Date(thisHour - 23 * hour - 1) });
    const { readHours } = compiled<Statistics>(`${SERVER}/services/call-statistics`);
    const hours = await readHours(app.strapi, new Date(now));
    expect(hours).toHaveLength(24);
    expect(hours[23]).toMatchObject({
      from: new Date(thisHour).toISOString(),
      haier: { calls: 1, errors: 0 },
    });
    expect(hours[22]?.haier).toEqual({ calls: 1, errors: 1 });
    expect(hours[0]?.ylh).toEqual({ calls: 1, errors: 0 });
    expect((await read()).hours).toHaveLength(24);
  });

  it('counts them in the database, in one look at the day (PostgreSQL, 100,000 rows)', async () => {
    await emptyCallLog(app);
    await fillCallLog(app, 100_000, new Date());
    const queries: { sql: string; bindings: readonly unknown[] }[] = [];
    const listen = ({ sql, bindings }: (typeof queries)[number]) => {
      if (sql.includes('haier_api_logs')) queries.push({ sql, bindings });
    };
    app.strapi.db.connection.on('query', listen);
    const { hours, connections } = await read();
    app.strapi.db.connection.removeListener('query', listen);
    const total = (hours as { haier: { calls: number }; ylh: { calls: number } }[]).reduce(
      (sum, { haier, ylh }) => sum + haier.calls + ylh.calls,
      0,
    );
    expect(total).toBeGreaterThan(1_300);
    expect(connections.ylh.lastFailure.outcome).toBe('unknown_outcome');
    if (app.strapi.db.dialect.client !== 'postgres') return;
    expect(queries.length).toBeGreaterThan(0);
    for (const { sql, bindings } of queries.filter(({ sql }) => sql.startsWith('select'))) {
      const looked = (await scansOf(app, { sql: sql.replace(/\$\d+/g, '?'), bindings })).reduce(
        (sum, scan) => sum + scan.rows,
        0,
      );
      expect([sql, looked <= 3_000]).toEqual([sql, true]);
    }
    await emptyCallLog(app);
  });

  it('names the last sync of each kind', async () => {
    const at = new Date('2026-06-30T00:00:00Z');
    await insertRaw(RUNS, { kind: 'products', status: 'failed', trigger: 'schedule', createdAt: at });
    await insertRaw(RUNS, {
      kind: 'products',
      status: 'succeeded',
      trigger: 'staff',
      total: 7,
      done: 7,
      created: 2,
    });
    const { lastSyncs } = await read();
    expect(lastSyncs.products).toMatchObject({ status: 'succeeded', trigger: 'staff', total: 7, created: 2 });
    expect(lastSyncs.prices).toBeNull();
  });

  it('says in words what the shop has not connected, and works without it', async () => {
    ports().connectPorts({});
    const zh = await read();
    expect(zh.notConnected.map(({ port }: { port: string }) => port).sort()).toEqual([
      'catalogue',
      'orders',
      'queue',
      'staff',
    ]);
    expect(zh.notConnected[0].message).toMatch(/\p{Script=Han}/u);
    expect((await read('en')).notConnected[0].message).toContain('not connected');
    expect([zh.queue, zh.orders]).toEqual([null, null]);
  });

  it('takes queue and work list from the shop', async () => {
    ports().connectPorts({
      ...connected,
      queue: {
        readBacklog: () => Promise.resolve({ waiting: 3, dead: 1, oldestDueSeconds: 12 }),
        listDead: () => Promise.resolve({ rows: [], total: 0 }),
        replay: () => Promise.resolve(false),
      },
      orders: { count: () => Promise.resolve({ workList: 2, underWay: 5 }) } as never,
    });
    expect(await read()).toMatchObject({
      queue: { waiting: 3, dead: 1, oldestDueSeconds: 12 },
      orders: { workList: 2, underWay: 5 },
    });
  });

  it('asks Haier for the balance, and not again for the next look', async () => {
    const asked = async () =>
      ((await rowsOf(app, LOG)) as { operation: string }[]).filter(
        ({ operation }) => operation === 'readBalances',
      ).length;
    const before = await asked();
    const [account] = app.sandbox.control.haier.accounts();
    const first = await read();
    expect(first.balance.accounts[0]).toMatchObject({
      payerAccountCode: account?.payerAccountCode,
      balanceFen: Math.round((account?.payerAccountBalance ?? 0) * 100),
    });
    await Promise.all([read(), read(), read()]);
    expect((await asked()) - before).toBeLessThanOrEqual(1);
  });

  it('refuses a query nobody reads', async () => {
    expect((await admin.call('get', '/haier-integration/overview?fields=x')).status).toBe(400);
  });
});

describe('the balance', () => {
  const account = (balanceFen: number): PayerBalance => ({
    saleGroupCode: null,
    saleGroupName: null,
    payerAccountCode: 'P-1',
    payerAccountName: '付款方一',
    balanceFen,
  });

  function makeWorld() {
    const world = {
      now: Date.parse('2026-06-30T00:00:00Z'),
      balanceFen: 100_000,
      asked: 0,
      told: [] as { title: string; content: string }[],
      limitYuan: 500,
    };
    const { createBalance } = compiled<BalanceModule>(`${SERVER}/services/balance`);
    const { createSharedNote } = compiled<NoteModule>(`${SERVER}/services/shared-note`);
    const key = `balance-${Math.random().toString(36).slice(2, 10)}`;
    const settings = app.strapi.plugin('haier-integration').service('settings');
    const makeProcess = () =>
      createBalance({
        strapi: app.strapi,
        note: createSharedNote(app.strapi, key),
        readSettings: async () => {
          const read = await settings.read();
          return { ...read, policy: { ...read.policy, balanceWarningYuan: world.limitYuan } };
        },
        readBalances: () => {
          world.asked += 1;
          return Promise.resolve([account(world.balanceFen)]);
        },
        now: () => new Date(world.now),
      });
    ports().connectPorts({
      ...connected,
      staff: { notify: (notice) => Promise.resolve(void world.told.push(notice)) },
    });
    return { world, makeProcess };
  }

  it('is asked by one process, at most every five minutes', async () => {
    const { world, makeProcess } = makeWorld();
    const [here, there] = [makeProcess(), makeProcess()];
    await Promise.all([here.read(), there.read(), here.read()]);
    expect(world.asked).toBe(1);
    world.now += 4 * 60_000;
    await there.read();
    expect(world.asked).toBe(1);
    world.now += 60_000;
    await Promise.all([here.read(), there.read()]);
    expect(world.asked).toBe(2);
  });

  it('that falls below the limit is told to staff once, and again after it has risen', async () => {
    const { world, makeProcess } = makeWorld();
    const [here, there] = [makeProcess(), makeProcess()];
    const later = async (balanceFen: number) => {
      world.balanceFen = balanceFen;
      world.now += 5 * 60_000;
      return (await Promise.all([here.read(), there.read()]))[0];
    };
    expect(await later(50_000)).toMatchObject({ isLow: false, limitFen: 50_000 });
    expect(world.told).toEqual([]);
    await later(49_999);
    await later(10_000);
    expect(world.told).toHaveLength(1);
    expect(world.told[0]?.content).toContain('499.99');
    expect(await here.read()).toMatchObject({ isLow: true });
    await later(60_000);
    await later(1);
    expect(world.told).toHaveLength(2);
  });

  it('is told through the shop’s own notices', async () => {
    ports().connectPorts(connected);
    await connected.staff?.notify({ title: '测试通知', content: '余额不足', data: { limitFen: 1 } });
    const rows = (await rowsOf(app, 'api::notification.notification')) as {
      title: string;
      audience: string;
    }[];
    expect(rows.at(-1)).toMatchObject({ title: '测试通知', audience: 'staff' });
  });

  it('is never warned about without a limit', async () => {
    const { world, makeProcess } = makeWorld();
    world.limitYuan = 0;
    world.balanceFen = -5;
    expect(await makeProcess().read()).toMatchObject({ isLow: false });
    expect(world.told).toEqual([]);
  });
});
