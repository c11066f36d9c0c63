import type { Measured } from './load';

export interface Yardstick {
  name: string;
  perSecond: number;
}

export const format = (value: number): string => value.toFixed(value < 100 ? 1 : 0);

/** One line a measure: rate, latencies, what was answered, and how it stands beside its yardstick. */
export function print(name: string, measured: Measured, yardstick?: Yardstick): void {
  const ratio =
    yardstick === undefined
      ? ''
      : `   ${(measured.perSecond / yardstick.perSecond).toFixed(2)} × ${yardstick.name}`;
  const { perSecond, p50, p95, p99, statuses } = measured;
  console.log(
    `${name.padEnd(44)} ${format(perSecond).padStart(8)}/s   p50 ${p50} ms  p95 ${p95} ms  p99 ${p99} ms   ${JSON.stringify(statuses)}${ratio}`,
  );
}
