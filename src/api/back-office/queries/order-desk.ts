import { notFound } from '../../../domain/refusal';
import { fetchRow, fetchRows, query } from '../../../platform/database';
import { isDocumentId } from '../../../platform/request';
import { ORDER_HISTORY_UID, ORDER_UID, type OrderHistoryRow, type OrderRow } from '../../order/order-rows';
import { REFUND_UID, type RefundRow } from '../../payment/payment-rows';

const MAX_HISTORY = 100;

/** One order with all that happened to it and its refunds, as staff see it. */
export interface OrderFile {
  order: OrderRow;
  history: OrderHistoryRow[];
  refunds: RefundRow[];
}

/** Reads an order's file. Throws NOT_FOUND. */
export async function readOrderFile(documentId: string): Promise<OrderFile> {
  if (!isDocumentId(documentId)) throw notFound();
  const order = await fetchRow<OrderRow>(ORDER_UID, query(ORDER_UID).where('document_id', documentId));
  if (order === undefined) throw notFound();
  const [history, refunds] = [
    await fetchRows<OrderHistoryRow>(
      ORDER_HISTORY_UID,
      query(ORDER_HISTORY_UID).where('order_id', order.id).orderBy('id', 'desc').limit(MAX_HISTORY),
    ),
    await fetchRows<RefundRow>(
      REFUND_UID,
      query(REFUND_UID).where('order_id', order.id).orderBy('id', 'desc'),
    ),
  ];
  return { order, history, refunds };
}

/** Reads a refund. Throws NOT_FOUND. */
export async function readRefund(documentId: string): Promise<RefundRow> {
  if (!isDocumentId(documentId)) throw notFound();
  const refund = await fetchRow<RefundRow>(REFUND_UID, query(REFUND_UID).where('document_id', documentId));
  if (refund === undefined) throw notFound();
  return refund;
}
