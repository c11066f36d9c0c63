/** Requests that are answered later: written with the promise to do them, finished once. */
import { notFound } from '../../../domain/refusal';
import { clock } from '../../../platform/clock';
import { fetchRow, insertRow, query, toColumns, type Tx } from '../../../platform/database';
import { renderError } from '../../../platform/errors';
import { announce } from '../../../platform/push';
import { currentRequest } from '../../../platform/request';
import { TASK_UID, type TaskRow } from '../task-rows';

/** As long as the idempotency keys, which lead to it. */
const KEEP_MS = 24 * 60 * 60_000;

export interface NewTask {
  documentId: string;
  userId: number;
  kind: string;
  request: Record<string, unknown>;
}

/** Writes a task in `tx`, beside the message that promises to do it. */
export async function createTask(tx: Tx, task: NewTask): Promise<void> {
  const { language = 'zh', requestId = '-' } = currentRequest() ?? {};
  await insertRow(TASK_UID, tx, {
    ...task,
    status: 'queued',
    language,
    requestId,
    expiresAt: new Date(clock.now().getTime() + KEEP_MS),
  });
}

/** A user's task. Throws NOT_FOUND also for somebody else's and for one that is forgotten. */
export async function findTask(documentId: string, userId: number): Promise<TaskRow> {
  const task = await fetchRow<TaskRow>(
    TASK_UID,
    query(TASK_UID).where({ document_id: documentId, user_id: userId }).where('expires_at', '>', clock.now()),
  );
  if (task === undefined) throw notFound();
  return task;
}

/** Begins a task, or goes on with one a worker died over. Undefined when it is finished or forgotten. */
export async function beginTask(documentId: string): Promise<TaskRow | undefined> {
  const task = await fetchRow<TaskRow>(TASK_UID, query(TASK_UID).where('document_id', documentId));
  if (task === undefined || task.status === 'succeeded' || task.status === 'failed') return undefined;
  await unfinished(documentId).update(toColumns(TASK_UID, { status: 'running', updatedAt: clock.now() }));
  return task;
}

const unfinished = (documentId: string, tx?: Tx) =>
  query(TASK_UID, tx).where('document_id', documentId).whereIn('status', ['queued', 'running']);

/** Finishes a task with the `data` of its answer; one that is finished stays as it is. */
export async function succeedTask({ documentId }: TaskRow, result: unknown): Promise<void> {
  const changed = await unfinished(documentId).update(
    toColumns(TASK_UID, { status: 'succeeded', result, updatedAt: clock.now() }),
  );
  if (changed > 0) announce('task', documentId);
}

/** Finishes a task with what was thrown, in the shape and the language a waiting request would have been refused in. */
export async function failTask(
  { documentId, language, requestId }: Pick<TaskRow, 'documentId' | 'language' | 'requestId'>,
  reason: unknown,
  tx?: Tx,
): Promise<void> {
  const { body } = renderError(reason, { language, requestId, keepMessages: false });
  const changed = await unfinished(documentId, tx).update(
    toColumns(TASK_UID, { status: 'failed', error: body.error, updatedAt: clock.now() }),
  );
  if (changed > 0) announce('task', documentId);
}

/** Fails a task whose message was given up, in the same transaction: nobody works it any more. */
export async function abandonTask(tx: Tx, documentId: string, reason: Error): Promise<void> {
  const task = await fetchRow<TaskRow>(TASK_UID, query(TASK_UID, tx).where('document_id', documentId));
  if (task !== undefined) await failTask(task, reason, tx);
}

export default () => ({ findTask });
