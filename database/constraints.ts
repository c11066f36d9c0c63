/**
 * Rules the database itself keeps, whatever the code does. Strapi's schema sync knows no CHECK, no partial and no
 * unique index, so these are laid over its tables after it, at every start; each statement may run again.
 */
import type { Knex } from 'knex';

interface UniqueIndex {
  name: string;
  table: string;
  columns: string[];
  /** A condition in SQL both databases read the same. */
  where?: string;
}

const UNIQUE_INDEXES: UniqueIndex[] = [
  {
    name: 'shop_unique_product_code',
    table: 'products',
    columns: ['product_code', 'locale'],
    where: 'product_code is not null',
  },
  { name: 'shop_unique_user_openid', table: 'up_users', columns: ['open_id'], where: 'open_id is not null' },
  { name: 'shop_unique_user_phone', table: 'up_users', columns: ['phone'], where: 'phone is not null' },
  { name: 'shop_unique_user_username', table: 'up_users', columns: ['username'] },
  { name: 'shop_unique_user_email', table: 'up_users', columns: ['email'] },
  // Every request of a signed-in user looks for its session, sign-in and logout for those of a user.
  { name: 'shop_unique_session', table: 'strapi_sessions', columns: ['session_id'] },
  { name: 'shop_unique_session_of_user', table: 'strapi_sessions', columns: ['user_id', 'session_id'] },
  { name: 'shop_unique_inventory_item', table: 'inventory_items', columns: ['product_document_id'] },
  // One lock, one release and one deduct per order and life, whoever tries and however often.
  {
    name: 'shop_unique_inventory_log',
    table: 'inventory_logs',
    columns: ['order_id', 'life', 'change_type'],
    where: "order_id is not null and change_type in ('lock', 'release', 'deduct')",
  },
  { name: 'shop_unique_default_address', table: 'addresses', columns: ['user_id'], where: 'is_default' },
  { name: 'shop_unique_cart_user', table: 'carts', columns: ['user_id'] },
  { name: 'shop_unique_cart_item', table: 'cart_items', columns: ['cart_id', 'product_document_id'] },
  { name: 'shop_unique_order_number', table: 'orders', columns: ['order_number'] },
  {
    name: 'shop_unique_order_so_id',
    table: 'orders',
    columns: ['haier_so_id'],
    where: 'haier_so_id is not null',
  },
  { name: 'shop_unique_payment_number', table: 'payments', columns: ['payment_number'] },
  {
    name: 'shop_unique_payment_transaction',
    table: 'payments',
    columns: ['transaction_id'],
    where: 'transaction_id is not null',
  },
  {
    name: 'shop_unique_payment_allocation',
    table: 'payment_allocations',
    columns: ['payment_id', 'order_id'],
  },
  { name: 'shop_unique_refund_number', table: 'refunds', columns: ['refund_number'] },
  { name: 'shop_unique_idempotency_key', table: 'idempotency_keys', columns: ['user_id', 'route', 'key'] },
  { name: 'shop_unique_callback', table: 'callback_inbox', columns: ['source', 'event_id'] },
];

interface Check {
  name: string;
  table: string;
  condition: string;
}

const CHECKS: Check[] = [
  { name: 'shop_check_stock', table: 'inventory_items', condition: 'locked >= 0 and locked <= on_hand' },
  {
    name: 'shop_check_order_amounts',
    table: 'orders',
    condition:
      'quantity > 0 and actual_amount >= 0 and discount_amount >= 0 and discount_amount <= total_amount',
  },
  { name: 'shop_check_payment_amount', table: 'payments', condition: 'amount > 0' },
  { name: 'shop_check_refund_amount', table: 'refunds', condition: 'amount > 0' },
  { name: 'shop_check_cart_quantity', table: 'cart_items', condition: 'quantity > 0' },
];

async function addCheckOnPostgres(connection: Knex, { name, table, condition }: Check): Promise<void> {
  const found = (await connection('pg_constraint').where({ conname: name }).first('oid')) as unknown;
  if (found !== undefined) return;
  await connection.raw(`alter table ?? add constraint ?? check (${condition})`, [table, name]);
}

/** SQLite cannot add a CHECK to a table that exists; a trigger refuses the same rows. */
async function addCheckOnSqlite(connection: Knex, { name, table, condition }: Check): Promise<void> {
  const onNew = condition.replaceAll(/\b(?!and\b|or\b|not\b)([a-z_]+)\b/g, 'new.$1');
  for (const moment of ['insert', 'update']) {
    await connection.raw(
      `create trigger if not exists ${name}_${moment} before ${moment} on ${table}
       when not (${onNew}) begin select raise(abort, '${name}'); end`,
    );
  }
}

/**
 * `search=` looks for a text anywhere in a name. Trigrams make that an index look-up; the extension ships with
 * PostgreSQL, and where it may not be created the search still works, by reading the table.
 */
async function addSearchIndexes(connection: Knex, warn: (message: string) => void): Promise<void> {
  try {
    await connection.raw('create extension if not exists pg_trgm');
  } catch {
    warn('the pg_trgm extension is missing and may not be created: product search will read the whole table');
    return;
  }
  for (const column of ['name', 'product_model', 'product_code']) {
    await connection.raw(
      `create index if not exists shop_search_products_${column} on products using gin (lower(${column}) gin_trgm_ops)`,
    );
  }
}

/** Several processes may start at once: one of them lays the constraints while the others wait. */
const ADVISORY_LOCK = 7_210_431;

/** Lays every rule over the tables. Throws when existing rows break one: better no start than a silent exception. */
export async function applyConstraints(connection: Knex, warn: (message: string) => void): Promise<void> {
  const isPostgres = connection.client.config.client === 'pg';
  await connection.transaction(async (tx) => {
    if (isPostgres) await tx.raw('select pg_advisory_xact_lock(?)', [ADVISORY_LOCK]);
    for (const { name, table, columns, where } of UNIQUE_INDEXES) {
      const list = columns.map((column) => `"${column}"`).join(', ');
      await tx.raw(
        `create unique index if not exists ${name} on ${table} (${list})${where === undefined ? '' : ` where ${where}`}`,
      );
    }
    for (const check of CHECKS) {
      await (isPostgres ? addCheckOnPostgres(tx, check) : addCheckOnSqlite(tx, check));
    }
  });
  if (isPostgres) await addSearchIndexes(connection, warn);
}
