/** PostgreSQL only: workers in processes of their own, killed at random while they work. */
import { noteFlood } from '../support/flood-report';
import { saidByItself } from '../support/logged';
import { compiled, startApp, type TestApp } from '../support/app';
import { type OutboxProcess, startCounting } from '../support/outbox-process';
import { dice, isLongRun, pause, seedsToRun } from '../support/seeds';

type Outbox = typeof import('../../src/platform/outbox');
type Database = typeof import('../../src/platform/database');

const MESSAGES = isLongRun ? 10_000 : 3_000;
const KEYED = MESSAGES / 10;
const KEYS = 20;
const PROCESSES = isLongRun ? 3 : 2;
const KILLS = isLongRun ? 12 : 2;
/** Long enough for a busy machine: a worker that only stands still must not be taken for dead. */
const LEASE_MS = 4_000;
const SETTLED_WITHIN_MS = isLongRun ? 900_000 : 60_000;

let app: TestApp;
let outbox: Outbox;
let database: Database;

beforeAll(async () => {
  app = await startApp();
  outbox = compiled<Outbox>('src/platform/outbox');
  database = compiled<Database>('src/platform/database');
  const { connection } = app.strapi.db;
  await connection.raw('create table test_runs (message_id int)');
  await connection.raw(
    'create table test_effects (place serial, message_id int primary key, key text, n int)',
  );
});
afterAll(() => app.stop());

const ask = async <T>(sql: string): Promise<T[]> =>
  ((await app.strapi.db.connection.raw(sql)) as { rows: T[] }).rows;
const one = async (sql: string): Promise<number> =>
  Number((await ask<{ count: number }>(sql))[0]?.count ?? NaN);
const unfinished = () =>
  one("select count(*) from outbox_messages where status <> 'done' and topic like 't.%'");

async function send(): Promise<void> {
  const messages = Array.from({ length: MESSAGES }, (_, n) =>
    n < KEYED
      ? { topic: 't.keyed', payload: { n }, key: `key:${n % KEYS}` }
      : { topic: 't.count', payload: { n } },
  );
  for (let from = 0; from < messages.length; from += 500)
    await database.inTransaction((tx) => outbox.enqueue(tx, messages.slice(from, from + 500)));
}

/** Kills whoever works, at random moments, and starts another in its place, which takes a while. Returns how many died. */
async function killSome(processes: (OutboxProcess | undefined)[], seed: number): Promise<number> {
  const roll = dice(seed);
  const restarts: Promise<void>[] = [];
  try {
    while (restarts.length < KILLS && (await unfinished()) > 0) {
      await pause(roll.int(400));
      const place = roll.int(processes.length);
      const dying = processes[place];
      if (dying === undefined) continue;
      processes[place] = undefined;
      await dying.kill();
      restarts.push(startCounting(LEASE_MS).then((next) => void (processes[place] = next)));
    }
  } finally {
    // Whoever is on the way is in its place before anybody ends them all.
    await Promise.allSettled(restarts);
  }
  await Promise.all(restarts);
  return restarts.length;
}

/** Each takes some minutes. */
const MOST_SEEDS = 3;

it.each(seedsToRun(1).slice(0, MOST_SEEDS))(
  'seed %i: workers are killed at random, and no message is lost, doubled or out of its order',
  async (seed) => {
    await app.strapi.db.connection.raw('truncate test_runs, test_effects');
    await database.query(outbox.OUTBOX_UID).delete();
    const processes: (OutboxProcess | undefined)[] = await Promise.all(
      Array.from({ length: PROCESSES }, () => startCounting(LEASE_MS)),
    );
    try {
      await send();
      const kills = await killSome(processes, seed);
      const deadline = Date.now() + SETTLED_WITHIN_MS;
      while ((await unfinished()) > 0 && Date.now() < deadline) await pause(200);
      const runs = await one('select count(*) from test_runs');
      expect(kills).toBeGreaterThan(0);
      expect(await unfinished()).toBe(0);
      expect(await one('select count(*) from test_effects')).toBe(MESSAGES);
      const disordered = await ask(
        `select * from (select key, n, lag(n) over (partition by key order by place) as before
         from test_effects where key is not null) as follows where before > n`,
      );
      expect(disordered).toEqual([]);
      // What ran again was in the hands of a worker when it was killed: its slots, and ends not yet written down.
      expect(runs - MESSAGES).toBeLessThanOrEqual(kills * 150);
      expect(processes.map((child) => saidByItself(child?.output() ?? '')).join('')).toBe('');
      noteFlood(
        `${MESSAGES} messages, workers killed at random, seed ${seed}`,
        `${PROCESSES} workers, ${kills} kills, ${runs - MESSAGES} messages run again, each effect once`,
      );
    } finally {
      for (const child of processes) await child?.kill();
    }
  },
  SETTLED_WITHIN_MS + 120_000,
);

it(
  'several workers without a death do everything exactly once',
  async () => {
    await app.strapi.db.connection.raw('truncate test_runs, test_effects');
    await database.query(outbox.OUTBOX_UID).delete();
    const processes = await Promise.all(Array.from({ length: PROCESSES }, () => startCounting(30_000)));
    try {
      await send();
      const deadline = Date.now() + SETTLED_WITHIN_MS;
      while ((await unfinished()) > 0 && Date.now() < deadline) await pause(100);
      expect(await one('select count(*) from test_runs')).toBe(MESSAGES);
      expect(await one('select count(*) from test_effects')).toBe(MESSAGES);
    } finally {
      await Promise.all(processes.map((child) => child.kill()));
    }
  },
  SETTLED_WITHIN_MS + 60_000,
);
