import { allowLongWork } from './session-limits';
import { isPostgres } from './table';
import type { Tx } from './transaction';

/**
 * Lets one process at a time pass until its transaction ends; for work that several processes begin when they start
 * together. `key` is any number no other step uses. SQLite has one writer: becoming it at once, before anything is
 * read, makes the other wait instead of fail.
 */
export async function oneProcessAtATime(tx: Tx, key: number): Promise<void> {
  // Whoever is ahead may take longer than a request would wait.
  await allowLongWork(tx);
  if (isPostgres()) await tx.raw('select pg_advisory_xact_lock(?)', [key]);
  else await tx.raw('update strapi_core_store_settings set id = id where id = -1');
}
