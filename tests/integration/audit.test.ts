import { join } from 'node:path';

import type { Knex } from 'knex';

import { APPEND_ONLY_TABLES, appendOnlyTrigger, CHECKS, UNIQUE_INDEXES } from '../../database/declared';
import { compiled, startApp, type TestApp } from '../support/app';
import { liftRules } from '../support/audit-fault';
import { ORDER_FAULTS, STOCK_FAULTS } from '../support/audit-faults';
import { HAIER_FAULTS } from '../support/audit-haier-faults';
import { MONEY_FAULTS, PROMISE_FAULTS } from '../support/audit-money-faults';
import { type AuditWorld, createAuditWorld } from '../support/audit-world';
import { DIST, PROJECT_ROOT } from '../support/boot';
import { runNode } from '../support/hostile-process';

let app: TestApp;
let world: AuditWorld;
let audit: typeof import('../../src/audit');
let now: () => Date;

beforeAll(async () => {
  app = await startApp();
  world = await createAuditWorld(app);
  audit = compiled('src/audit');
  const { clock } = compiled<typeof import('../../src/platform/clock')>('src/platform/clock');
  now = () => clock.now();
  // A whole shop's life is played first.
}, 180_000);
afterAll(() => app?.stop());

const isPostgres = (): boolean => app.strapi.db.dialect.client === 'postgres';

/** Runs `work` in a transaction that never happened. */
async function undone(work: (db: Knex) => Promise<void>): Promise<void> {
  const transaction = await app.strapi.db.connection.transaction();
  try {
    await work(transaction);
  } finally {
    await transaction.rollback();
  }
}

const rulesThatFound = async (db: Knex): Promise<string[]> => {
  const { findings } = await audit.auditShop(db, now());
  return [...new Set(findings.map(({ rule }) => rule))].filter((rule) => rule !== 'database.rules');
};

describe('the audit', () => {
  it('finds nothing in a shop where every place of an order’s life is taken', async () => {
    const statuses = await app.strapi.db.connection('orders').distinct('status').pluck('status');
    expect(statuses.sort()).toEqual([
      'cancelled',
      'completed',
      'paid',
      'pending',
      'refunded',
      'refunding',
      'shipped',
    ]);
    const report = await audit.auditShop(app.strapi.db.connection, now());
    expect(report.findings.map(audit.describeFinding)).toEqual([]);
    expect(report.rules).toBeGreaterThan(30);
  });

  it.each([...STOCK_FAULTS, ...ORDER_FAULTS, ...MONEY_FAULTS, ...HAIER_FAULTS, ...PROMISE_FAULTS])(
    'finds $name',
    async ({ foundBy, inject }) => {
      await undone(async (db) => {
        await liftRules(db);
        await inject(db, world);
        expect(await rulesThatFound(db)).toEqual(expect.arrayContaining(foundBy));
      });
    },
  );

  it('finds what the database no longer refuses', async () => {
    await undone(async (db) => {
      await liftRules(db);
      const { findings } = await audit.auditShop(db, now());
      const missing = findings.filter(({ rule }) => rule === 'database.rules').map(({ subject }) => subject);
      const suffixes = (moments: string[]) => (isPostgres() ? [''] : moments.map((moment) => `_${moment}`));
      expect(missing.sort()).toEqual(
        [
          ...UNIQUE_INDEXES.map(({ name }) => name),
          ...CHECKS.flatMap(({ name }) => suffixes(['insert', 'update']).map((end) => `${name}${end}`)),
          ...APPEND_ONLY_TABLES.flatMap((table) =>
            suffixes(['update', 'delete']).map((end) => `${appendOnlyTrigger(table)}${end}`),
          ),
        ].sort(),
      );
    });
  });

  it('lists no more findings of a rule than it was told to, and says so', async () => {
    await undone(async (db) => {
      await liftRules(db);
      await db('order_histories').update({ actor_id: null });
      const { findings, cutShort } = await audit.auditShop(db, now(), 3);
      expect(findings.filter(({ rule }) => rule === 'history.actor')).toHaveLength(3);
      expect(cutShort).toContain('history.actor');
    });
  });
});

describe('the repair', () => {
  const items = (db: Knex) => db('inventory_items').where({ product_document_id: world.product });

  it('mends counters from the ledger and the paid orders, and writes down that it did', async () => {
    const db = app.strapi.db.connection;
    const before = await items(db).first('on_hand', 'locked');
    const sold = await db('products').where({ document_id: world.product }).first('sales_count');
    await items(db).update({ on_hand: 500, locked: 1 });
    await db('products').where({ document_id: world.product }).update({ sales_count: 4_000 });
    const repairs = await audit.repairCounters(db);
    expect(repairs.map(({ rule, product, isDone }) => ({ rule, product, isDone }))).toEqual([
      { rule: 'stock.figures', product: world.product, isDone: true },
      { rule: 'stock.sales-count', product: world.product, isDone: true },
    ]);
    expect(await items(db).first('on_hand', 'locked')).toEqual(before);
    expect(await db('products').where({ document_id: world.product }).first('sales_count')).toEqual(sold);
    expect(
      await db('inventory_logs').where({ operator: 'system:audit' }).select('quantity', 'reason'),
    ).toEqual([{ quantity: 0, reason: expect.stringContaining(`on hand 500 → ${before.on_hand}`) }]);
    expect((await audit.auditShop(db, now())).findings.map(audit.describeFinding)).toEqual([]);
  });

  it('leaves alone what only a person can judge', async () => {
    await undone(async (db) => {
      await liftRules(db);
      await db('inventory_logs').where({ order_id: world.orders.pending }).delete();
      const before = await items(db).first('on_hand', 'locked');
      expect(await audit.repairCounters(db)).toEqual([
        expect.objectContaining({ rule: 'stock.figures', isDone: false }),
      ]);
      expect(await items(db).first('on_hand', 'locked')).toEqual(before);
    });
  });
});

describe('the nightly run', () => {
  const findings = () =>
    app.strapi.db
      .connection('audit_findings')
      .where({ rule: 'stock.figures' })
      .orderBy('id')
      .select('status', 'invariant', 'first_seen_at', 'last_seen_at');
  const notices = async (): Promise<number> => {
    const [{ count }] = await app.strapi.db
      .connection('notifications')
      .where({ audience: 'staff', title: '夜间核查发现新的数据问题，请处理' })
      .count({ count: '*' });
    return Number(count);
  };

  it('writes what it finds for staff, tells them once, and notes when it is gone', async () => {
    const db = app.strapi.db.connection;
    const item = db('inventory_items').where({ product_document_id: world.product });
    await audit.auditNightly();
    expect([await findings(), await notices()]).toEqual([[], 0]);
    await item.clone().increment('on_hand', 1);
    await audit.auditNightly();
    await app.advance(60_000);
    await audit.auditNightly();
    const [open] = await findings();
    expect(open).toMatchObject({ status: 'open', invariant: 2 });
    expect(Number(new Date(open.last_seen_at))).toBeGreaterThan(Number(new Date(open.first_seen_at)));
    expect(await notices()).toBe(1);
    await audit.repairCounters(db);
    await audit.auditNightly();
    expect((await findings()).map(({ status }) => status)).toEqual(['gone']);
    await item.clone().increment('on_hand', 1);
    await audit.auditNightly();
    expect((await findings()).map(({ status }) => status)).toEqual(['gone', 'open']);
    expect(await notices()).toBe(2);
    await audit.repairCounters(db);
    await audit.auditNightly();
  });

  it('is a job of the clock', () => {
    const { CLOCK_JOBS } = compiled<typeof import('../../src/worker')>('src/worker');
    expect(CLOCK_JOBS.map(({ topic }) => topic)).toContain('audit.run');
  });
});

describe('npm run audit', () => {
  const run = (...args: string[]) => runWith({}, ...args);
  const runWith = async (variables: Record<string, string>, ...args: string[]) => {
    const child = runNode(
      'import(process.argv[1]).then((m) => m.main(process.argv.slice(2)))',
      [join(PROJECT_ROOT, 'scripts/lib/audit-command.mjs'), ...args],
      { SHOP_DIST: DIST, ...variables },
    );
    return { code: await child.ended, output: child.output() };
  };

  it('says that all is well, or what is not, and mends counters when asked to', async () => {
    const well = await run();
    expect(well).toEqual({ code: 0, output: expect.stringMatching(/一切正常.*All well/) });
    for (const zone of ['Asia/Shanghai', 'America/New_York'])
      expect(await runWith({ TZ: zone })).toMatchObject({ code: 0 });
    await app.strapi.db
      .connection('inventory_items')
      .where({ product_document_id: world.product })
      .increment('on_hand', 1);
    const found = await run();
    expect(found).toEqual({
      code: 1,
      output: expect.stringMatching(/\[2\] stock\.figures inventory_items#\d+/),
    });
    const { code, output } = await run('--json', '--repair');
    const report = JSON.parse(output.slice(output.indexOf('{')));
    expect([code, report.findings, report.repairs]).toEqual([
      0,
      [],
      [expect.objectContaining({ rule: 'stock.figures', isDone: true })],
    ]);
  });

  it('answers 2 when it cannot run', async () => {
    expect(await run('--everything')).toEqual({ code: 2, output: expect.stringMatching(/不认识的参数/) });
    expect(await runWith({ PORT: 'x', TRUST_PROXY: 'abc' })).toEqual({
      code: 2,
      output: expect.stringMatching(/^✗ 设置有误[^]*\n {2}- PORT must [^]*\n {2}- TRUST_PROXY must /),
    });
    const before = { url: process.env.DATABASE_URL, file: process.env.DATABASE_FILENAME };
    Object.assign(process.env, {
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
      DATABASE_FILENAME: '.data/there-is-no-such.db',
    });
    try {
      expect(await run()).toEqual({
        code: 2,
        output: expect.stringMatching(/✗ (无法核查数据库|数据库文件不存在)/),
      });
    } finally {
      if (before.url !== undefined) process.env.DATABASE_URL = before.url;
      if (before.file !== undefined) process.env.DATABASE_FILENAME = before.file;
    }
  });
});
