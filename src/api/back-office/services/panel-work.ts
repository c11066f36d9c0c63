/** What the panel's buttons do: the very services the REST routes call, for a panel user. */
import { notFound, Refusal } from '../../../domain/refusal';
import { fetchRow, inTransaction, query } from '../../../platform/database';
import { OUTBOX_UID, replayMessage } from '../../../platform/outbox';
import { isDocumentId } from '../../../platform/request';
import { adjustStock } from '../../inventory/services/stock';
import { type Actor, actorLabel } from '../../order/order-rows';
import { readProductId } from '../queries/product-stock';

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

/** Runs a dead message again. Throws NOT_FOUND, ORDER_STATE_CONFLICT when it is not dead. */
export async function replay(documentId: string): Promise<void> {
  if (!isDocumentId(documentId)) throw notFound();
  const known = await fetchRow(OUTBOX_UID, query(OUTBOX_UID).where('document_id', documentId).select('id'));
  if (known === undefined) throw notFound();
  if (await replayMessage(documentId)) return;
  throw new Refusal('ORDER_STATE_CONFLICT', {
    sentence: { zh: '只有失败的消息可以重新执行', en: 'Only a dead message can be run again' },
  });
}

export default () => ({ adjustProductStock, replay });
