/** What wrong rows are made of, for the tests of the audit. */
import type { Knex } from 'knex';

import { APPEND_ONLY_TABLES, appendOnlyTrigger, CHECKS, UNIQUE_INDEXES } from '../../database/declared';
import type { AuditWorld } from './audit-world';

export interface InjectedFault {
  name: string;
  /** The rules that must name it; others may as well. */
  foundBy: string[];
  inject(db: Knex, world: AuditWorld): Promise<unknown>;
}

export const copyRow = async (
  db: Knex,
  table: string,
  where: object,
  changes: object = {},
): Promise<void> => {
  const row = (await db(table).where(where).first()) as Record<string, unknown> | undefined;
  if (row === undefined) throw new Error(`nothing to copy in ${table}: ${JSON.stringify(where)}`);
  const { id: _, ...rest } = row;
  await db(table).insert({ ...rest, document_id: `${String(rest.document_id)}x`.slice(-24), ...changes });
};

export const log = (db: Knex, orderId: number, type: string) =>
  db('inventory_logs').where({ order_id: orderId, change_type: type });

export const paymentOf = async (db: Knex, orderId: number): Promise<number> =>
  ((await db('payment_allocations').where({ order_id: orderId }).first()) as { payment_id: number })
    .payment_id;

export const messageOf = (db: Knex, topic: string) =>
  db('outbox_messages').where({ topic }).whereIn('status', ['pending', 'running']);

export const LONG_AGO = new Date('2020-01-01T00:00:00Z');

/** Takes every lock off the doors; whoever breaks rows by hand would do the same. */
export async function liftRules(db: Knex): Promise<void> {
  const isPostgres = db.client.config.client === 'pg';
  for (const { name } of UNIQUE_INDEXES) await db.raw(`drop index if exists ${name}`);
  for (const { name, table } of CHECKS) {
    if (isPostgres) await db.raw(`alter table ${table} drop constraint if exists ${name}`);
    else for (const moment of ['insert', 'update']) await db.raw(`drop trigger if exists ${name}_${moment}`);
  }
  for (const table of APPEND_ONLY_TABLES) {
    const name = appendOnlyTrigger(table);
    if (isPostgres) await db.raw(`drop trigger if exists ${name} on ${table}`);
    else for (const moment of ['update', 'delete']) await db.raw(`drop trigger if exists ${name}_${moment}`);
  }
}
