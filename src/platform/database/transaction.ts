import { AsyncLocalStorage } from 'node:async_hooks';

import type { Knex } from 'knex';

import { isTransientConflict } from './database-errors';

/** An open database transaction. Everything a use case writes goes through the one it was given. */
export type Tx = Knex.Transaction;

interface OpenTransaction {
  tx: Tx;
  afterCommit(callback: () => void): void;
}

export interface TransactionOptions {
  /** `never` for work that cannot run twice; the conflict is then thrown. */
  retry?: 'conflicts' | 'never';
}

const open = new AsyncLocalStorage<OpenTransaction>();
const MAX_ATTEMPTS = 4;

/** What goes on after its transaction has ended, as a timer begun inside it, is in none. */
function openNow(): OpenTransaction | undefined {
  const current = open.getStore();
  return current?.tx.isCompleted() === false ? current : undefined;
}

/**
 * Runs `work` in one transaction and returns its result once the commit is certain; anything thrown rolls all of it
 * back. Inside an open transaction, ours or Strapi's, it joins that one, and its owner commits. A deadlock or
 * serialization failure (nothing was written) is tried again a few times, so `work` must do nothing outside the
 * database.
 */
export async function inTransaction<T>(
  work: (tx: Tx) => Promise<T>,
  { retry = 'conflicts' }: TransactionOptions = {},
): Promise<T> {
  const current = openNow();
  if (current !== undefined) return work(current.tx);
  if (strapi.db.inTransaction()) return joinStrapi(work);
  const maxAttempts = retry === 'never' ? 1 : MAX_ATTEMPTS;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await runOnce(work);
    } catch (error) {
      if (attempt >= maxAttempts || !isTransientConflict(error)) throw error;
    }
  }
}

/** Strapi opened it, around a document: its commit is ours. */
async function joinStrapi<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  return (await strapi.db.transaction(async ({ trx, onCommit }) =>
    open.run({ tx: trx as Tx, afterCommit: onCommit }, () => work(trx as Tx)),
  )) as T;
}

async function runOnce<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  const callbacks: (() => void)[] = [];
  const afterCommitOfThis = (callback: () => void): void => void callbacks.push(callback);
  const result = (await strapi.db.transaction(async ({ trx }) =>
    open.run({ tx: trx as Tx, afterCommit: afterCommitOfThis }, () => work(trx as Tx)),
  )) as T;
  for (const callback of callbacks) callback();
  return result;
}

/** Runs `callback` once the open transaction has committed, never if it rolls back; at once when none is open. */
export function afterCommit(callback: () => void): void {
  const current = openNow();
  if (current === undefined) callback();
  else current.afterCommit(callback);
}

/** The transaction the current call chain has opened through `inTransaction`, if any. */
export const currentTransaction = (): Tx | undefined => openNow()?.tx;

/** True while the current call chain holds an open transaction, ours or Strapi's. */
export function isInTransaction(): boolean {
  return openNow() !== undefined || strapi.db.inTransaction();
}
