import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';

interface Options {
  url: string;
  connections: number;
  duration?: number;
  amount?: number;
  requests: { setupRequest: (request: object) => object }[];
}

interface Result {
  duration: number;
  errors: number;
}

// It ships no types; this is the part that is used. With a callback it returns what tells of every answer.
const autocannon = createRequire(__filename)('autocannon') as (
  options: Options,
  done: (error: Error | null, result: Result) => void,
) => EventEmitter;

export interface Load {
  url: string;
  connections: number;
  seconds: number;
  /** Ends after this many requests instead. */
  amount?: number;
  /** What one request is; called for each. */
  next: () => { method: 'GET' | 'POST'; path: string; headers?: Record<string, string>; body?: string };
}

export interface Measured {
  perSecond: number;
  /** Milliseconds. */
  p50: number;
  p95: number;
  p99: number;
  /** Status → how many. A refusal is not a success, and anything unexpected is seen here. */
  statuses: Record<string, number>;
}

const percentile = (sorted: number[], share: number): number =>
  Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN);

/** Sends requests for a bounded time over a bounded number of connections. */
export async function run({ url, connections, seconds, amount, next }: Load): Promise<Measured> {
  const times: number[] = [];
  const statuses: Record<string, number> = {};
  const result = await new Promise<Result>((resolve, reject) => {
    const tracker = autocannon(
      {
        url,
        connections,
        ...(amount === undefined ? { duration: seconds } : { amount }),
        requests: [{ setupRequest: (request) => ({ ...request, ...next() }) }],
      },
      (error, finished) => (error === null ? resolve(finished) : reject(error)),
    );
    tracker.on('response', (_client: unknown, status: number, _bytes: number, milliseconds: number) => {
      times.push(milliseconds);
      statuses[status] = (statuses[status] ?? 0) + 1;
    });
  });
  if (result.errors > 0) statuses.error = result.errors;
  times.sort((a, b) => a - b);
  return {
    perSecond: times.length / result.duration,
    p50: percentile(times, 0.5),
    p95: percentile(times, 0.95),
    p99: percentile(times, 0.99),
    statuses,
  };
}

/** Runs a load and throws when any answer had another status than expected. */
export async function runExpecting(status: number, load: Load): Promise<Measured> {
  const measured = await run(load);
  const others = Object.keys(measured.statuses).filter((seen) => seen !== String(status));
  if (others.length > 0) throw new Error(`expected only ${status}, saw ${JSON.stringify(measured.statuses)}`);
  return measured;
}
