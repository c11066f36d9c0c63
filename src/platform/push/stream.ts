/** The stream in Redis: one entry, one field `e` with JSON. */
import type { Redis } from 'ioredis';

import { type Entry, readEntry } from './entries';

export const STREAM = 'shop:push';
/** Entries hold addresses and phone numbers: a shop that stands still forgets them too. */
const FORGET_AFTER_S = 24 * 60 * 60;

export type StreamEntry = [id: string, entry: Entry];

/** Adds entries in their order. Throws when Redis did not take all of them. */
export async function append(redis: Redis, capacity: number, entries: Entry[]): Promise<void> {
  const batch = redis.pipeline();
  for (const entry of entries) batch.xadd(STREAM, 'MAXLEN', '~', capacity, '*', 'e', JSON.stringify(entry));
  batch.expire(STREAM, FORGET_AFTER_S);
  const results = (await batch.exec()) ?? [];
  for (const [error] of results) if (error !== null) throw error;
  if (results.length === 0) throw new Error('Redis answered nothing');
}

const toEntries = (found: [string, string[]][]): StreamEntry[] =>
  found.map(([id, fields]) => [id, readEntry(fields[1])]);

/** The last entries, oldest first. */
export const readLast = async (redis: Redis, count: number): Promise<StreamEntry[]> =>
  toEntries((await redis.xrevrange(STREAM, '+', '-', 'COUNT', count)).reverse());

export const hasEntry = async (redis: Redis, id: string): Promise<boolean> =>
  (await redis.xrange(STREAM, id, id)).length > 0;

/** The entries after `id`; waits for the next one, at most `blockMs`. */
export async function readAfter(redis: Redis, id: string, blockMs: number): Promise<StreamEntry[]> {
  const found = (await redis.xread('COUNT', 200, 'BLOCK', blockMs, 'STREAMS', STREAM, id)) as
    [string, [string, string[]][]][] | null;
  return toEntries(found?.[0]?.[1] ?? []);
}
