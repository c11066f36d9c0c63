import type { Redis } from 'ioredis';
import type { Context } from 'koa';
import ratelimit from 'koa-ratelimit';

import { Refusal } from '../../domain/refusal';

const WINDOW_MS = 60_000;

export interface Limit {
  /** What is counted, e.g. `user:42` or `login-address:127.0.0.1`. */
  id: string;
  perMinute: number;
}

export interface LimiterOptions {
  redis: Redis | undefined;
  /** Told when Redis fails and the process counts alone, and when Redis is back. */
  onFallback: (isFallback: boolean) => void;
}

/** Counts a request against a limit. Throws RATE_LIMITED with `retryAfterSeconds`. */
export type Limiter = (ctx: Context, limit: Limit) => Promise<void>;

/**
 * Limits shared by all processes through Redis; without Redis, or while it is away, each process counts in its own
 * memory: the doors never stand wide open and a shopper never sees an error of ours.
 */
export function createLimiter({ redis, onFallback }: LimiterOptions): Limiter {
  const memory = new Map<unknown, unknown>();
  let isFallback = false;

  const note = (next: boolean) => {
    if (next !== isFallback) onFallback(next);
    isFallback = next;
  };

  const count = async (
    ctx: Context,
    { id, perMinute }: Limit,
    store: 'redis' | 'memory',
  ): Promise<boolean> => {
    let passed = false;
    const middleware = ratelimit({
      driver: store,
      db: store === 'redis' ? redis : memory,
      namespace: 'shop:limit',
      duration: WINDOW_MS,
      max: perMinute,
      id: () => id,
      headers: { remaining: 'RateLimit-Remaining', reset: 'RateLimit-Reset', total: 'RateLimit-Limit' },
    } as Parameters<typeof ratelimit>[0]);
    // The library goes on to the next middleware by itself; ours decides after it, so that an error from
    // further in is never taken for one of the counter.
    await middleware(ctx as never, () => {
      passed = true;
      return Promise.resolve();
    });
    return passed;
  };

  return async (ctx, limit) => {
    let passed: boolean;
    try {
      passed = await count(ctx, limit, redis === undefined ? 'memory' : 'redis');
      if (redis !== undefined) note(false);
    } catch (error) {
      if (redis === undefined) throw error;
      note(true);
      passed = await count(ctx, limit, 'memory');
    }
    // The header counts seconds from now (IETF draft "RateLimit header fields"); the library gives a moment.
    const resetAt = Number(ctx.response.get('RateLimit-Reset'));
    const seconds = Math.max(1, Math.ceil(resetAt - Date.now() / 1000));
    ctx.set('RateLimit-Reset', String(seconds));
    if (passed) return;
    ctx.body = undefined;
    throw new Refusal('RATE_LIMITED', { details: { retryAfterSeconds: seconds } });
  };
}
