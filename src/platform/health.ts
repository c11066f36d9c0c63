import { statfs } from 'node:fs/promises';

import type { Redis } from 'ioredis';

import { readBacklog } from './outbox';

export interface Check {
  ok: boolean;
  ms: number;
  /** What is wrong, in words that reveal nothing. */
  message?: string;
  /** Seconds the oldest due message has been waiting. */
  ageSeconds?: number;
  /** Seconds a replica is behind. */
  lagSeconds?: number;
  /** What is left of the disk. */
  freeMegabytes?: number;
}

export interface Readiness {
  ready: boolean;
  /** The names of the checks that say no. */
  failing: string[];
  checks: Record<string, Check>;
}

export type CheckWork = () => Promise<Partial<Check> | void>;

const CHECK_TIMEOUT_MS = 2_000;
/** Work that waits longer than this means that no worker is at it, or too few. */
const LATE_SECONDS = 300;
/** Below the first somebody should look, below the second the next upload or log line fails. */
const LITTLE_MEGABYTES = 1_024;
const NO_MEGABYTES = 64;

async function timed(work: CheckWork): Promise<Check> {
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

/** The disk the process writes to: logs, local uploads. */
async function checkDisk(folder: string): Promise<Partial<Check>> {
  const { bavail, bsize } = await statfs(folder);
  const freeMegabytes = Math.floor((Number(bavail) * Number(bsize)) / 1024 / 1024);
  if (freeMegabytes < NO_MEGABYTES) return { ok: false, freeMegabytes, message: 'the disk is full' };
  return freeMegabytes < LITTLE_MEGABYTES
    ? { freeMegabytes, message: 'the disk is almost full' }
    : { freeMegabytes };
}

const more = new Map<string, CheckWork>();

/** Adds a check of whoever else a request may need, e.g. a replica. Asked each time; two seconds and it has failed. */
export function addReadinessCheck(name: string, work: CheckWork): void {
  more.set(name, work);
}

export interface ReadinessNeeds {
  redis: Redis | undefined;
  /** A folder on the disk that is written to; not looked at when left out. */
  folder?: string;
}

async function ask({ redis, folder }: ReadinessNeeds): Promise<Readiness> {
  const works: [string, CheckWork][] = [
    ['database', async () => void (await strapi.db.connection.raw('select 1'))],
    ['outbox', checkOutbox],
    ...more,
  ];
  if (redis !== undefined) works.push(['cache', async () => void (await redis.ping())]);
  if (folder !== undefined) works.push(['disk', () => checkDisk(folder)]);
  // At once, so that what hangs costs one time-out and not one for each.
  const answers = await Promise.all(works.map(async ([name, work]) => [name, await timed(work)] as const));
  const failing = answers.filter(([, { ok }]) => !ok).map(([name]) => name);
  return { ready: failing.length === 0, failing, checks: Object.fromEntries(answers) };
}

let asking: Promise<Readiness> | undefined;

/**
 * Asks everything a request may need: the database, the cache where one is configured, the disk, and what was added. The
 * outbox is reported beside them. Nothing here names hosts or prints exceptions. Those who ask while it is being asked get the same
 * answer.
 */
export function checkReadiness(needs: ReadinessNeeds): Promise<Readiness> {
  asking ??= ask(needs).finally(() => {
    asking = undefined;
  });
  return asking;
}
