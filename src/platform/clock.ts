import { settings } from '../../config/environment';

/**
 * The shop's clock. Everything that decides by time asks here, so that a test can move time instead of waiting. In
 * service it is the machine's clock, put right by the database's when the two differ (`platform/clock-offset`): several
 * processes decide about the same rows, and one whose clock is an hour off would expire every order it sees. Never a
 * database's `now()` in a statement: deadlines are compared with the clock that set them.
 */
let shiftMs = 0;
let correctionMs = 0;

export const clock = {
  now: (): Date => new Date(Date.now() + correctionMs + shiftMs),

  /** How far this machine's clock is put right, in milliseconds. */
  correction: (): number => correctionMs,

  /** Puts this process's clock right by so many milliseconds. */
  correct(ms: number): void {
    correctionMs = ms;
  },

  /** Moves this process's clock. Refused outside tests. */
  advance(ms: number): void {
    if (settings().NODE_ENV !== 'test') throw new Error('the clock can be moved in tests only');
    shiftMs += ms;
  },

  reset(): void {
    shiftMs = 0;
    correctionMs = 0;
  },
};
