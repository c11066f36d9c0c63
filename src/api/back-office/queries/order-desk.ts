import { notFound } from '../../../domain/refusal';
import { fetchRow, fetchRows, query } from '../../../platform/database';
import { isDocumentId } from '../../../platform/request';
import { ORDER_HISTORY_UID, ORDER_UID, type OrderHistoryRow, type OrderRow } from '../../order/order-rows';
import { REFUND_UID, type RefundRow } from '../../payment/payment-rows';
import { refundsOfOrder } from '../../payment/payment-store';

const MAX_HISTORY = 100;

/** One order with all that happened to it and its refunds, as staff see it. */
export interface OrderFile {
  order: OrderRow;
  history: OrderHistoryRow[];
  refunds: DeskRefund[];
}

/** A refund, and whether staff have tried it again under another number. */
export type DeskRefund = RefundRow & { isRetried: boolean };

async function withRetries(refunds: RefundRow[]): Promise<DeskRefund[]> {
  const rows = (await query(REFUND_UID)
    .whereIn(
      'retry_of_id',
      refunds.map((refund) => refund.id),
    )
    .select('retry_of_id')) as { retry_of_id: number }[];
  const retried = new Set(rows.map((row) => row.retry_of_id));
  return refunds.map((refund) => ({ ...refund, isRetried: retried.has(refund.id) }));
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
    await withRetries((await refundsOfOrder(order.id)).reverse()),
  ];
  return { order, history, refunds };
}

/** Reads a refund. Throws NOT_FOUND. */
export async function readRefund(documentId: string): Promise<DeskRefund> {
  if (!isDocumentId(documentId)) throw notFound();
  const refund = await fetchRow<RefundRow>(REFUND_UID, query(REFUND_UID).where('document_id', documentId));
  if (refund === undefined) throw notFound();
  const [desk] = await withRetries([refund]);
  return desk ?? { ...refund, isRetried: false };
}
