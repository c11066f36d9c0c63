/** When a schedule is due: cron expressions of five or six fields, read in Beijing time. */
import { validate } from 'node-cron';

import type { SyncKind } from './sync';

export const SCHEDULE_TIME_ZONE = 'Asia/Shanghai';

/** True for five fields (minute first) or six (second first) that the scheduler understands. */
export function isCronExpression(expression: string): boolean {
  const fields = expression.trim().split(/\s+/);
  return (fields.length === 5 || fields.length === 6) && validate(fields.join(' '));
}

/** One turn of one schedule, the same in every process, whatever its clock's milliseconds. */
export const scheduleKey = (kind: SyncKind, dueAt: Date): string =>
  `${kind}@${new Date(Math.round(dueAt.getTime() / 1_000) * 1_000).toISOString().slice(0, 19)}Z`;
