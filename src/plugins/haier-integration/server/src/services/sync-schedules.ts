/** The clock of the syncs: cron expressions from the settings, read again when they change. */
import type { Core } from '@strapi/strapi';
import { schedule, type ScheduledTask } from 'node-cron';

import { isCronExpression } from '../domain/settings-rules';
import { SYNC_KINDS, type SyncKind } from '../domain/sync';
import { SCHEDULE_TIME_ZONE } from '../domain/sync-schedule';

/** A process that was busy is late, not absent; another one has taken the turn, or this one does. */
const LATE_MS = 30_000;

export interface SyncSchedules {
  /** Makes the timetable what these expressions say; an empty one never fires. */
  apply(expressions: Record<SyncKind, string>): void;
  stop(): void;
}

/** A timetable that calls `fire` with the moment a turn was due, in every process that has one. `fire` never throws. */
export function createSyncSchedules(
  strapi: Core.Strapi,
  fire: (kind: SyncKind, dueAt: Date) => Promise<void>,
): SyncSchedules {
  const tasks = new Map<SyncKind, { expression: string; task?: ScheduledTask }>();
  const warn = (message: string): void => {
    strapi.log.warn(`haier-integration: ${message}`);
  };
  const logger = {
    info: () => undefined,
    debug: () => undefined,
    warn,
    error: (message: string | Error) => warn(String(message)),
  };

  function drop(kind: SyncKind): void {
    void tasks.get(kind)?.task?.destroy();
    tasks.delete(kind);
  }

  function set(kind: SyncKind, expression: string): void {
    if (tasks.get(kind)?.expression === expression) return;
    drop(kind);
    if (expression !== '' && !isCronExpression(expression)) {
      warn(`"${expression}" is no schedule for ${kind}`);
      tasks.set(kind, { expression });
      return;
    }
    const task =
      expression === ''
        ? undefined
        : schedule(expression, ({ date }) => fire(kind, date), {
            name: `haier-${kind}`,
            timezone: SCHEDULE_TIME_ZONE,
            missedExecutionTolerance: LATE_MS,
            suppressMissedWarning: true,
            unref: true,
            logger,
          });
    tasks.set(kind, { expression, task });
  }

  return {
    apply: (expressions) => SYNC_KINDS.forEach((kind) => set(kind, expressions[kind].trim())),
    stop: () => SYNC_KINDS.forEach(drop),
  };
}
