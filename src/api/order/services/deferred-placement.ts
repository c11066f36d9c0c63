/** Orders for shoppers who do not wait: a task now, the placement by a worker, once. */
import { notFound, Refusal } from '../../../domain/refusal';
import { inTransaction } from '../../../platform/database';
import { createDocumentId } from '../../../platform/document-id';
import {
  claimKey,
  findAnswer,
  type IdempotentRequest,
  storedAnswer,
  type StoredAnswer,
} from '../../../platform/idempotency';
import { enqueue } from '../../../platform/outbox';
import { one } from '../../../platform/request';
import { beginTask, createTask, failTask, succeedTask } from '../../task/services/tasks';
import type { TaskRow } from '../../task/task-rows';
import { placeOrders } from './placement';
import { type PlacementRequest, placementRequestSchema, toPlacement } from './placement-request';
import type { PlacedAnswer } from './placement-writer';

/** After so many failures that were no refusal the shopper hears of it: nobody waits an hour for an order. */
const MAX_ATTEMPTS = 5;

/**
 * Promises to place the orders and answers with the task. Key, task and promise are one commit: the same idempotency key
 * gives the same task, and the same answer if it was used without deferring. Throws IDEMPOTENCY_CONFLICT.
 */
export async function deferPlacement(
  request: PlacementRequest,
  idempotent: IdempotentRequest | undefined,
): Promise<PlacedAnswer> {
  const documentId = createDocumentId();
  const answer: StoredAnswer = { status: 202, body: one({ taskId: documentId }) };
  return inTransaction(async (tx) => {
    const holder =
      idempotent === undefined ? undefined : await claimKey(tx, idempotent, { status: 'done', answer });
    if (holder !== undefined) {
      const earlier = storedAnswer(holder);
      if (earlier === undefined) throw new Refusal('IDEMPOTENCY_CONFLICT');
      return { ...earlier, isReplayed: true };
    }
    await createTask(tx, { documentId, userId: request.shopper.id, kind: 'order.place', request });
    await enqueue(tx, [{ topic: 'order.place', payload: { task: documentId } }]);
    return answer;
  });
}

/** The placement's own key, whoever works it and how often: its orders exist once. */
const keyOf = ({ userId, documentId }: TaskRow): IdempotentRequest => ({
  userId: userId ?? 0,
  route: 'task order.place',
  key: documentId,
  requestHash: documentId,
});

const dataOf = ({ body }: StoredAnswer): unknown => (body as { data: unknown }).data;

/**
 * Does a task. A refusal is its result; anything else is thrown to be tried again, and is the result after the fifth
 * time. A worker that died after the commit is followed by one that finds the orders placed.
 */
export async function placeDeferred(taskId: string, attempt: number): Promise<void> {
  const task = await beginTask(taskId);
  if (task === undefined) return;
  if (task.userId === null) return failTask(task, notFound());
  const key = keyOf(task);
  try {
    const request = placementRequestSchema.parse(task.request);
    await succeedTask(task, dataOf(await placeOrders(toPlacement(request, key))));
  } catch (error) {
    if (error instanceof Refusal) return failTask(task, error);
    if (attempt < MAX_ATTEMPTS) throw error;
    // What failed may have been the way back from a commit that happened.
    const placed = await findAnswer(key);
    if (placed !== undefined) return succeedTask(task, dataOf(placed));
    strapi.log.error(`task ${taskId} failed`, { error });
    await failTask(task, error);
  }
}

export default () => ({ deferPlacement, placeDeferred });
