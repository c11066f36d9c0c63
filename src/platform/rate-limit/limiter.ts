import type { Redis } from 'ioredis';
import type { Context } from 'koa';
import ratelimit from 'koa-ratelimit';

import { Refusal } from '../../domain/refusal';
import { countLimited } from '../metrics';

const WINDOW_MS = 60_000;
/** More callers than this in one minute are no shoppers; the oldest counters go, so that memory has an end. */
const MAX_COUNTERS = 100_000;

export interface Limit {
  /** What is counted, e.g. `user:42` or `login-address:127.0.0.1`. */
  id: string;
  perMinute: number;
}

/** A counter of koa-ratelimit's memory driver; `reset` is in seconds. */
export interface Counter {
  reset: number;
}

export interface LimiterOptions {
  redis: Redis | undefined;
  /** Told when Redis fails and the process counts alone, and when Redis is back. */
  onFallback: (isFallback: boolean) => void;
  /** The counters of this process; for tests. */
  memory?: Map<string, Counter>;
  /** The driver counts in real time, whatever the shop's clock says; for tests. */
  now?: () => number;
}

/**
 * Counts a request against a limit and sets the `RateLimit-*` headers, which tell of the limit with the least left.
 * Throws RATE_LIMITED with `retryAfterSeconds`.
 */
export type Limiter = (ctx: Context, limit: Limit) => Promise<void>;

const HEADERS = { remaining: 'RateLimit-Remaining', reset: 'RateLimit-Reset', total: 'RateLimit-Limit' };

interface Standing {
  remaining: string;
  reset: string;
  total: string;
}

function readStanding(ctx: Context): Standing | undefined {
  const read = (name: string) => String(ctx.response.get(name));
  const standing = {
    remaining: read(HEADERS.remaining),
    reset: read(HEADERS.reset),
    total: read(HEADERS.total),
  };
  return standing.remaining === '' ? undefined : standing;
}

const writeStanding = (ctx: Context, { remaining, reset, total }: Standing): void =>
  ctx.set({ [HEADERS.remaining]: remaining, [HEADERS.reset]: reset, [HEADERS.total]: total });

/** Forgets counters whose minute is over, once a minute; the driver itself never does. */
function createSweep(memory: Map<string, Counter>, now: () => number): () => void {
  let next = now() + WINDOW_MS;
  return () => {
    for (const key of memory.keys()) {
      if (memory.size <= MAX_COUNTERS) break;
      memory.delete(key);
    }
    if (now() < next) return;
    next = now() + WINDOW_MS;
    for (const [key, { reset }] of memory) if (reset * 1000 < now()) memory.delete(key);
  };
}

/**
 * Limits shared by all processes through Redis; without Redis, or while it is away, each process counts in its own
 * memory: the doors never stand wide open and a shopper never sees an error of ours.
 */
export function createLimiter({
  redis,
  onFallback,
  memory = new Map(),
  now = Date.now,
}: LimiterOptions): Limiter {
  const sweep = createSweep(memory, now);
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
    if (store === 'memory') sweep();
    let passed = false;
    const middleware = ratelimit({
      driver: store,
      db: store === 'redis' ? redis : memory,
      namespace: 'shop:limit',
      duration: WINDOW_MS,
      max: perMinute,
      id: () => id,
      headers: HEADERS,
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
    const before = readStanding(ctx);
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
    const seconds = Math.max(1, Math.ceil(Number(ctx.response.get(HEADERS.reset)) - Date.now() / 1000));
    ctx.set(HEADERS.reset, String(seconds));
    if (!passed) {
      ctx.body = undefined;
      countLimited(limit.id);
      throw new Refusal('RATE_LIMITED', { details: { retryAfterSeconds: seconds } });
    }
    const after = readStanding(ctx);
    if (before !== undefined && after !== undefined && Number(before.remaining) < Number(after.remaining))
      writeStanding(ctx, before);
  };
}
