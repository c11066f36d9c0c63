/**
 * The numbers of this process, for Prometheus. Whoever counts something makes its own meter here, once, at load:
 *
 *   const hits = counter('shop_cache_hits_total', 'Reads answered by the cache', ['cache']);
 *   hits.inc({ cache: 'catalogue' });
 *   observed('shop_replica_lag_seconds', 'How far a replica is behind', ['replica'], () => [{ labels: { replica: '1' }, value: 0.2 }]);
 *
 * Labels take values from a list that is known beforehand (a route's pattern, a topic), never what a caller sent.
 */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

export const registry = new Registry();

const options = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) => ({
  name,
  help,
  labelNames: [...labelNames],
  registers: [registry],
});

export const counter = <Label extends string = never>(
  name: string,
  help: string,
  labelNames: readonly Label[] = [],
): Counter<Label> => new Counter(options(name, help, labelNames));

export const gauge = <Label extends string = never>(
  name: string,
  help: string,
  labelNames: readonly Label[] = [],
): Gauge<Label> => new Gauge(options(name, help, labelNames));

export const histogram = <Label extends string = never>(
  name: string,
  help: string,
  labelNames: readonly Label[],
  buckets: number[],
): Histogram<Label> => new Histogram({ ...options(name, help, labelNames), buckets });

export interface Sample<Label extends string> {
  labels: Partial<Record<Label, string>>;
  value: number;
}

/** A gauge that is read when somebody looks. `read` answers at once; what takes time is read beforehand (`cachedReading`). */
export function observed<Label extends string = never>(
  name: string,
  help: string,
  labelNames: readonly Label[],
  read: () => readonly Sample<Label>[],
): void {
  new Gauge({
    ...options(name, help, labelNames),
    collect() {
      this.reset();
      for (const { labels, value } of read()) this.set(labels as never, value);
    },
  });
}

/** A counter whose count is kept elsewhere. */
export function observedTotal<Label extends string = never>(
  name: string,
  help: string,
  labelNames: readonly Label[],
  read: () => readonly Sample<Label>[],
): void {
  new Counter({
    ...options(name, help, labelNames),
    collect() {
      this.reset();
      for (const { labels, value } of read()) this.inc(labels as never, value);
    },
  });
}
