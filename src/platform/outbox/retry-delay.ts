import { randomInt } from 'node:crypto';

const BACKOFF_FIRST_MS = 1_000;
const BACKOFF_CEILING_MS = 10 * 60_000;

/** Exponential with full jitter above a floor: retries of many messages spread out instead of arriving together. */
export function retryDelayMs(attempts: number): number {
  const ceiling = Math.min(BACKOFF_FIRST_MS * 2 ** (attempts - 1), BACKOFF_CEILING_MS);
  return Math.floor(ceiling / 2) + randomInt(Math.ceil(ceiling / 2) + 1);
}
