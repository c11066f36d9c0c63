/** Counters of this process: how many calls ended how, and how long they took. */
import type { System } from './constants';
import type { FailureKind } from './domain/errors';

export type CallOutcome = 'ok' | FailureKind;

export interface CallMetric {
  system: System;
  operation: string;
  outcome: CallOutcome;
  calls: number;
  /** Their time, in seconds, all together. */
  seconds: number;
}

const metrics = new Map<string, CallMetric>();

export function countCall(
  call: Pick<CallMetric, 'system' | 'operation' | 'outcome'>,
  durationMs: number,
): void {
  const { system, operation, outcome } = call;
  const key = `${system} ${operation} ${outcome}`;
  const metric = metrics.get(key) ?? { system, operation, outcome, calls: 0, seconds: 0 };
  metric.calls += 1;
  metric.seconds += durationMs / 1000;
  metrics.set(key, metric);
}

/** What this process has counted since it started; for whoever exposes metrics. */
export const readMetrics = (): CallMetric[] => [...metrics.values()].map((metric) => ({ ...metric }));
