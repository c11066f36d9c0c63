/** How a claim ends. Every statement names the claim: what another worker has taken over meanwhile is left alone. */
import { clock } from '../clock';
import { fetchRows, inTransaction, isPostgres, query, toColumns, type Tx } from '../database';
import type { OutboxMessage } from './claim';
import { OUTBOX_UID } from './enqueue';

const RECLAIM_BATCH = 100;

const FREE = { lockedUntil: null, lockedBy: null };

const set = (attributes: Record<string, unknown>) =>
  toColumns(OUTBOX_UID, { ...attributes, updatedAt: clock.now() });

/** The rows of these claims that are still theirs. */
const held = (messages: OutboxMessage[], tx?: Tx) =>
  query(OUTBOX_UID, tx)
    .whereIn(
      'id',
      messages.map(({ id }) => id),
    )
    .whereIn('locked_by', [...new Set(messages.map(({ lockedBy }) => lockedBy ?? ''))])
    .whereRaw("status = 'running'");

/** Lets the next message of each key go ahead, unless it stands behind a dead one. */
async function freeFollowers(tx: Tx, keys: string[]): Promise<void> {
  const heads = query(OUTBOX_UID, tx)
    .whereIn('key', keys)
    .whereRaw("status <> 'done'")
    .groupBy('key')
    .min('id');
  await query(OUTBOX_UID, tx)
    .whereIn('id', heads)
    .whereRaw("status = 'blocked'")
    .update(set({ status: 'pending' }));
}

/** Many messages done with one commit. Those without a key need no second look. */
export async function markDone(messages: OutboxMessage[]): Promise<void> {
  const done = set({ ...FREE, status: 'done', lastError: null });
  const keys = [...new Set(messages.flatMap(({ key }) => (key === null ? [] : [key])))];
  if (keys.length === 0) {
    await held(messages).update(done);
    return;
  }
  await inTransaction(async (tx) => {
    await held(messages, tx).update(done);
    await freeFollowers(tx, keys);
  });
}

export interface PutOff {
  availableAt: Date;
  lastError?: string | null;
  /** Left out they stand: this try counts. */
  attempts?: number;
}

/** Back into the queue for a later try. True when the claim was still this one. */
export async function putOff(message: OutboxMessage, putOffTo: PutOff, tx?: Tx): Promise<boolean> {
  return (await held([message], tx).update(set({ ...FREE, ...putOffTo, status: 'pending' }))) === 1;
}

/** Onto the dead list. True when the claim was still this one. */
export async function bury(tx: Tx, message: OutboxMessage, lastError: string): Promise<boolean> {
  return (await held([message], tx).update(set({ ...FREE, status: 'dead', lastError }))) === 1;
}

/** Gives unfinished claims back, free for anybody at once and without having cost a try. */
export async function handBack(messages: OutboxMessage[]): Promise<void> {
  if (messages.length === 0) return;
  await inTransaction((tx) =>
    held(messages, tx).update({ ...set({ ...FREE, status: 'pending' }), attempts: tx.raw('attempts - 1') }),
  );
}

/** Holds the claims for `leaseMs` more. Returns the ids of those still held; the others were lost. */
export async function renew(messages: OutboxMessage[], leaseMs: number): Promise<Set<number>> {
  if (messages.length === 0) return new Set();
  const lockedUntil = new Date(clock.now().getTime() + leaseMs);
  const rows = (await held(messages).update(toColumns(OUTBOX_UID, { lockedUntil })).returning('id')) as {
    id: number;
  }[];
  return new Set(rows.map(({ id }) => id));
}

/** Keeps what a message is to be told at its next try. Throws when the claim was lost. */
export async function saveState(message: OutboxMessage, payload: Record<string, unknown>): Promise<void> {
  const changed = await held([message]).update(set({ payload }));
  if (changed !== 1) throw new Error(`${message.topic} ${message.id} is no longer held by this worker`);
}

/** Running messages whose worker let the lease run out: it died, or lost the database. */
async function readExpired(tx: Tx): Promise<OutboxMessage[]> {
  const expired = query(OUTBOX_UID, tx)
    .whereRaw("status = 'running'")
    .where('locked_until', '<', clock.now())
    .orderBy('locked_until')
    .orderBy('id')
    .limit(RECLAIM_BATCH);
  if (isPostgres()) expired.forUpdate().skipLocked();
  return fetchRows<OutboxMessage>(OUTBOX_UID, expired);
}

/**
 * Takes back what dead workers held, each to be tried again after `delayMs`. Messages that have had `maxAttempts` tries
 * are returned instead and stay as they are: they may be what kills the workers, so nobody begins them again.
 */
export async function reclaimExpired(
  maxAttempts: number,
  delayMs: (attempts: number) => number,
): Promise<OutboxMessage[]> {
  return inTransaction(async (tx) => {
    const messages = await readExpired(tx);
    for (const message of messages.filter(({ attempts }) => attempts < maxAttempts)) {
      const availableAt = new Date(clock.now().getTime() + delayMs(message.attempts));
      await putOff(
        message,
        { availableAt, lastError: 'the worker that held it died or lost the database' },
        tx,
      );
    }
    return messages.filter(({ attempts }) => attempts >= maxAttempts);
  });
}

/** Followers whose obstacle has ended without freeing them, as a repair by hand leaves them. */
export async function freeForgotten(): Promise<void> {
  await inTransaction(async (tx) => {
    const keys = (await query(OUTBOX_UID, tx)
      .whereRaw("status = 'blocked'")
      .whereNotNull('key')
      .distinct('key')
      .limit(RECLAIM_BATCH)) as { key: string }[];
    if (keys.length > 0)
      await freeFollowers(
        tx,
        keys.map(({ key }) => key),
      );
  });
}
