import type { Redis } from 'ioredis';

import type { Entry } from './entries';
import { append, hasEntry, readAfter, readLast, type StreamEntry } from './stream';

const BLOCK_MS = 5_000;
const OPEN_WITHIN_MS = 3_000;
const TRY_AGAIN_MS = 500;

export interface ReaderOptions {
  capacity: number;
  /** What the stream held when it was first reached. */
  onPast(entries: StreamEntry[]): void;
  onEntry(id: string, entry: Entry): void;
  /** Entries went before they were read. */
  onLoss(): void;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What the stream holds. An empty one begins with a gap: whatever was in it before is not known. */
async function readPast(redis: Redis, capacity: number): Promise<StreamEntry[]> {
  const past = await readLast(redis, capacity);
  if (past.length > 0) return past;
  await append(redis, capacity, [{ kind: 'gap' }]);
  return readLast(redis, capacity);
}

/**
 * Reads the stream on a connection of its own until it is stopped, and goes on where it stood after every failure.
 * `opened` resolves when it has been reached, or after a few seconds.
 */
export function createStreamReader(
  redis: Redis,
  { capacity, onPast, onEntry, onLoss }: ReaderOptions,
): { opened: Promise<void>; stop(): void } {
  // A line that has gone dead answers nothing: longer than it may block, a command has failed.
  const connection = redis.duplicate({
    commandTimeout: BLOCK_MS + 2_000,
    enableOfflineQueue: true,
    maxRetriesPerRequest: 0,
  });
  connection.on('error', () => undefined);
  let isStopped = false;
  let position: string | undefined;
  let isInterrupted = false;

  const step = async (onOpened: () => void): Promise<void> => {
    if (position === undefined) {
      const past = await readPast(connection, capacity);
      position = past.at(-1)?.[0];
      onPast(past);
      onOpened();
    }
    if (position === undefined) throw new Error('the stream is empty');
    if (isInterrupted) {
      const isWhole = await hasEntry(connection, position);
      isInterrupted = false;
      if (!isWhole) onLoss();
    }
    for (const [id, entry] of await readAfter(connection, position, BLOCK_MS)) {
      position = id;
      onEntry(id, entry);
    }
  };

  const run = async (onOpened: () => void): Promise<void> => {
    while (!isStopped) {
      try {
        await step(onOpened);
      } catch {
        // Said by whoever publishes; here it is tried again until it succeeds.
        isInterrupted = true;
        if (connection.status === 'ready' && !isStopped) connection.disconnect(true);
        await pause(TRY_AGAIN_MS);
      }
    }
  };

  const opened = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, OPEN_WITHIN_MS);
    void run(() => {
      clearTimeout(timer);
      resolve();
    });
  });
  return {
    opened,
    stop() {
      isStopped = true;
      connection.disconnect();
    },
  };
}
