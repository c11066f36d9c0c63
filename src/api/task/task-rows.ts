import type { BaseRow } from '../../platform/database';
import type { Language } from '../../platform/errors';

export const TASK_UID = 'api::task.task';

export type TaskStatus = 'queued' | 'running' | 'succeeded' | 'failed';

/** A request that is answered later. Its owner asks for it under its documentId, for a day. */
export interface TaskRow extends BaseRow {
  userId: number | null;
  kind: string;
  status: TaskStatus;
  /** What was asked, as its service understands it. */
  request: Record<string, unknown>;
  /** Of the request, for the words of a refusal. */
  language: Language;
  requestId: string;
  /** What a request that waited would have been answered with, its `data`. */
  result: unknown;
  /** The same of a refusal, its `error`. */
  error: unknown;
  expiresAt: Date;
}
