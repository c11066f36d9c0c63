import { randomBytes } from 'node:crypto';

import type { Redis } from 'ioredis';

import type { Entry } from './entries';
import { createStreamReader } from './stream-reader';
import { createRecentEntries, type RecentEntries } from './recent';
import { append } from './stream';

/** Kept in memory of each process and in Redis; about a kilobyte each. */
const CAPACITY = 5_000;
const TRY_AGAIN_MS = 1_000;

/** Brings what any process publishes to every process. */
export interface Feed {
  /** Tells every process, this one too, in the order given. */
  publish(entries: Entry[]): void;
  recent: RecentEntries;
  /** Resolves when everything published so far has been handed on. */
  settle(): Promise<void>;
  stop(): void;
}

export interface FeedOptions {
  redis: Redis | undefined;
  /** False for a process nobody listens at: it only tells the others. */
  isListening: boolean;
  onEntry(id: string, entry: Entry): void;
  log: { info(text: string): void; warn(text: string): void };
}

/**
 * With Redis, entries go through one capped stream that every process reads from where it stands; their ids are the
 * stream's and hold at every process. Without Redis, or while it is away, a process tells its own listeners alone, and
 * says so once; when Redis is back a gap in the stream tells everybody that something was missed.
 */
export async function createFeed({ redis, isListening, onEntry, log }: FeedOptions): Promise<Feed> {
  const ownName = `p${randomBytes(6).toString('hex')}`;
  const recent = createRecentEntries(CAPACITY, `${ownName}-0`);
  let count = 0;
  let isAway = false;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let work = Promise.resolve();

  const take = (id: string, entry: Entry): void => {
    recent.add(id, entry);
    onEntry(id, entry);
  };
  const takeOwn = (entry: Entry): void => take(`${ownName}-${(count += 1)}`, entry);

  const comeBack = async (client: Redis): Promise<void> => {
    try {
      await append(client, CAPACITY, [{ kind: 'gap' }]);
      isAway = false;
      log.info('push: Redis is back, events reach every process again');
    } catch {
      if (!isStopped) timer = setTimeout(() => void comeBack(client), TRY_AGAIN_MS);
    }
  };

  const send = async (entries: Entry[]): Promise<void> => {
    if (redis !== undefined && !isAway) {
      try {
        return await append(redis, CAPACITY, entries);
      } catch (error) {
        isAway = true;
        log.warn(
          `push: Redis does not take events, this process tells its own listeners alone until it does: ${String(error)}`,
        );
        timer = setTimeout(() => void comeBack(redis), TRY_AGAIN_MS);
      }
    }
    for (const entry of entries) takeOwn(entry);
  };

  const reader =
    redis === undefined || !isListening
      ? undefined
      : createStreamReader(redis, {
          capacity: CAPACITY,
          onPast(entries) {
            if (recent.isEmpty()) for (const [id, entry] of entries) recent.add(id, entry);
            else takeOwn({ kind: 'gap' });
          },
          onEntry: take,
          onLoss: () => takeOwn({ kind: 'gap' }),
        });
  await reader?.opened;

  return {
    publish(entries) {
      work = work.then(() => send(entries));
    },
    recent,
    settle: () => work,
    stop() {
      isStopped = true;
      clearTimeout(timer);
      reader?.stop();
    },
  };
}
