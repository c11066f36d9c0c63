import { HAIER_PATHS } from '../../sandbox';
import type { SyncRuns } from '../../src/plugins/haier-integration/server/src/services/sync-runs';
import { compiled, type TestApp, startApp } from '../support/app';
import {
  countCalls,
  otherProcess,
  productOf,
  runSync,
  STAFF,
  syncs,
  writeSettings,
} from '../support/factories/haier';

const SERVER = 'src/plugins/haier-integration/server/src';
const RUN_UID = 'plugin::haier-integration.haier-sync-run';
/** Two batches and a half. */
const MANY = 250;

let app: TestApp;

const runs = (): SyncRuns =>
  compiled<typeof import('../../src/plugins/haier-integration/server/src/services/sync-runs')>(
    `${SERVER}/services/sync-runs`,
  ).createSyncRuns(app.strapi);

/** Works on a run until so many products are done, and then is gone without a word, as after kill -9. */
async function workAndDie(kind: 'products' | 'prices', afterDone: number): Promise<number> {
  const { workOnRun } = compiled<
    typeof import('../../src/plugins/haier-integration/server/src/services/sync-work')
  >(`${SERVER}/services/sync-work`);
  const { run } = await runs().begin({
    ...{ kind, trigger: 'staff', requestedBy: 'test', productCodes: null, allowsDrop: false },
    leaseHolder: 'the one who dies',
  });
  const death = new AbortController();
  const work = workOnRun({
    ...{ strapi: app.strapi, runs: runs(), run, holder: 'the one who dies', stockCountyCode: '' },
    signal: death.signal,
    haier: app.strapi.plugin('haier-integration').service('clients').haier,
    onProgress: ({ done }) => (done >= afterDone ? death.abort(new Error('killed')) : undefined),
  });
  await expect(work).rejects.toThrow('killed');
  return run.id;
}

const leaseEnds = (id: number) =>
  app.strapi.db.query(RUN_UID).update({ where: { id }, data: { leaseUntil: new Date(Date.now() - 1) } });

const countRows = async (where: Record<string, unknown>): Promise<number> =>
  app.strapi.db.query(RUN_UID).count({ where });

beforeAll(async () => {
  app = await startApp();
  app.sandbox.control.haier.catalogue(false);
  app.sandbox.control.haier.generate(MANY);
}, 180_000);
afterAll(() => app?.stop());

describe('a run of many products', () => {
  it('goes on where a killed process stopped: nothing is listed or written twice', async () => {
    const id = await workAndDie('products', 100);
    const half = await syncs(app).find(id);
    expect(half).toMatchObject({ status: 'running', phase: 'writing', total: MANY, done: 100, created: 100 });
    expect(await syncs(app).drain()).toBe(0);
    const written = await app.strapi.db.connection('products').orderBy('id').select('id', 'updated_at');
    expect(written).toHaveLength(100);

    await leaseEnds(id);
    const calls = countCalls(app);
    expect(await syncs(app).drain()).toBe(1);
    expect(await syncs(app).find(id)).toMatchObject({
      status: 'succeeded',
      done: MANY,
      created: MANY,
      changed: 0,
      unlisted: 0,
    });
    expect(calls(HAIER_PATHS.products)).toBe(0);
    expect(calls(HAIER_PATHS.prices)).toBe(8);
    const after = await app.strapi.db
      .connection('products')
      .orderBy('id')
      .limit(100)
      .select('id', 'updated_at');
    expect(after).toEqual(written);
    expect(await app.strapi.db.query('plugin::haier-integration.haier-sync-item').count()).toBe(0);
  });

  it('writes nothing for one whose lease was taken over', async () => {
    const { run } = await runs().begin({
      ...{ kind: 'prices', trigger: 'staff', requestedBy: 'test', productCodes: null, allowsDrop: false },
      leaseHolder: 'the slow one',
    });
    await leaseEnds(run.id);
    const taken = await runs().claim('the quick one');
    expect(taken?.id).toBe(run.id);
    const late = runs().advance(run.id, 'the slow one', () => Promise.resolve({ counts: { done: 1 } }));
    await expect(late).rejects.toThrow('held by somebody else');
    expect((await syncs(app).find(run.id))?.done).toBe(0);
    await runs().finish(run.id, 'the quick one', 'cancelled', null);
  });

  it('ends between two batches when it is cancelled', async () => {
    const control = new AbortController();
    const run = await syncs(app).run(
      { kind: 'prices' },
      {
        requestedBy: 'test',
        signal: control.signal,
        onProgress: ({ done }) => (done > 0 ? control.abort() : undefined),
      },
    );
    expect(run).toMatchObject({ status: 'cancelled', done: 100, total: MANY });
  });

  it('ends when staff cancel it while another process works on it', async () => {
    const asked: Promise<unknown>[] = [];
    const run = await syncs(app).run(
      { kind: 'prices' },
      {
        requestedBy: 'test',
        onProgress: ({ id, done }) => {
          if (done > 0 && asked.length === 0) asked.push(syncs(app).cancel(id, STAFF));
        },
      },
    );
    await Promise.all(asked);
    expect(run).toMatchObject({ status: 'cancelled', cancelRequestedBy: STAFF.name });
    expect(run.done).toBeLessThan(MANY);
  });
});

describe('several processes', () => {
  it('begin one run of a kind, and one of them works on it', async () => {
    const [one, other] = [syncs(app), otherProcess(app)];
    const asked = await Promise.allSettled([
      one.request({ kind: 'products' }, STAFF),
      other.request({ kind: 'products' }, STAFF),
    ]);
    expect(asked.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const calls = countCalls(app);
    const taken = await Promise.all([one.drain(), other.drain()]);
    expect(taken[0] + taken[1]).toBe(1);
    expect(calls(HAIER_PATHS.products)).toBe(1);
    expect(await countRows({ kind: 'products', status: { $in: ['queued', 'running'] } })).toBe(0);
  });

  it('begin one run for one turn of a schedule, and note a turn that meets the run before it', async () => {
    const [one, other] = [syncs(app), otherProcess(app)];
    const due = new Date('2026-11-29T03:00:00Z');
    const fired = await Promise.all([one.fire('prices', due), other.fire('prices', due)]);
    expect(fired.sort()).toEqual(['begun', 'taken']);
    const next = new Date('2026-11-29T03:30:00Z');
    const overlapping = await Promise.all([one.fire('prices', next), other.fire('prices', next)]);
    expect(overlapping.sort()).toEqual(['skipped', 'taken']);
    const { rows } = await one.list({ kind: 'prices', page: 1, pageSize: 2 });
    expect(rows.map(({ status, trigger }) => [status, trigger])).toEqual([
      ['skipped', 'schedule'],
      ['queued', 'schedule'],
    ]);
    expect(rows[0].message).toContain('还在进行');
    await one.drain();
    expect(await one.fire('stock', due)).toBe('not_set_up');
  });
});

describe('an answer that cannot be trusted', () => {
  it('mistake 12: an empty list takes nothing off sale', async () => {
    app.sandbox.control.haier.generate(0);
    const run = await runSync(app, 'products', { allowsDrop: true });
    expect(run).toMatchObject({ status: 'failed', done: 0, message: expect.stringContaining('为空') });
    expect(await productOf(app, 'GEN000001')).toMatchObject({ isSales: true });
  });

  it('a sudden drop is refused and told to staff, unless staff have allowed it', async () => {
    app.sandbox.control.haier.generate(100);
    await syncs(app).fire('products', new Date('2026-11-29T04:00:00Z'));
    await syncs(app).drain();
    const { rows } = await syncs(app).list({ kind: 'products', page: 1, pageSize: 1 });
    expect(rows[0]).toMatchObject({ status: 'failed', done: 0, message: expect.stringContaining('150') });
    expect(await productOf(app, 'GEN000250')).toMatchObject({ isSales: true });
    expect(
      await app.strapi.db.query('api::notification.notification').findMany({ where: { audience: 'staff' } }),
    ).toEqual([expect.objectContaining({ title: '海尔商品同步失败' })]);

    const allowed = await runSync(app, 'products', { allowsDrop: true });
    expect(allowed).toMatchObject({ status: 'succeeded', unlisted: 150 });
    expect(await productOf(app, 'GEN000250')).toMatchObject({ isSales: false });
    // Those that are off sale already are no drop any more.
    expect(await runSync(app, 'products')).toMatchObject({ status: 'succeeded', unlisted: 0 });
    app.sandbox.control.haier.generate(MANY);
    expect(await runSync(app, 'products')).toMatchObject({ status: 'succeeded', changed: 150 });
  });

  it('a call that fails costs its own twenty products alone', async () => {
    app.sandbox.control.addFault({ kind: 'rubbish', host: 'haier', path: HAIER_PATHS.prices, times: 1 });
    const run = await runSync(app, 'prices');
    app.sandbox.control.clearFaults();
    expect(run).toMatchObject({ status: 'succeeded', done: MANY, failed: 20, unchanged: MANY - 20 });
    expect(run.errors).toHaveLength(20);
  });

  it('a list that breaks off in the middle changes nothing', async () => {
    app.sandbox.control.addFault({ kind: 'rubbish', host: 'haier', path: HAIER_PATHS.products, times: 1 });
    const run = await runSync(app, 'products');
    app.sandbox.control.clearFaults();
    expect(run).toMatchObject({ status: 'failed', done: 0, unlisted: 0 });
    expect(run.message).toContain('海尔开放平台');
    expect(await productOf(app, 'GEN000250')).toMatchObject({ isSales: true });
  });
});

describe('schedules', () => {
  it('fire by themselves, once over two processes, and are read again when they change', async () => {
    app.sandbox.control.haier.generate(1);
    const config = app.strapi.config.get<Record<string, unknown>>('plugin::haier-integration');
    app.strapi.config.set('plugin::haier-integration', { ...config, runsJobs: true });
    const never = { products: '', prices: '', stock: '', logistics: '' };
    await writeSettings(app, { schedules: never });
    const processes = [otherProcess(app), otherProcess(app)];
    const before = await countRows({ trigger: 'schedule' });
    for (const process of processes) process.start();
    await writeSettings(app, { schedules: { ...never, products: '* * * * * *' } });
    const fired = async (): Promise<{ scheduleKey: string; status: string }[]> =>
      app.strapi.db
        .query(RUN_UID)
        .findMany({ where: { trigger: 'schedule' }, offset: before, orderBy: { id: 'asc' } });
    const deadline = Date.now() + 60_000;
    while ((await fired()).length < 3 && Date.now() < deadline) await new Promise(setImmediate);
    await writeSettings(app, { schedules: never });
    for (const process of processes) await process.stop();
    app.strapi.config.set('plugin::haier-integration', config);
    const keys = (await fired()).map(({ scheduleKey }) => scheduleKey);
    expect(keys.length).toBeGreaterThanOrEqual(3);
    expect(new Set(keys).size).toBe(keys.length);
    for (const key of keys) expect(key).toMatch(/^products@\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  }, 90_000);
});
