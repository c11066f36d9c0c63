/** PostgreSQL only: processes that start together on one empty database, and one that is killed while it migrates. */
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Client } from 'pg';

import { DIST, freshSecrets, PROJECT_ROOT } from '../support/boot';
import type { NodeProcess } from '../support/hostile-process';
import { createDatabase, databaseUrl, dropDatabase } from '../support/postgres';
import { pause } from '../support/seeds';
import { type Role, runRole } from '../support/shop-process';

/** Takes its time, and would be found out by a second row or by a table that is there already. */
const MIGRATION = `module.exports = {
  async up(knex) {
    await knex.raw('create table shop_test_migrated (pid integer)');
    await knex.raw('select pg_sleep(2)');
    await knex.raw('insert into shop_test_migrated select pg_backend_pid()');
  },
};`;

/** A copy with one migration more: Strapi looks for them where the project's `tsconfig.json` says. Inside the project, so that it
 * finds the same packages. */
const copy = join(PROJECT_ROOT, '.tmp', `start-together-${randomBytes(4).toString('hex')}`);
function copyProject(): void {
  cpSync(DIST, join(copy, 'dist'), { recursive: true });
  for (const name of ['package.json', 'tsconfig.json']) cpSync(join(PROJECT_ROOT, name), join(copy, name));
  for (const name of ['src', 'public']) symlinkSync(join(PROJECT_ROOT, name), join(copy, name));
  const migrations = join(copy, 'dist/database/migrations');
  mkdirSync(migrations, { recursive: true });
  writeFileSync(join(migrations, '2026.01.01T00.00.00.test.js'), MIGRATION);
}
const secrets = freshSecrets();
let database: string;
let client: Client;
const running: NodeProcess[] = [];

beforeAll(copyProject);
afterAll(() => rmSync(copy, { recursive: true, force: true }));
beforeEach(async () => {
  database = `shop_together_${randomBytes(5).toString('hex')}`;
  await createDatabase(database);
  client = new Client({ connectionString: databaseUrl(database) });
  await client.connect();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((child) => child.stop()));
  await client.end();
  await dropDatabase(database);
});

function start(role: Role): NodeProcess {
  const variables = {
    ...secrets,
    HOST: '127.0.0.1',
    DATABASE_CLIENT: 'postgres',
    DATABASE_URL: databaseUrl(database),
    DATABASE_POOL_MIN: '0',
    SANDBOX: 'false',
    SEED_DEMO: 'false',
    STRAPI_TELEMETRY_DISABLED: 'true',
  };
  const child = runRole(role, variables, [copy, join(copy, 'dist')]);
  running.push(child);
  return child;
}

async function untilServing(child: NodeProcess): Promise<void> {
  const { port } = (await child.message()) as { port: number };
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
  expect([answer.status, child.isAlive()]).toEqual([200, true]);
}

const numberOf = async (sql: string): Promise<number> =>
  Number((await client.query<{ n: string }>(`select count(*) as n from ${sql}`)).rows[0]?.n);

async function until(what: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await what())) {
    if (Date.now() > deadline) throw new Error('it did not come to that');
    await pause(10);
  }
}

/** Everything a start writes once is there once, and nothing is missing. */
async function expectWhole(): Promise<void> {
  expect(await numberOf('shop_test_migrated')).toBe(1);
  for (const table of ['strapi_migrations', 'strapi_migrations_internal']) {
    const names = await client.query<{ name: string; n: string }>(
      `select name, count(*) as n from ${table} group by name having count(*) > 1`,
    );
    expect([table, names.rows]).toEqual([table, []]);
    expect(await numberOf(table)).toBeGreaterThan(0);
  }
  expect(await numberOf('i18n_locale')).toBe(2);
  for (const [table, column] of [
    ['up_roles', 'type'],
    ['admin_roles', 'code'],
    ['outbox_messages', 'key'],
    ['i18n_locale', 'code'],
  ])
    expect([
      table,
      (await client.query(`select ${column} from ${table} group by 1 having count(*) > 1`)).rows,
    ]).toEqual([table, []]);
}

describe('processes of one shop', () => {
  it('start together on an empty database: each migration runs once, and all of them serve', async () => {
    const all = [start('web'), start('worker'), start('all')];
    await Promise.all(all.map(untilServing));
    await expectWhole();
    expect(all.map((child) => child.output()).join('')).not.toMatch(/error/i);
    // Nobody is kept waiting for longer than the start of those ahead.
    expect(
      await numberOf(
        "pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())",
      ),
    ).toBe(0);
  });

  it('complete what one left behind that was killed while it laid the tables', async () => {
    const first = start('web');
    await until(
      async () =>
        (await numberOf(
          "pg_stat_activity where datname = current_database() and query ilike 'create table%'",
        )) > 0,
    );
    await first.stop();
    await untilServing(start('web'));
    await expectWhole();
  });

  it('complete what one left behind that was killed in the middle of a migration, also when others wait', async () => {
    const first = start('web');
    await until(
      async () =>
        (await numberOf(
          "pg_stat_activity where datname = current_database() and state = 'active' and query ilike 'select pg_sleep%'",
        )) > 0,
    );
    const others = [start('web'), start('worker')];
    await first.stop();
    await Promise.all(others.map(untilServing));
    await expectWhole();
  });
});
