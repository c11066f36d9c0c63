/**
 * knex 3.0.1 resolves `commit()` also when the database refused the COMMIT or the line broke under it; only the
 * transaction's own promise tells (`lib/execution/transaction.js`, `query`). Without this an order would be confirmed
 * that was never written.
 */
import type { Knex } from 'knex';

/**
 * From now on `commit()` of every transaction of `knex`, Strapi's own included, rejects when the COMMIT failed; and so does
 * `transaction()` when the BEGIN did, after which knex hands out one that refuses every statement without saying why.
 */
export function makeCommitsCertain(knex: Knex): void {
  const begin = knex.transaction.bind(knex) as (...args: unknown[]) => Promise<Knex.Transaction>;
  const transaction = async (...args: unknown[]): Promise<unknown> => {
    // With a container knex commits by itself, and waits for the right promise.
    if (typeof args[0] === 'function') return begin(...args);
    const tx = await begin(...args);
    if (tx.isCompleted()) await tx.executionPromise;
    const commit = tx.commit.bind(tx);
    tx.commit = (async (value?: unknown) => {
      await commit(value);
      return tx.executionPromise;
    }) as typeof tx.commit;
    return tx;
  };
  Object.defineProperty(knex, 'transaction', { value: transaction, configurable: true, writable: true });
}
