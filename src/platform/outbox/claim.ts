import type { Knex } from 'knex';

import { clock } from '../clock';
import { type BaseRow, fetchRows, inTransaction, isPostgres, query, tableName, toColumns } from '../database';
import { OUTBOX_UID } from './enqueue';

export interface OutboxMessage extends BaseRow {
  topic: string;
  payload: Record<string, unknown>;
  key: string | null;
  status: 'pending' | 'running' | 'done' | 'dead';
  attempts: number;
  availableAt: Date;
  lockedUntil: Date | null;
  lockedBy: string | null;
}

export interface ClaimOptions {
  workerId: string;
  limit: number;
  /** How long the claim holds; a worker that dies loses it then. */
  leaseMs: number;
}

/**
 * Takes due messages for one worker: pending ones whose time has come, and running ones whose worker let the lease
 * run out. Of messages with one key only the oldest unfinished may be taken, which keeps their order. `skip locked`
 * lets several workers claim at once without waiting for or doubling each other.
 */
export async function claimMessages({ workerId, limit, leaseMs }: ClaimOptions): Promise<OutboxMessage[]> {
  return inTransaction(async (tx) => {
    const now = clock.now();
    const table = tableName(OUTBOX_UID);
    const due = query(OUTBOX_UID, tx)
      .select('id')
      .where((builder) =>
        builder
          .where((pending) => pending.where('status', 'pending').andWhere('available_at', '<=', now))
          .orWhere((expired) => expired.where('status', 'running').andWhere('locked_until', '<', now)),
      )
      .whereNotExists((earlier: Knex.QueryBuilder) =>
        earlier
          .select(tx.raw('1'))
          .from(`${table} as earlier`)
          .whereRaw('?? = ??', ['earlier.key', `${table}.key`])
          .whereRaw('?? < ??', ['earlier.id', `${table}.id`])
          .whereIn('earlier.status', ['pending', 'running']),
      )
      .orderBy('available_at')
      .orderBy('id')
      .limit(limit);
    if (isPostgres()) due.forUpdate(table).skipLocked();
    const ids = ((await due) as { id: number }[]).map((row) => row.id);
    if (ids.length === 0) return [];
    const claimed = await fetchRows<OutboxMessage>(
      OUTBOX_UID,
      query(OUTBOX_UID, tx)
        .whereIn('id', ids)
        .update({
          ...toColumns(OUTBOX_UID, {
            status: 'running',
            lockedBy: workerId,
            lockedUntil: new Date(now.getTime() + leaseMs),
            updatedAt: now,
          }),
          attempts: tx.raw('attempts + 1'),
        })
        .returning('*') as unknown as Knex.QueryBuilder,
    );
    return claimed.sort((a, b) => a.id - b.id);
  });
}

/** True when the claim was still this worker's and has been set to `attributes`. */
export async function finishMessage(
  message: OutboxMessage,
  attributes: Record<string, unknown>,
): Promise<boolean> {
  const changed = await query(OUTBOX_UID)
    .where({ id: message.id, status: 'running', locked_by: message.lockedBy, attempts: message.attempts })
    .update(toColumns(OUTBOX_UID, { ...attributes, updatedAt: clock.now() }));
  return changed === 1;
}
