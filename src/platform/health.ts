import type { Redis } from 'ioredis';

import { readBacklog } from './outbox';

export interface Check {
  ok: boolean;
  ms: number;
  /** What is wrong, in words that reveal nothing. */
  message?: string;
  /** Seconds the oldest due message has been waiting. */
  ageSeconds?: number;
}

export interface Readiness {
  ready: boolean;
  checks: Record<string, Check>;
}

const CHECK_TIMEOUT_MS = 2_000;
/** Work that waits longer than this means that no worker is at it, or too few. */
const LATE_SECONDS = 300;

async function timed(work: () => Promise<Partial<Check> | void>): Promise<Check> {
  const start = performance.now();
  const elapsed = () => Math.round(performance.now() - start);
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('timeout')), CHECK_TIMEOUT_MS);
  });
  try {
    const result = await Promise.race([work(), timeout]);
    return { ok: true, ms: elapsed(), ...result };
  } catch {
    return { ok: false, ms: elapsed(), message: 'does not answer' };
  } finally {
    clearTimeout(timer);
  }
}

/** Late work is said and is no outage: taking this process out of service would make it later still. */
async function checkOutbox(): Promise<Partial<Check>> {
  const { ageSeconds } = await readBacklog();
  return ageSeconds <= LATE_SECONDS
    ? { ageSeconds }
    : { ageSeconds, message: 'work is waiting for a worker' };
}

/**
 * Asks everything a request may need: the database, and the cache where one is configured. The outbox is reported
 * beside them. Nothing here names hosts or prints exceptions.
 */
export async function checkReadiness(redis: Redis | undefined): Promise<Readiness> {
  const checks: Record<string, Check> = {
    database: await timed(async () => {
      await strapi.db.connection.raw('select 1');
    }),
    outbox: await timed(checkOutbox),
  };
  if (redis !== undefined) {
    checks.cache = await timed(async () => {
      await redis.ping();
    });
  }
  return { ready: Object.values(checks).every((check) => check.ok), checks };
}
