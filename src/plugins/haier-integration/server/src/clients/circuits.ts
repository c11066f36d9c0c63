/** One circuit for each host: a system that keeps failing is left alone for a while. */
import {
  circuitBreaker,
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  handleWhen,
  isBrokenCircuitError,
} from 'cockatiel';

import type { System } from '../constants';
import { CallFailure } from './failure';

const FAILURES_BEFORE_OPEN = 10;
const OPEN_MS = 5_000;

/** What says something about the host's health: not a limit it keeps, and not what we did ourselves. */
const isHostsFailure = (error: Error): boolean =>
  error instanceof CallFailure && error.origin === 'host' && error.isWorthRepeating && error.status !== 429;

export interface Circuits {
  /** Runs the attempt unless the host's circuit is open; then throws `unavailable`. */
  pass<T>(place: { system: System; operation: string; host: string }, attempt: () => Promise<T>): Promise<T>;
}

export function createCircuits(options: { failuresBeforeOpen?: number; openMs?: number } = {}): Circuits {
  const { failuresBeforeOpen = FAILURES_BEFORE_OPEN, openMs = OPEN_MS } = options;
  const circuits = new Map<string, CircuitBreakerPolicy>();
  const circuitOf = (host: string): CircuitBreakerPolicy => {
    let circuit = circuits.get(host);
    if (circuit === undefined) {
      const breaker = new ConsecutiveBreaker(failuresBeforeOpen);
      circuit = circuitBreaker(handleWhen(isHostsFailure), { halfOpenAfter: openMs, breaker });
      circuits.set(host, circuit);
    }
    return circuit;
  };
  return {
    async pass({ system, operation, host }, attempt) {
      try {
        return await circuitOf(host).execute(attempt);
      } catch (error) {
        if (!isBrokenCircuitError(error)) throw error;
        throw new CallFailure(
          { system, operation, kind: 'unavailable', upstreamMessage: 'not asked, it has been failing' },
          { origin: 'here' },
        );
      }
    },
  };
}
