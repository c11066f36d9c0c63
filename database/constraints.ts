/**
 * Lays the declared rules over Strapi's tables. Strapi's schema sync knows no CHECK, no partial and no unique index and
 * no trigger, so they come after it, at every start. What a rule says is kept beside it in the database (a comment on
 * PostgreSQL, the statement itself on SQLite): a rule that changed here, or that somebody
 * switched off, is laid anew; one that did not costs a look.
 */
import type { Knex } from 'knex';

import {
  APPEND_ONLY_TABLES,
  appendOnlyTrigger,
  type Check,
  CHECKS,
  UNIQUE_INDEXES,
  type UniqueIndex,
} from './declared';

const ADVISORY_LOCK = 7_210_431;

const indexBody = ({ name, table, columns, ignoresCase, where }: UniqueIndex): string => {
  const list = columns.map((column) => (ignoresCase ? `lower("${column}")` : `"${column}"`)).join(', ');
  return `${name} on ${table} (${list})${where === undefined ? '' : ` where ${where}`}`;
};

/** A text as an SQL literal; `comment on` takes no bindings. */
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** What a rule says in the database: null when it is there and does not hold (disabled, invalid, not validated). */
async function firstRow(
  connection: Knex,
  sql: string,
  bindings: string[],
): Promise<string | null | undefined> {
  const result = (await connection.raw(sql, bindings)) as { rows: { says: string | null }[] };
  return result.rows[0]?.says;
}

async function layIndexOnPostgres(tx: Knex, index: UniqueIndex): Promise<void> {
  const { name } = index;
  const body = indexBody(index);
  const says = await firstRow(
    tx,
    `select case when indisvalid then obj_description(indexrelid, 'pg_class') end as says
     from pg_index where indexrelid = to_regclass(?)`,
    [name],
  );
  if (says === body) return;
  if (says !== undefined) await tx.raw('drop index ??', [name]);
  await tx.raw(`create unique index ${body}`);
  await tx.raw(`comment on index ${name} is ${literal(body)}`);
}

async function layCheckOnPostgres(tx: Knex, { name, table, condition }: Check): Promise<void> {
  const says = await firstRow(
    tx,
    `select case when convalidated then obj_description(oid, 'pg_constraint') end as says from pg_constraint
     where conname = ? and conrelid = to_regclass(?)`,
    [name, table],
  );
  if (says === condition) return;
  if (says !== undefined) await tx.raw('alter table ?? drop constraint ??', [table, name]);
  await tx.raw(`alter table ?? add constraint ?? check (${condition})`, [table, name]);
  await tx.raw(`comment on constraint ${name} on ${table} is ${literal(condition)}`);
}

async function layAppendOnlyOnPostgres(tx: Knex): Promise<void> {
  await tx.raw(`create or replace function shop_refuse_change() returns trigger language plpgsql as $$
    begin raise exception '% is append-only', tg_table_name; end $$`);
  for (const table of APPEND_ONLY_TABLES) {
    const name = appendOnlyTrigger(table);
    const found = await firstRow(
      tx,
      `select case when tgenabled in ('O', 'A') then tgname end as says
       from pg_trigger where tgname = ? and tgrelid = to_regclass(?)`,
      [name, table],
    );
    if (found === name) continue;
    if (found !== undefined) await tx.raw(`drop trigger ${name} on ${table}`);
    await tx.raw(
      `create trigger ${name} before update or delete on ${table} for each row execute function shop_refuse_change()`,
    );
  }
}

async function layOnPostgres(tx: Knex): Promise<void> {
  // Several processes may start at once: one of them lays the rules while the others wait.
  await tx.raw('select pg_advisory_xact_lock(?)', [ADVISORY_LOCK]);
  for (const index of UNIQUE_INDEXES) await layIndexOnPostgres(tx, index);
  for (const check of CHECKS) await layCheckOnPostgres(tx, check);
  await layAppendOnlyOnPostgres(tx);
}

/** SQLite keeps the statement from the name on, as it was written. */
async function layOnSqlite(
  tx: Knex,
  kind: 'unique index' | 'trigger',
  name: string,
  body: string,
): Promise<void> {
  const [found] = (await tx('sqlite_master').where({ name }).select('sql')) as { sql: string }[];
  if (found?.sql.endsWith(body) === true) return;
  if (found !== undefined) await tx.raw(`drop ${kind === 'trigger' ? 'trigger' : 'index'} ${name}`);
  await tx.raw(`create ${kind} ${body}`);
}

/** SQLite cannot add a CHECK to a table that exists; a trigger refuses the same rows. Function names stay as they are. */
const onNewRow = (condition: string): string =>
  condition.replaceAll(/\b(?!and\b|or\b|not\b|is\b|null\b)([a-z_]+)\b(?!\s*\()/g, 'new.$1');

async function layAllOnSqlite(tx: Knex): Promise<void> {
  for (const index of UNIQUE_INDEXES) await layOnSqlite(tx, 'unique index', index.name, indexBody(index));
  for (const { name, table, condition } of CHECKS) {
    for (const moment of ['insert', 'update']) {
      const body = `${name}_${moment} before ${moment} on ${table} when not (${onNewRow(condition)}) begin select raise(abort, '${name}'); end`;
      await layOnSqlite(tx, 'trigger', `${name}_${moment}`, body);
    }
  }
  for (const table of APPEND_ONLY_TABLES) {
    for (const moment of ['update', 'delete']) {
      const name = `${appendOnlyTrigger(table)}_${moment}`;
      const body = `${name} before ${moment} on ${table} begin select raise(abort, '${table} is append-only'); end`;
      await layOnSqlite(tx, 'trigger', name, body);
    }
  }
}

const SEARCHED = {
  products: ['name', 'product_model', 'product_code'],
  up_users: ['username', 'email', 'phone'],
};

/**
 * `search=` looks for a text anywhere in a name. Trigrams make that an index look-up; the extension ships with
 * PostgreSQL, and where it may not be created the search still works, by reading the table.
 */
async function addSearchIndexes(connection: Knex, warn: (message: string) => void): Promise<void> {
  try {
    // A transaction of its own: a refused extension must not take the indexes' transaction down.
    await inTurn(connection, (tx) => tx.raw('create extension if not exists pg_trgm'));
  } catch {
    warn(
      'the pg_trgm extension is missing and may not be created: searches of products and accounts will read the whole table',
    );
    return;
  }
  for (const [table, columns] of Object.entries(SEARCHED))
    for (const column of columns)
      await addIndex(
        connection,
        `shop_search_${table}_${column}`,
        `${table} using gin (lower(${column}) gin_trgm_ops)`,
      );
}

/** Several processes may start at once. */
const inTurn = (connection: Knex, work: (tx: Knex) => Promise<unknown>): Promise<unknown> =>
  connection.transaction(async (tx) => {
    await tx.raw('select pg_advisory_xact_lock(?)', [ADVISORY_LOCK]);
    await work(tx);
  });

/**
 * Lays an index that is not there, in a transaction of its own. `if not exists` alone would lock the table against writers before it
 * looks, at every start, beside processes that sell.
 */
async function addIndex(connection: Knex, name: string, on: string): Promise<void> {
  const { rows } = (await connection.raw('select to_regclass(?) is not null as "isThere"', [name])) as {
    rows: [{ isThere: boolean }];
  };
  if (rows[0].isThere) return;
  await inTurn(connection, (tx) => tx.raw(`create index if not exists ${name} on ${on}`));
}

/**
 * What staff look up in lists of a million: a number or its beginning, a phone, a name. Of these operators an index serves both, whatever
 * the language of the database (`back-office/access/looked-up.ts` asks in this way).
 */
const LOOKED_UP = {
  orders: [
    ...['order_number', 'checkout_number', 'snapshot_phone', 'snapshot_contact_name'],
    ...['tracking_number', 'haier_order_no'],
  ],
  payments: ['payment_number', 'checkout_number'],
  refunds: ['refund_number', 'wechat_refund_id'],
};

async function addLookUpIndexes(connection: Knex): Promise<void> {
  for (const [table, columns] of Object.entries(LOOKED_UP))
    for (const column of columns)
      await addIndex(
        connection,
        `shop_lookup_${table}_${column}`,
        `${table} (${column} varchar_pattern_ops) where ${column} is not null`,
      );
}

/** Lays every rule over the tables. Throws when existing rows break one: better no start than a silent exception. */
export async function applyConstraints(connection: Knex, warn: (message: string) => void): Promise<void> {
  const isPostgres = connection.client.config.client === 'pg';
  await connection.transaction((tx) => (isPostgres ? layOnPostgres(tx) : layAllOnSqlite(tx)));
  if (!isPostgres) return;
  await addSearchIndexes(connection, warn);
  await addLookUpIndexes(connection);
}
