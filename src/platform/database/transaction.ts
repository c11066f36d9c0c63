import { AsyncLocalStorage } from 'node:async_hooks';

import type { Knex } from 'knex';

import { isTransientConflict } from './database-errors';

/** An open database transaction. Everything a use case writes goes through the one it was given. */
export type Tx = Knex.Transaction;

interface OpenTransaction {
  tx: Tx;
  afterCommit: (() => void)[];
}

const open = new AsyncLocalStorage<OpenTransaction>();
const MAX_ATTEMPTS = 4;

/**
 * Runs `work` in one transaction and returns its result once the commit is certain; anything thrown rolls all of it
 * back. Inside an open transaction it joins that one. A deadlock or serialization failure (nothing was written) is
 * tried again a few times, so `work` must do nothing outside the database.
 */
export async function inTransaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  const current = open.getStore();
  if (current !== undefined) return work(current.tx);
  if (strapi.db.inTransaction()) {
    // Opened by Strapi itself, around a document: join it, its owner commits.
    return strapi.db.transaction(async ({ trx }) => work(trx as Tx)) as Promise<T>;
  }
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await runOnce(work);
    } catch (error) {
      if (attempt >= MAX_ATTEMPTS || !isTransientConflict(error)) throw error;
    }
  }
}

async function runOnce<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  const afterCommitCallbacks: (() => void)[] = [];
  const result = (await strapi.db.transaction(async ({ trx }) =>
    open.run({ tx: trx as Tx, afterCommit: afterCommitCallbacks }, () => work(trx as Tx)),
  )) as T;
  for (const callback of afterCommitCallbacks) callback();
  return result;
}

/** Runs `callback` once the open transaction has committed, never if it rolls back; at once when none is open. */
export function afterCommit(callback: () => void): void {
  const current = open.getStore();
  if (current === undefined) callback();
  else current.afterCommit.push(callback);
}

/** The transaction the current call chain has opened through `inTransaction`, if any. */
export const currentTransaction = (): Tx | undefined => open.getStore()?.tx;

/** True while the current call chain holds an open transaction, ours or Strapi's. */
export function isInTransaction(): boolean {
  return open.getStore() !== undefined || strapi.db.inTransaction();
}
