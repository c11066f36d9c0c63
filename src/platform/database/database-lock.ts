import { isPostgres } from './table';
import type { Tx } from './transaction';

/**
 * Lets one process at a time pass until its transaction ends; for work that several processes begin when they start
 * together. `key` is any number no other step uses. SQLite has one writer: becoming it at once, before anything is
 * read, makes the other wait instead of fail.
 */
export async function oneProcessAtATime(tx: Tx, key: number): Promise<void> {
  if (isPostgres()) await tx.raw('select pg_advisory_xact_lock(?)', [key]);
  else await tx.raw('update strapi_core_store_settings set id = id where id = -1');
}
