import { settings } from '../../config/environment';

/**
 * The shop's clock. Everything that decides by time asks here, so that a test can move time instead of waiting.
 * Never a database's `now()`: deadlines are compared with the clock that set them.
 */
let shiftMs = 0;

export const clock = {
  now: (): Date => new Date(Date.now() + shiftMs),

  /** Moves this process's clock. Refused outside tests. */
  advance(ms: number): void {
    if (settings().NODE_ENV !== 'test') throw new Error('the clock can be moved in tests only');
    shiftMs += ms;
  },

  reset(): void {
    shiftMs = 0;
  },
};
