/** What the panel's buttons do: the very services the REST routes call, for a panel user. */
import { notFound, Refusal } from '../../../domain/refusal';
import { fetchRow, inTransaction, query } from '../../../platform/database';
import { OUTBOX_UID, type OutboxMessage, replayMessage, replayTopic } from '../../../platform/outbox';
import { isDocumentId } from '../../../platform/request';
import { adjustStock } from '../../inventory/services/stock-adjustment';
import { type Actor, actorLabel } from '../../order/order-rows';
import { readProductId } from '../../product/products-for-sale';

/**
 * Changes a product's stock by hand or by count. Throws NOT_FOUND, OUT_OF_STOCK when the result would be below what is
 * locked.
 */
export async function adjustProductStock(
  product: string,
  change: { delta?: number; onHand?: number; reason: string },
  actor: Actor,
): Promise<void> {
  const productId = await readProductId(product);
  await inTransaction((tx) =>
    adjustStock(tx, { ...change, productDocumentId: product, productId, operator: actorLabel(actor) }),
  );
}

async function readMessage(documentId: string): Promise<OutboxMessage> {
  const message = isDocumentId(documentId)
    ? await fetchRow<OutboxMessage>(OUTBOX_UID, query(OUTBOX_UID).where('document_id', documentId))
    : undefined;
  if (message === undefined) throw notFound();
  return message;
}

/** Runs every dead message of this one's topic again; returns how many there were. Throws NOT_FOUND. */
export async function replayAlike(documentId: string): Promise<number> {
  const { topic } = await readMessage(documentId);
  return replayTopic(topic);
}

/** Runs a dead message again. Throws NOT_FOUND, MESSAGE_CONFLICT when it is not dead. */
export async function replay(documentId: string): Promise<void> {
  await readMessage(documentId);
  if (await replayMessage(documentId)) return;
  throw new Refusal('MESSAGE_CONFLICT', {
    sentence: { zh: '只有失败的消息可以重新执行', en: 'Only a dead message can be run again' },
  });
}
