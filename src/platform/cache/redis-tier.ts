import type { Redis } from 'ioredis';

import { type Answer, packAnswer, unpackAnswer } from './answer';

/** The second level: what another process has read already. */
export interface SharedTier {
  /** With how long it may still be used, in milliseconds. Undefined when it is not there, or Redis does not answer in time. */
  read(key: string): Promise<{ answer: Answer; leftMs: number } | undefined>;
  /** Never fails and is not waited for. */
  write(key: string, answer: Answer, leftMs: number): void;
}

const PREFIX = 'shop:answer:';
/** A reader waits this long for Redis and then asks the database, which would have answered by then. */
const PATIENCE_MS = 40;
/** After so many failures in a row Redis is left alone for a while. */
const FAILURES = 5;
const REST_MS = 5_000;
/** What is about to end is not worth sending. */
const WORTH_MS = 50;

const within = <T>(work: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('Redis took too long')), PATIENCE_MS);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });

/** The tier on `redis`; `onTrouble` hears when it is given up for a while and when it is back. */
export function createRedisTier(redis: Redis, onTrouble: (isAway: boolean) => void): SharedTier {
  let failures = 0;
  let restUntil = 0;
  const isResting = () => redis.status !== 'ready' || performance.now() < restUntil;
  const fail = () => {
    failures += 1;
    if (failures < FAILURES) return;
    if (failures === FAILURES) onTrouble(true);
    restUntil = performance.now() + REST_MS;
  };
  const succeed = () => {
    if (failures >= FAILURES) onTrouble(false);
    failures = 0;
  };
  return {
    async read(key) {
      if (isResting()) return undefined;
      try {
        const name = PREFIX + key;
        const replies = await within(redis.pipeline().get(name).pttl(name).exec());
        succeed();
        const [text, leftMs] = (replies ?? []).map(([, value]) => value);
        if (typeof text !== 'string' || typeof leftMs !== 'number' || leftMs <= 0) return undefined;
        return { answer: unpackAnswer(text), leftMs };
      } catch {
        fail();
        return undefined;
      }
    },
    write(key, answer, leftMs) {
      if (isResting() || leftMs < WORTH_MS) return;
      redis.set(PREFIX + key, packAnswer(answer), 'PX', Math.floor(leftMs)).then(succeed, fail);
    },
  };
}
