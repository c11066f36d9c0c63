import { APPEND_ONLY_TABLES, appendOnlyTrigger, CHECKS, UNIQUE_INDEXES } from '../../database/declared';
import { compiled, startApp, type TestApp } from '../support/app';
import { type AuditWorld, createAuditWorld } from '../support/audit-world';

let app: TestApp;
let world: AuditWorld;

beforeAll(async () => {
  app = await startApp();
  world = await createAuditWorld(app);
  // A whole shop's life is played first.
}, 180_000);
afterAll(() => app?.stop());

const isPostgres = (): boolean => app.strapi.db.dialect.client === 'postgres';

describe('the database itself', () => {
  // The drivers' errors come from outside the test's realm, where `rejects.toThrow` does not know them for errors.
  const refused = async (work: () => PromiseLike<unknown>, says: RegExp) => {
    const outcome = await work().then(
      () => 'done',
      (error: unknown) => String(error),
    );
    expect(outcome).toMatch(says);
  };

  it.each(APPEND_ONLY_TABLES)('lets no row of %s be changed or removed', async (table) => {
    const db = app.strapi.db.connection;
    await refused(() => db(table).update({ created_at: new Date() }), /append-only/);
    await refused(() => db(table).delete(), /append-only/);
  });

  it('refuses a second end of one life in the ledger', async () => {
    const db = app.strapi.db.connection;
    const { id: _, ...row } = await db('inventory_logs').where({ change_type: 'deduct' }).first();
    await refused(
      () => db('inventory_logs').insert({ ...row, document_id: 'x', change_type: 'release' }),
      /shop_unique_inventory_end|UNIQUE constraint failed: inventory_logs.order_id, inventory_logs.life/,
    );
    await refused(
      () => db('inventory_logs').insert({ ...row, document_id: 'x' }),
      /shop_unique_inventory_(log|end)|UNIQUE constraint failed/,
    );
  });

  it('refuses an amount that is not the total less the discount, and stock below what is locked', async () => {
    const db = app.strapi.db.connection;
    await refused(
      () => db('orders').where({ id: world.orders.paid }).update({ actual_amount: 1 }),
      /shop_check_order_amounts/,
    );
    await refused(
      () => db('inventory_items').where({ product_document_id: world.product }).update({ on_hand: 1 }),
      /shop_check_stock/,
    );
  });

  it('is given a rule anew when it says something else than before', async () => {
    const { applyConstraints } =
      compiled<typeof import('../../database/constraints')>('database/constraints');
    const db = app.strapi.db.connection;
    const [{ name, table }] = CHECKS;
    if (isPostgres()) {
      await db.raw(`alter table ${table} drop constraint ${name}`);
      await db.raw(`alter table ${table} add constraint ${name} check (locked >= 0)`);
    } else {
      await db.raw(`drop trigger ${name}_update`);
      await db.raw(`create trigger ${name}_update before update on ${table} begin select 1; end`);
    }
    const overdraw = () => db(table).where({ product_document_id: world.product }).update({ locked: 9_999 });
    await applyConstraints(db, () => undefined);
    await refused(overdraw, new RegExp(name));
  });

  it('is given a rule anew that somebody has switched off', async () => {
    if (!isPostgres()) return;
    const { applyConstraints } =
      compiled<typeof import('../../database/constraints')>('database/constraints');
    const db = app.strapi.db.connection;
    const [{ name, table }] = CHECKS;
    const [index] = UNIQUE_INDEXES;
    const ledger = APPEND_ONLY_TABLES[0];
    const says = "select obj_description(oid, 'pg_constraint') as says from pg_constraint where conname = ?";
    const { rows } = await db.raw(says, [name]);
    await db.raw(`alter table ${ledger} disable trigger ${appendOnlyTrigger(ledger)}`);
    await db.raw('update pg_index set indisvalid = false where indexrelid = to_regclass(?)', [index.name]);
    await db.raw(`alter table ${table} drop constraint ${name}`);
    await db.raw(`alter table ${table} add constraint ${name} check (locked > 99) not valid`);
    await db.raw(`comment on constraint ${name} on ${table} is '${rows[0].says}'`);
    await applyConstraints(db, () => undefined);
    await refused(() => db(ledger).delete(), /append-only/);
    const states = await db.raw(
      `select (select indisvalid from pg_index where indexrelid = to_regclass(?)) as index,
              (select convalidated from pg_constraint where conname = ?) as check`,
      [index.name, name],
    );
    expect(states.rows).toEqual([{ index: true, check: true }]);
  });
});
