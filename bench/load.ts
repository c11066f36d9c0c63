import { createRequire } from 'node:module';

interface Result {
  requests: { average: number };
  latency: { p50: number; p97_5: number; p99: number };
  statusCodeStats: Record<string, { count: number }>;
  errors: number;
}

// It ships no types; this is the part that is used.
const autocannon = createRequire(__filename)('autocannon') as (options: {
  url: string;
  connections: number;
  duration: number;
  requests: { setupRequest: (request: object) => object }[];
}) => Promise<Result>;

export interface Load {
  url: string;
  connections: number;
  seconds: number;
  /** What one request is; called for each. */
  next: () => { method: 'GET' | 'POST'; path: string; headers?: Record<string, string>; body?: string };
}

export interface Measured {
  perSecond: number;
  p50: number;
  p97_5: number;
  p99: number;
  /** Status → how many. A refusal is not a success, and anything unexpected is seen here. */
  statuses: Record<string, number>;
}

/** Sends requests for a bounded time over a bounded number of connections; latencies in milliseconds. */
export async function run({ url, connections, seconds, next }: Load): Promise<Measured> {
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    requests: [{ setupRequest: (request) => ({ ...request, ...next() }) }],
  });
  const statuses: Record<string, number> = Object.fromEntries(
    Object.entries(result.statusCodeStats).map(([status, { count }]) => [status, count]),
  );
  if (result.errors > 0) statuses.error = result.errors;
  return {
    perSecond: result.requests.average,
    p50: result.latency.p50,
    p97_5: result.latency.p97_5,
    p99: result.latency.p99,
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
