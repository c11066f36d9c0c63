/**
 * How long PostgreSQL may take for us. Nobody waits for an answer longer than a few seconds, and what hangs keeps its
 * locks: one forgotten transaction would stop the shop. The limits hold once the shop serves; laying tables, migrations
 * and indexes at the start takes as long as it takes.
 */
import type { Knex } from 'knex';

import type { Tx } from './transaction';

/** In milliseconds. The lock's is the shortest, so that the one who waits is refused and not the one who works. */
const SERVING = {
  lock_timeout: 8_000,
  statement_timeout: 20_000,
  idle_in_transaction_session_timeout: 60_000,
};

let isServing = false;

/** What PostgreSQL plans with, on every connection. */
export const PLANNING_HINTS = {
  // One request, one core: for a page of twenty rows, helpers read tens of thousands ahead before they hear that it is full, and the
  // cores they take are those of other requests.
  max_parallel_workers_per_gather: 0,
  // What a shop reads lies in memory or on a solid-state disk, where looking one row up costs little more than the next one of a scan. By
  // its default PostgreSQL thinks of a disk that turns, and reads whole tables of links to dress twenty rows.
  random_page_cost: 1.1,
};

/** What a connection is told before its first statement. */
export const sessionLimits = (): string =>
  [
    ...Object.entries(PLANNING_HINTS).map(([name, value]) => `set ${name} = ${value}`),
    ...Object.entries(SERVING).map(([name, ms]) => `set ${name} = ${isServing ? ms : 0}`),
  ].join('; ');

/** For a start in a process that has served before, as the tests do. */
export function resetSessionLimits(): void {
  isServing = false;
}

interface PooledClient {
  client: {
    pool: { numFree(): number };
    acquireConnection(): Promise<{ query(sql: string): Promise<unknown> }>;
    releaseConnection(connection: unknown): Promise<void>;
  };
}

/** From now on the limits hold, for connections opened at the start too. SQLite has none and needs none. */
export async function limitSessions(knex: Knex): Promise<void> {
  if (knex.client.config.client !== 'pg') return;
  isServing = true;
  const { client } = knex as unknown as PooledClient;
  const known: Awaited<ReturnType<typeof client.acquireConnection>>[] = [];
  while (client.pool.numFree() > 0) known.push(await client.acquireConnection());
  for (const connection of known) {
    await connection.query(sessionLimits());
    await client.releaseConnection(connection);
  }
}

/** For maintenance that is long by nature: until the transaction ends, statements and waiting take as long as they need. */
export async function allowLongWork(tx: Tx): Promise<void> {
  if (tx.client.config.client === 'pg')
    await tx.raw('set local lock_timeout = 0; set local statement_timeout = 0');
}
