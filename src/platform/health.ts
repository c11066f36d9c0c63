import { clock } from './clock';
import { OUTBOX_UID } from './outbox';
import { query } from './database';
import type { Redis } from 'ioredis';

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
/** Work that waits longer than this means that no worker is at it. */
const MAX_OUTBOX_AGE_SECONDS = 300;

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

async function checkOutbox(): Promise<Partial<Check>> {
  const now = clock.now();
  const [row] = (await query(OUTBOX_UID)
    .where('status', 'pending')
    .where('available_at', '<=', now)
    .orderBy('available_at')
    .limit(1)
    .select('available_at')) as { available_at: Date | number }[];
  const ageSeconds =
    row === undefined ? 0 : Math.round((now.getTime() - new Date(row.available_at).getTime()) / 1000);
  if (ageSeconds <= MAX_OUTBOX_AGE_SECONDS) return { ageSeconds };
  return { ok: false, ageSeconds, message: 'work is waiting and no worker takes it' };
}

/** Asks everything a request may need. Nothing here names hosts or prints exceptions. */
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
