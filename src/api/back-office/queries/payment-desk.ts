import { notFound } from '../../../domain/refusal';
import { fetchRow, fetchRows, query } from '../../../platform/database';
import { isDocumentId } from '../../../platform/request';
import { ORDER_UID, type OrderRow } from '../../order/order-rows';
import { ALLOCATION_UID, type AllocationRow, PAYMENT_UID, type PaymentRow } from '../../payment/payment-rows';

/** A payment and what one order has of it, in yuan. */
export interface OrderPayment {
  payment: PaymentRow;
  share: number;
}

/** An order and what it has of one payment, in yuan. */
export interface PaidOrder {
  order: OrderRow;
  share: number;
}

/** A payment with the orders it is for. */
export interface PaymentFile {
  payment: PaymentRow;
  orders: PaidOrder[];
}

async function findByDocument<T extends { id: number }>(uid: string, documentId: string): Promise<T> {
  if (!isDocumentId(documentId)) throw notFound();
  const row = await fetchRow<T>(uid, query(uid).where('document_id', documentId));
  if (row === undefined) throw notFound();
  return row;
}

/** What stands at the other end of each share; shares are few, and one question reads all of them. */
async function readShared<T extends { id: number }>(
  uid: string,
  shares: AllocationRow[],
  idOf: (share: AllocationRow) => number,
): Promise<{ row: T; share: number }[]> {
  const rows = await fetchRows<T>(uid, query(uid).whereIn('id', shares.map(idOf)));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return shares.flatMap((share) => {
    const row = byId.get(idOf(share));
    return row === undefined ? [] : [{ row, share: share.amount }];
  });
}

/** The payments of an order, newest first. Throws NOT_FOUND. */
export async function readPaymentsOfOrder(documentId: string): Promise<OrderPayment[]> {
  const order = await findByDocument<OrderRow>(ORDER_UID, documentId);
  const shares = await fetchRows<AllocationRow>(
    ALLOCATION_UID,
    query(ALLOCATION_UID).where('order_id', order.id).orderBy('payment_id', 'desc'),
  );
  const payments = await readShared<PaymentRow>(PAYMENT_UID, shares, ({ paymentId }) => paymentId);
  return payments.map(({ row, share }) => ({ payment: row, share }));
}

/** A payment and its orders. Throws NOT_FOUND. */
export async function readPaymentFile(documentId: string): Promise<PaymentFile> {
  const payment = await findByDocument<PaymentRow>(PAYMENT_UID, documentId);
  const shares = await fetchRows<AllocationRow>(
    ALLOCATION_UID,
    query(ALLOCATION_UID).where('payment_id', payment.id).orderBy('order_id'),
  );
  const orders = await readShared<OrderRow>(ORDER_UID, shares, ({ orderId }) => orderId);
  return { payment, orders: orders.map(({ row, share }) => ({ order: row, share })) };
}
