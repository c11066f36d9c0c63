import type { Redis } from 'ioredis';

import { AnswerCache, type AnswerCacheOptions, type CacheOutcome } from './answer-cache';
import { type ChangeFeed, createChangeFeed } from './change-feed';
import { createRedisTier } from './redis-tier';

let cache = new AnswerCache();
let feed: ChangeFeed = createChangeFeed(cache.changes, undefined);

export interface ShopCacheOptions {
  redis: Redis | undefined;
  log: { info(text: string): void; warn(text: string): void };
  onOutcome?: (outcome: CacheOutcome) => void;
  readElsewhere?: AnswerCacheOptions['readElsewhere'];
}

/** Begins this process's cache, empty, shared through Redis where there is one. */
export function openCache({ redis, log, onOutcome, readElsewhere }: ShopCacheOptions): void {
  closeCache();
  const onTrouble = (isAway: boolean): void =>
    isAway
      ? log.warn('Redis does not answer: catalogue answers are kept in this process alone until it is back')
      : log.info('Redis is back: catalogue answers are shared again');
  const shared = redis === undefined ? undefined : createRedisTier(redis, onTrouble);
  cache = new AnswerCache({ shared, onOutcome, readElsewhere });
  feed = createChangeFeed(cache.changes, redis);
}

export function closeCache(): void {
  feed.stop();
}

/** The answers this process keeps. */
export const shopCache = (): AnswerCache => cache;

/** Says on every process that what was made from these is worth nothing any more. */
export const tellChanged = (tags: readonly string[]): void => feed.tell(tags);
