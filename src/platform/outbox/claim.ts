import { randomUUID } from 'node:crypto';

import type { Knex } from 'knex';

import { clock } from '../clock';
import {
  type BaseRow,
  connectionFor,
  fetchRows,
  inTransaction,
  isPostgres,
  query,
  tableName,
  toColumns,
  type Tx,
} from '../database';
import { OUTBOX_UID } from './enqueue';
import type { Origin } from './origin';

/**
 * `pending`: due at `availableAt`. `blocked`: an earlier message of its key is unfinished or dead; the end of that one
 * makes it pending again. `running`: held by `lockedBy` until `lockedUntil`. `dead`: given up, for staff to replay.
 */
export type MessageStatus = 'pending' | 'blocked' | 'running' | 'done' | 'dead';

export interface OutboxMessage extends BaseRow {
  topic: string;
  payload: Record<string, unknown>;
  key: string | null;
  status: MessageStatus;
  attempts: number;
  availableAt: Date;
  lockedUntil: Date | null;
  /** The claim that holds it: another one for every claim, also of the same worker. */
  lockedBy: string | null;
  lastError: string | null;
  /** The request or job that promised it; null for what nobody asked for. */
  origin: Origin | null;
}

export interface DueMessage {
  id: number;
  topic: string;
}

/** How many messages of each topic are wanted at most. */
export type Wanted = ReadonlyMap<string, number>;

/**
 * Finds due messages of the wanted topics, oldest first within each, without taking them. One index range per topic, so
 * the cost does not grow with what is waiting. A topic nobody names is left alone: during a deployment the old version
 * does not touch the new one's messages.
 */
export async function findDue(wanted: Wanted): Promise<DueMessage[]> {
  const topics = [...wanted].filter(([, limit]) => limit > 0);
  if (topics.length === 0) return [];
  const now = clock.now();
  const range = `select * from (select id, topic from ${tableName(OUTBOX_UID)}
    where status = 'pending' and topic = ? and available_at <= ? order by available_at, id limit ?)`;
  const sql = topics.map((_, turn) => `${range} as due_${turn}`).join(' union all ');
  const bindings = topics.flatMap(([topic, limit]) => [topic, isPostgres() ? now : now.getTime(), limit]);
  const result: unknown = await connectionFor().raw(sql, bindings as Knex.RawBinding[]);
  return isPostgres() ? (result as { rows: DueMessage[] }).rows : (result as DueMessage[]);
}

interface KeyedRow {
  id: number;
  key: string;
  status: MessageStatus;
}

/** Every message of these keys that is not done, by key, oldest first. */
async function readQueues(tx: Tx, keys: string[]): Promise<Map<string, KeyedRow[]>> {
  const queues = new Map<string, KeyedRow[]>();
  if (keys.length === 0) return queues;
  const rows = (await query(OUTBOX_UID, tx)
    .whereIn('key', keys)
    .whereRaw("status <> 'done'")
    .orderBy('id')
    .select('id', 'key', 'status')) as KeyedRow[];
  for (const row of rows) queues.set(row.key, [...(queues.get(row.key) ?? []), row]);
  return queues;
}

/** Who must end before this one may begin: an older message of its key that is not done, or one that is running. */
const obstacleOf = (id: number, queue: KeyedRow[]): KeyedRow | undefined =>
  queue.find((other) => other.id !== id && (other.id < id || other.status === 'running'));

/**
 * Sets messages aside that wait for another of their key. The obstacle's row is locked meanwhile: its end, which makes
 * them pending again, comes either before this look or after this commit. One that is locked just now is ending or
 * being claimed, and its follower stays pending for the next look.
 */
async function block(tx: Tx, waiting: { id: number; obstacle: KeyedRow }[]): Promise<void> {
  if (waiting.length === 0) return;
  const obstacles = query(OUTBOX_UID, tx)
    .whereIn('id', [...new Set(waiting.map(({ obstacle }) => obstacle.id))])
    .whereRaw("status <> 'done'")
    .select('id');
  if (isPostgres()) obstacles.forUpdate().skipLocked();
  const held = new Set(((await obstacles) as { id: number }[]).map(({ id }) => id));
  const ids = waiting.filter(({ obstacle }) => held.has(obstacle.id)).map(({ id }) => id);
  if (ids.length === 0) return;
  await query(OUTBOX_UID, tx).whereIn('id', ids).update({ status: 'blocked' });
}

export interface ClaimOptions {
  workerId: string;
  /** How long the claim holds unless it is renewed; a worker that dies loses it then. */
  leaseMs: number;
}

/**
 * Takes those of the found messages that are still free. `skip locked` lets several workers claim at once without
 * waiting for or doubling each other. Of messages with one key only the oldest that is not done is taken; the others are
 * set aside, also behind a dead one: order holds until staff have replayed it.
 */
export async function claimMessages(
  due: DueMessage[],
  { workerId, leaseMs }: ClaimOptions,
): Promise<OutboxMessage[]> {
  if (due.length === 0) return [];
  const ids = due.map(({ id }) => id);
  return inTransaction(async (tx) => {
    const free = query(OUTBOX_UID, tx)
      .whereIn('id', ids)
      .whereRaw("status = 'pending'")
      .orderBy('id')
      .select('id', 'key');
    if (isPostgres()) free.forUpdate().skipLocked();
    const rows = (await free) as { id: number; key: string | null }[];
    const queues = await readQueues(
      tx,
      rows.flatMap(({ key }) => (key === null ? [] : [key])),
    );
    const looked = rows.map(({ id, key }) => ({
      id,
      obstacle: key === null ? undefined : obstacleOf(id, queues.get(key) ?? []),
    }));
    await block(
      tx,
      looked.flatMap(({ id, obstacle }) => (obstacle === undefined ? [] : [{ id, obstacle }])),
    );
    return take(
      tx,
      looked.filter(({ obstacle }) => obstacle === undefined).map(({ id }) => id),
      { workerId, leaseMs },
    );
  });
}

async function take(tx: Tx, ids: number[], { workerId, leaseMs }: ClaimOptions): Promise<OutboxMessage[]> {
  if (ids.length === 0) return [];
  const now = clock.now();
  const held = {
    status: 'running',
    lockedBy: `${workerId}:${randomUUID().slice(0, 8)}`,
    lockedUntil: new Date(now.getTime() + leaseMs),
    updatedAt: now,
  };
  return fetchRows<OutboxMessage>(
    OUTBOX_UID,
    query(OUTBOX_UID, tx)
      .whereIn('id', ids)
      .update({ ...toColumns(OUTBOX_UID, held), attempts: tx.raw('attempts + 1') })
      .returning('*') as unknown as Knex.QueryBuilder,
  );
}
