import type { Topic, WorkerOptions } from '../../src/platform/outbox';
import { startApp, type TestApp } from '../support/app';
import { gate, type Handle, message, outboxSuite } from '../support/outbox-suite';
import { pause } from '../support/seeds';

let app: TestApp;
let suite: ReturnType<typeof outboxSuite>;

beforeAll(async () => {
  app = await startApp();
  suite = outboxSuite();
  await suite.clean();
});
afterEach(() => suite.clean());
afterAll(() => app.stop());

describe('a worker', () => {
  it('does money first, however many deadlines and slow messages there are', async () => {
    const slow = gate();
    const seen: string[] = [];
    await suite.send(Array.from({ length: 200 }, () => message('t.expire')));
    await suite.send([message('t.slow'), message('t.slow'), message('t.refund')]);
    const note =
      (name: string): Handle =>
      () =>
        Promise.resolve(void seen.push(name));
    suite
      .worker({
        't.expire': {
          lane: 'deadline',
          handle: async () => {
            seen.push('expire');
            await slow.wait;
          },
        },
        't.slow': () => slow.wait,
        't.refund': note('refund'),
      })
      .start();
    await suite.until(() => seen.includes('refund'));
    expect(seen.filter((name) => name === 'expire').length).toBeLessThan(20);
    slow.open();
    await suite.until(async () => (await suite.statuses()).every((status) => status === 'done'));
    expect(seen.filter((name) => name === 'expire')).toHaveLength(200);
  });

  it('lets no slow message hold up another of its own lane', async () => {
    const slow = gate();
    let quick = 0;
    await suite.send([message('t.slow'), ...Array.from({ length: 60 }, () => message('t.quick'))]);
    suite.worker({ 't.slow': () => slow.wait, 't.quick': () => Promise.resolve(void (quick += 1)) }).start();
    await suite.until(() => quick === 60);
    slow.open();
  });

  it('leaves topics alone that it does not know', async () => {
    await suite.send([message('t.known'), message('t.of-tomorrow')]);
    expect(await suite.worker({ 't.known': () => Promise.resolve() }).drain()).toBe(1);
    expect((await suite.read()).map(({ topic, status, attempts }) => [topic, status, attempts])).toEqual([
      ['t.known', 'done', 1],
      ['t.of-tomorrow', 'pending', 0],
    ]);
  });

  it('gives a handler its time and no more, and tells it', async () => {
    let told = false;
    await suite.send([message('t.hangs')]);
    const hangs: Topic = {
      lane: 'money',
      timeLimitMs: 50,
      handle: (_, { signal }) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => {
            told = true;
            reject(signal.reason as Error);
          }),
        ),
    };
    await suite.worker({ 't.hangs': hangs }).drain();
    const [row] = await suite.read();
    expect(told).toBe(true);
    expect(row).toMatchObject({
      status: 'pending',
      attempts: 1,
      lastError: expect.stringContaining('50 ms'),
    });
  });

  it('keeps what takes longer than the lease, with a second worker waiting for it', async () => {
    let runs = 0;
    const slow = gate();
    await suite.send([message('t.long')]);
    const handle: Handle = async () => {
      runs += 1;
      await slow.wait;
    };
    suite.worker({ 't.long': handle }, { leaseMs: 1_000 }).start();
    suite.worker({ 't.long': handle }, { leaseMs: 1_000 }).start();
    await pause(2_500);
    slow.open();
    await suite.until(async () => (await suite.statuses())[0] === 'done');
    expect(runs).toBe(1);
  });

  it('takes over what a dead worker held, and what that one still says counts no more', async () => {
    const first = gate();
    const second = gate();
    await suite.send([message('t.once')]);
    // It never started, so it renews nothing: as good as dead.
    const dying = suite.worker({ 't.once': () => first.wait }, { leaseMs: 50 });
    const drained = dying.drain();
    await suite.until(async () => (await suite.statuses())[0] === 'running');
    suite.worker({ 't.once': () => second.wait }, { leaseMs: 3_000 }).start();
    await suite.until(async () => (await suite.read())[0]?.attempts === 2);
    first.open();
    await drained;
    expect((await suite.read())[0]).toMatchObject({ status: 'running', attempts: 2 });
    second.open();
    await suite.until(async () => (await suite.statuses())[0] === 'done');
  });

  it('ends in time when it is stopped, and hands back the rest untouched', async () => {
    const seen: number[] = [];
    const never = gate();
    await suite.send(Array.from({ length: 30 }, (_, n) => ({ ...message('t.some', undefined, n) })));
    const stopped = suite.worker({
      't.some': {
        lane: 'deadline',
        handle: async ({ payload }) => {
          if (payload.n === 0) return;
          await never.wait;
          seen.push(payload.n as number);
        },
      },
    });
    stopped.start();
    await suite.until(
      async () => (await suite.statuses()).includes('done') && (await suite.statuses()).includes('running'),
    );
    const from = Date.now();
    await stopped.stop(100);
    expect(Date.now() - from).toBeLessThan(6_000);
    const after = await suite.read();
    expect(after.filter(({ status }) => status === 'done')).toHaveLength(1);
    expect(
      after.filter(
        ({ status, attempts, lockedBy }) => status === 'pending' && attempts === 0 && lockedBy === null,
      ),
    ).toHaveLength(29);
    expect(await suite.worker({ 't.some': () => Promise.resolve() }).drain()).toBe(29);
    expect(seen).toEqual([]);
  });

  it('works outside the request and the transaction that woke it', async () => {
    const inside: boolean[] = [];
    const handle: Handle = () => Promise.resolve(void inside.push(suite.database.isInTransaction()));
    const awake = suite.worker({ 't.woken': handle }, { pollMs: 60_000 });
    await suite.database.inTransaction(() => Promise.resolve(awake.start()));
    await app.strapi.db.transaction(async () => {
      await suite.send([message('t.woken')]);
      await pause(50);
      expect(inside).toEqual([]);
    });
    await suite.until(() => inside.length === 1);
    expect(inside).toEqual([false]);
  });
});

describe('messages with one key', () => {
  it('are worked in the order they were written, also by several workers and when one of them fails', async () => {
    const seen: number[] = [];
    let active = 0;
    let failures = 1;
    await suite.send(Array.from({ length: 12 }, (_, n) => message('t.keyed', 'k:one', n)));
    const handle: Handle = async ({ payload }) => {
      active += 1;
      expect(active).toBe(1);
      await pause(3);
      active -= 1;
      if (payload.n === 2 && failures > 0) {
        failures -= 1;
        throw new Error('not yet');
      }
      seen.push(payload.n as number);
    };
    for (let turn = 0; turn < 3; turn += 1) suite.worker({ 't.keyed': handle }).start();
    await suite.until(async () => (await suite.statuses()).every((status) => status === 'done'), 30_000);
    expect(seen).toEqual(Array.from({ length: 12 }, (_, n) => n));
  });

  it('wait behind a dead one, cost nobody a look meanwhile, and follow in order when it is replayed', async () => {
    let isBroken = true;
    const seen: number[] = [];
    await suite.send([0, 1, 2].map((n) => message('t.keyed', 'k:dead', n)));
    await suite.send([message('t.keyed', 'k:other', 9)]);
    const keyed = suite.worker(
      {
        't.keyed': ({ payload }) => {
          if (isBroken && payload.n === 0) return Promise.reject(new Error('broken'));
          seen.push(payload.n as number);
          return Promise.resolve();
        },
      },
      { maxAttempts: 1 },
    );
    await keyed.drain();
    expect(await suite.statuses()).toEqual(['dead', 'blocked', 'blocked', 'done']);
    isBroken = false;
    expect(await suite.outbox.replayTopic('t.keyed')).toBe(1);
    await keyed.drain();
    expect(await suite.statuses()).toEqual(['done', 'done', 'done', 'done']);
    expect(seen).toEqual([9, 0, 1, 2]);
  });
});

describe('a message that is given up', () => {
  const dead = async () => (await suite.read()).filter(({ status }) => status === 'dead').length;

  it('kills no worker for ever: after its tries it is dead without being begun again', async () => {
    const told: number[] = [];
    let begun = 0;
    await suite.send([message('t.poison')]);
    await suite.rows().update({
      status: 'running',
      attempts: 3,
      locked_by: 'a worker that died',
      locked_until: new Date(Date.now() - 1_000),
    });
    const onDead: WorkerOptions['onDead'] = (_tx, { id }) => Promise.resolve(void told.push(id));
    await suite
      .worker({ 't.poison': () => Promise.resolve(void (begun += 1)) }, { maxAttempts: 3, onDead })
      .drain();
    expect([await dead(), told.length, begun]).toEqual([1, 1, 0]);
  });

  it('is dead exactly when staff were told, and never takes others down', async () => {
    let mayTell = false;
    await suite.send([message('t.fails'), message('t.works'), message('t.works')]);
    const onDead: WorkerOptions['onDead'] = async (tx, { id }) => {
      await tx('outbox_messages').where({ id }).update({ last_error: 'told' });
      if (!mayTell) throw new Error('cannot tell');
    };
    const made = suite.worker(
      { 't.fails': () => Promise.reject(new Error('always')), 't.works': () => Promise.resolve() },
      { maxAttempts: 1, onDead, leaseMs: 100 },
    );
    await made.drain();
    expect((await suite.statuses()).sort()).toEqual(['done', 'done', 'running']);
    expect((await suite.read())[0]?.lastError).toBeNull();
    mayTell = true;
    await pause(150);
    await made.drain();
    expect((await suite.read())[0]).toMatchObject({ status: 'dead', lastError: 'told' });
  });
});
