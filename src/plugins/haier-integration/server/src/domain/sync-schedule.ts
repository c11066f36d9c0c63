/** When the schedules are due: in Beijing time, whatever zone a process runs in. */
import type { SyncKind } from './sync';

export const SCHEDULE_TIME_ZONE = 'Asia/Shanghai';

/** One turn of one schedule, the same in every process, whatever its clock's milliseconds. */
export const scheduleKey = (kind: SyncKind, dueAt: Date): string =>
  `${kind}@${new Date(Math.round(dueAt.getTime() / 1_000) * 1_000).toISOString().slice(0, 19)}Z`;
