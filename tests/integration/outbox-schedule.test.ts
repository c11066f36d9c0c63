import type { OutboxMessage, Worker } from '../../src/platform/outbox';
import type { ClockJob, JobTurn } from '../../src/platform/schedule';
import { compiled, startApp, type TestApp } from '../support/app';

type Outbox = typeof import('../../src/platform/outbox');
type Database = typeof import('../../src/platform/database');
type Schedule = typeof import('../../src/platform/schedule');

const HOUR_MS = 3_600_000;

let app: TestApp;
let outbox: Outbox;
let database: Database;
let schedule: Schedule;
const workers: Worker[] = [];

beforeAll(async () => {
  app = await startApp();
  outbox = compiled<Outbox>('src/platform/outbox');
  database = compiled<Database>('src/platform/database');
  schedule = compiled<Schedule>('src/platform/schedule');
});
beforeEach(() => rows().delete());
afterEach(() => Promise.all(workers.splice(0).map((worker) => worker.stop(0))));
afterAll(() => app.stop());

const rows = () => database.query(outbox.OUTBOX_UID);
const read = async (): Promise<OutboxMessage[]> =>
  database.fetchRows<OutboxMessage>(outbox.OUTBOX_UID, rows().orderBy('id'));
const now = (): number =>
  compiled<typeof import('../../src/platform/clock')>('src/platform/clock').clock.now().getTime();

function worker(jobs: ClockJob[], told: string[] = [], maxAttempts = 12): Worker {
  const made = outbox.createWorker({
    topics: schedule.jobTopics(jobs),
    onDead: (_tx, _message, error) => Promise.resolve(void told.push(error.message)),
    log: { warn: () => undefined, error: () => undefined },
    maxAttempts,
  });
  workers.push(made);
  return made;
}

const hourly = (run: (turn: JobTurn) => Promise<void>, more: Partial<ClockJob> = {}): ClockJob =>
  ({ topic: 'test.hourly', everyMs: HOUR_MS, run, ...more }) as ClockJob;
const nothing = (): Promise<void> => Promise.resolve();

describe('jobs of the clock', () => {
  it('stand in the outbox once, however many processes start together and however often', async () => {
    const jobs = [hourly(nothing), { topic: 'test.daily', dailyAt: '10:00', run: nothing }];
    await Promise.all(Array.from({ length: 8 }, () => schedule.scheduleJobs(jobs)));
    await schedule.scheduleJobs(jobs);
    expect((await read()).map(({ topic }) => topic).sort()).toEqual(['test.daily', 'test.hourly']);
    const refused: unknown = await database
      .inTransaction((tx) =>
        outbox.enqueue(tx, [{ topic: 'test.hourly', payload: {}, key: 'clock:test.hourly' }]),
      )
      .catch((error: unknown) => error);
    expect(database.isUniqueViolation(refused)).toBe(true);
  });

  it('replace the rows of an older version', async () => {
    await database.inTransaction((tx) =>
      outbox.enqueue(tx, [
        { topic: 'test.hourly', payload: {}, key: 'hourly' },
        { topic: 'test.hourly', payload: {} },
      ]),
    );
    await schedule.scheduleJobs([hourly(nothing)]);
    const left = (await read()).filter(({ status }) => status !== 'done');
    expect(left.map(({ key }) => key)).toEqual(['clock:test.hourly']);
  });

  it('run once over all processes, never beside themselves, and put themselves off', async () => {
    let active = 0;
    let runs = 0;
    const job = hourly(async () => {
      expect((active += 1)).toBe(1);
      runs += 1;
      await new Promise((resolve) => setTimeout(resolve, 30));
      active -= 1;
    });
    await schedule.scheduleJobs([job]);
    await app.advance(2 * 60_000);
    await Promise.all(Array.from({ length: 4 }, () => worker([job]).drain()));
    expect(runs).toBe(1);
    const [row] = await read();
    expect(row).toMatchObject({ status: 'pending', attempts: 0 });
    expect((row?.availableAt.getTime() ?? 0) - now()).toBeGreaterThan(HOUR_MS - 60_000);
  });

  it('make up once for the turns nobody was there for, and go on where they stopped', async () => {
    const turns: { late: number; page: unknown }[] = [];
    let mustCrash = true;
    const job = hourly(async ({ state, save, dueAt }) => {
      turns.push({ late: Math.round((now() - dueAt.getTime()) / HOUR_MS), page: state.page });
      await save({ page: Number(state.page ?? 0) + 1 });
      if (mustCrash) throw new Error('the process fell over');
    });
    await schedule.scheduleJobs([job]);
    await app.advance(10 * HOUR_MS);
    await worker([job]).drain();
    mustCrash = false;
    await app.advance(60_000);
    await worker([job]).drain();
    await worker([job]).drain();
    expect(turns.map(({ page }) => page)).toEqual([undefined, 1]);
    expect(turns[0]?.late).toBe(10);
    expect((await read())[0]).toMatchObject({ status: 'pending', payload: { page: 2 } });
  });

  it('that fail for good are told to staff and come again at their next time', async () => {
    const told: string[] = [];
    const job = hourly(() => Promise.reject(new Error('no bill yet')));
    await schedule.scheduleJobs([job]);
    await app.advance(2 * 60_000);
    await worker([job], told, 1).drain();
    expect(told).toEqual(['no bill yet']);
    const [row] = await read();
    expect(row).toMatchObject({ status: 'pending', attempts: 0, lastError: 'no bill yet' });
    expect((row?.availableAt.getTime() ?? 0) - now()).toBeGreaterThan(HOUR_MS - 60_000);
  });

  it('come again at their next time though the worker died every time', async () => {
    const told: string[] = [];
    await schedule.scheduleJobs([hourly(nothing)]);
    await rows().update({
      status: 'running',
      attempts: 3,
      locked_by: 'a worker that died',
      locked_until: new Date(now() - 1_000),
    });
    await worker([hourly(nothing)], told, 3).drain();
    expect(told).toHaveLength(1);
    const [row] = await read();
    expect(row).toMatchObject({ status: 'pending', attempts: 0 });
    expect((row?.availableAt.getTime() ?? 0) - now()).toBeGreaterThan(HOUR_MS - 60_000);
  });

  it('come earlier when their timetable says so', async () => {
    await schedule.scheduleJobs([hourly(nothing)]);
    await app.advance(2 * 60_000);
    await worker([hourly(nothing)]).drain();
    await schedule.scheduleJobs([hourly(nothing, { everyMs: 60_000 } as Partial<ClockJob>)]);
    expect(((await read())[0]?.availableAt.getTime() ?? 0) - now()).toBeLessThanOrEqual(70_000);
  });

  it('keep Beijing time', () => {
    const at = (time: string, from: string) => schedule.nextBeijingTime(time, new Date(from)).toISOString();
    expect(at('10:00', '2026-03-01T01:59:59Z')).toBe('2026-03-01T02:00:00.000Z');
    expect(at('10:00', '2026-03-01T02:00:00Z')).toBe('2026-03-02T02:00:00.000Z');
    expect(at('03:30', '2026-12-31T20:00:00Z')).toBe('2027-01-01T19:30:00.000Z');
    expect(() => at('24:00', '2026-03-01T00:00:00Z')).toThrow('no time of day');
  });
});

describe('readiness', () => {
  const ready = async () => {
    const answer = await fetch(`${app.url}/readyz`);
    return {
      status: answer.status,
      outbox: ((await answer.json()) as { checks: Record<string, Record<string, unknown>> }).checks.outbox,
    };
  };
  const send = (topic: string, key?: string) =>
    database.inTransaction((tx) => outbox.enqueue(tx, [{ topic, payload: {}, key }]));

  it('says how late the work is, and stays', async () => {
    await send('refund.submit');
    await app.advance(HOUR_MS);
    expect(await ready()).toMatchObject({
      status: 200,
      outbox: { ok: true, ageSeconds: 3_600, message: expect.stringContaining('waiting') },
    });
  });

  it('counts nothing that nobody could take: a topic of another version, a follower, a dead message', async () => {
    await send('topic.of-tomorrow');
    await send('refund.submit', 'refund:1');
    await rows().where('topic', 'refund.submit').update({ status: 'dead' });
    await send('refund.check', 'refund:1');
    await compiled<typeof import('../../src/worker')>('src/worker').shopWorker().drain();
    expect((await read()).map(({ status }) => status)).toEqual(['pending', 'dead', 'blocked']);
    await app.advance(HOUR_MS);
    expect(await ready()).toMatchObject({ status: 200, outbox: { ageSeconds: 0 } });
  });
});

describe('housekeeping', () => {
  it('forgets done messages after a week, batch by batch, and keeps the dead', async () => {
    const old = new Date(now() - 8 * 24 * HOUR_MS);
    const some = Array.from({ length: 250 }, () => ({ topic: 'test.old', payload: {} }));
    for (let turn = 0; turn < 10; turn += 1) await database.inTransaction((tx) => outbox.enqueue(tx, some));
    await rows().update({ status: 'done', updated_at: old });
    await rows().whereIn('id', rows().select('id').limit(2)).update({ status: 'dead' });
    await rows()
      .whereIn('id', rows().where('status', 'done').select('id').limit(1))
      .update({ updated_at: new Date(now()) });
    const { removeExpired } = compiled<typeof import('../../src/housekeeping')>('src/housekeeping');
    await removeExpired({ signal: new AbortController().signal });
    expect((await read()).map(({ status }) => status).sort()).toEqual(['dead', 'dead', 'done']);
  });
});
