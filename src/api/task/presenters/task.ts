import { isoTime } from '../../../platform/request';
import type { TaskRow } from '../task-rows';

/** A task as its owner sees it; `result` and `error` are there once it has the one or the other. */
export const presentTask = (task: TaskRow) => ({
  id: task.documentId,
  status: task.status,
  ...(task.status === 'succeeded' ? { result: task.result } : {}),
  ...(task.status === 'failed' ? { error: task.error } : {}),
  createdAt: isoTime(task.createdAt),
  expiresAt: isoTime(task.expiresAt),
});
