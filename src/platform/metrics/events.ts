/** What the platform counts as it happens. Every label takes its values from names in the code. */
import { counter, gauge, histogram } from './registry';

const limited = counter('shop_rate_limited_total', 'Requests refused by a rate limit', ['limit']);
const isShared = gauge('shop_rate_limit_shared', '1 while limits are counted in Redis for all processes');
const refusals = counter('shop_refusals_total', 'Requests refused, by the code of the answer', ['code']);
const cacheReads = counter('shop_cache_reads_total', 'Reads of a cache, by what came of them', [
  'cache',
  'outcome',
]);
const replicaLag = gauge('shop_replica_lag_seconds', 'How far a replica is behind', ['replica']);
const outside = histogram(
  'shop_outside_call_duration_seconds',
  'Calls of other services, by how they ended',
  ['service', 'outcome'],
  [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
);
const handled = histogram(
  'shop_outbox_handled_duration_seconds',
  'Outbox messages worked, by how the attempt ended',
  ['topic', 'outcome'],
  [0.005, 0.025, 0.1, 0.5, 1, 5, 30, 120, 1800],
);

/** `id` is what was counted, e.g. `login-account:…`; only its kind is shown. */
export const countLimited = (id: string): void => limited.inc({ limit: id.slice(0, id.indexOf(':')) });

export const noteSharedLimits = (shared: boolean): void => isShared.set(shared ? 1 : 0);

/** `code` is one of the shop's refusal codes. */
export const countRefusal = (code: string): void => refusals.inc({ code });

/** `cache` names what is cached, e.g. `catalogue`. */
export const countCacheRead = (cache: string, outcome: 'hit' | 'miss'): void =>
  cacheReads.inc({ cache, outcome });

/** `replica` is its place in DATABASE_REPLICA_URLS, from 1. */
export const noteReplicaLag = (replica: number, seconds: number): void =>
  replicaLag.set({ replica: String(replica) }, seconds);

/** Runs one call of an outside service and counts it: `answered`, or the name of the error it ended with. */
export async function timeOutsideCall<T>(service: string, call: () => Promise<T>): Promise<T> {
  const done = outside.startTimer({ service });
  try {
    const answer = await call();
    done({ outcome: 'answered' });
    return answer;
  } catch (error) {
    done({ outcome: error instanceof Error ? error.name : 'Error' });
    throw error;
  }
}

/** Runs one attempt at an outbox message and counts it. */
export async function timeMessage<T>(topic: string, work: () => Promise<T>): Promise<T> {
  const done = handled.startTimer({ topic });
  try {
    const result = await work();
    done({ outcome: 'ok' });
    return result;
  } catch (error) {
    done({ outcome: 'failed' });
    throw error;
  }
}
