import type { Knex } from 'knex';

/** A statement that wrote to one of the watched tables. */
export interface TableWrite {
  table: string;
  sql: string;
  bindings: readonly unknown[];
}

interface RunStatement {
  sql?: string;
  bindings?: readonly unknown[];
}

const WRITE =
  /\b(?:insert\s+into|update|delete\s+from|truncate(?:\s+table)?)\s+(?:only\s+)?((?:["`\w]+\.)?["`]?\w+["`]?)/gi;

const bareName = (name: string): string =>
  name
    .slice(name.lastIndexOf('.') + 1)
    .replace(/["`]/g, '')
    .toLowerCase();

function writesOf({ sql, bindings }: RunStatement, isWatched: (table: string) => boolean): TableWrite[] {
  if (sql === undefined || /^\s*(?:select|begin|commit|savepoint|release|rollback)\b/i.test(sql)) return [];
  const tables = new Set([...sql.matchAll(WRITE)].map(([, name = '']) => bareName(name)).filter(isWatched));
  return [...tables].map((table) => ({ table, sql, bindings: bindings ?? [] }));
}

/**
 * Tells `onWrite` of every write to a watched table that goes through `knex`, whoever made it: Strapi's documents, the content
 * manager, the shop's own statements, raw SQL. It is told when the statement has run, and what a transaction wrote once more
 * after the commit, since nobody else could see it before. What is rolled back was told of in vain, which costs a reading.
 */
export function watchWrites(
  knex: Knex,
  isWatched: (table: string) => boolean,
  onWrite: (writes: TableWrite[]) => void,
): void {
  knex.client.on('query-response', (_response: unknown, statement: RunStatement) => {
    const writes = writesOf(statement, isWatched);
    if (writes.length > 0) onWrite(writes);
  });
  const watch = (tx: Knex.Transaction): (() => void) => {
    const writes: TableWrite[] = [];
    // Savepoints hand what they run up to the transaction they are in.
    tx.on('query', (statement: RunStatement) => writes.push(...writesOf(statement, isWatched)));
    return () => {
      if (writes.length > 0) onWrite(writes);
    };
  };
  const begin = knex.transaction.bind(knex) as (...args: unknown[]) => Promise<unknown>;
  const transaction = async (...args: unknown[]): Promise<unknown> => {
    const [container, ...rest] = args;
    if (typeof container === 'function') {
      let tell = (): void => undefined;
      const result = await begin(
        (tx: Knex.Transaction) => {
          tell = watch(tx);
          return (container as (tx: Knex.Transaction) => unknown)(tx);
        },
        ...rest,
      );
      tell();
      return result;
    }
    const tx = (await begin(...args)) as Knex.Transaction;
    tx.executionPromise.then(watch(tx), () => undefined);
    return tx;
  };
  Object.defineProperty(knex, 'transaction', { value: transaction, configurable: true, writable: true });
}
