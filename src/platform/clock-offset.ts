/** One time for all processes: the database's, which every one of them can ask. */
import { clock } from './clock';
import { connectionFor, isPostgres } from './database';

/** Below this the clocks are taken for equal: asking takes time itself, and a clock should not jitter. */
const IGNORED_MS = 1_000;
const WARN_MS = 5_000;
const SAMPLES = 3;
const MEASURE_EVERY_MS = 60_000;

interface Log {
  warn(message: string): void;
}

let timer: NodeJS.Timeout | undefined;

/** Milliseconds the database's clock is ahead of this machine's; negative when it is behind. 0 on SQLite, which has none. */
export async function measureOffset(): Promise<number> {
  if (!isPostgres()) return 0;
  let best = { offsetMs: 0, tookMs: Infinity };
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const from = Date.now();
    const { rows } = (await connectionFor().raw(
      'select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms',
    )) as { rows: { ms: number }[] };
    const tookMs = Date.now() - from;
    // The quickest answer says it most exactly.
    if (tookMs < best.tookMs)
      best = { offsetMs: Math.round((rows[0]?.ms ?? from) - from - tookMs / 2), tookMs };
  }
  return best.offsetMs;
}

/** Puts the clock right when it is off by more than a second, and says so when that is more than a few. */
export async function putClockRight(log: Log): Promise<void> {
  const offsetMs = await measureOffset();
  if (Math.abs(offsetMs - clock.correction()) < IGNORED_MS) return;
  clock.correct(Math.abs(offsetMs) < IGNORED_MS ? 0 : offsetMs);
  if (Math.abs(offsetMs) >= WARN_MS) {
    log.warn(
      `The clock of this machine differs from the database's by ${Math.round(offsetMs / 1000)} s; ` +
        'the shop goes by the database. Set both by a time server.',
    );
  }
}

/** Measures now and every minute. */
export async function keepClockRight(log: Log): Promise<void> {
  await putClockRight(log);
  clearInterval(timer);
  timer = setInterval(() => {
    putClockRight(log).catch((error: unknown) =>
      log.warn(`the clock could not be compared: ${String(error)}`),
    );
  }, MEASURE_EVERY_MS);
  timer.unref();
}

export function stopClockKeeping(): void {
  clearInterval(timer);
}
