/**
 * Numbers that must be asked of the database: read at most every so often, by one question at a time, and shown from memory.
 * A database that does not answer costs a look at the metrics no more than `WAIT_MS`.
 */
import { counter } from './registry';

const WAIT_MS = 1_000;
/** Older numbers are no longer shown: an alert on "no numbers" says more than a flat line. */
const SHOWN_MS = 5 * 60_000;

const failures = counter('shop_metrics_reading_failures_total', 'Numbers that could not be read', [
  'reading',
]);

export interface Reading<T> {
  name: string;
  everyMs: number;
  read(): Promise<T>;
}

interface CachedReading<T> {
  /** What was read last, or undefined when that is too long ago. */
  value(): T | undefined;
}

const all: { refresh(): Promise<void> }[] = [];

/** A number that is read again when somebody looks at the metrics and `everyMs` have passed. */
export function cachedReading<T>({ name, everyMs, read }: Reading<T>): CachedReading<T> {
  let held: { value: T; at: number } | undefined;
  let asking: Promise<void> | undefined;
  let askedAt = -Infinity;
  const ask = async (): Promise<void> => {
    askedAt = performance.now();
    try {
      held = { value: await read(), at: performance.now() };
    } catch {
      // The reason is in the log of whoever needs the database; here it counts that there is no number.
      failures.inc({ reading: name });
    } finally {
      asking = undefined;
    }
  };
  all.push({
    refresh() {
      if (asking === undefined && performance.now() - askedAt >= everyMs) asking = ask();
      return asking ?? Promise.resolve();
    },
  });
  return {
    value: () => (held !== undefined && performance.now() - held.at <= SHOWN_MS ? held.value : undefined),
  };
}

/** Reads what is due; resolves when all of it is there, or after a second with what is. */
export async function refreshReadings(waitMs = WAIT_MS): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, waitMs);
  });
  await Promise.race([Promise.all(all.map((reading) => reading.refresh())), late]);
  clearTimeout(timer);
}
