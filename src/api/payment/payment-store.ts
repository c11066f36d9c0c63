/** Rows of payments and refunds: the reads and locks their services share. */
import { notFound } from '../../domain/refusal';
import { clock } from '../../platform/clock';
import { fetchRow, fetchRows, query, toColumns, type Tx } from '../../platform/database';
import {
  ALLOCATION_UID,
  type AllocationRow,
  type LogEntry,
  PAYMENT_UID,
  type PaymentRow,
  REFUND_UID,
  type RefundRow,
} from './payment-rows';

const MAX_LOG_ENTRIES = 100;

/** The log with one more entry; the oldest go when it grows too long. */
export const logged = (logs: LogEntry[] | null, event: string, detail?: string): LogEntry[] =>
  [
    ...(logs ?? []),
    { event, at: clock.now().toISOString(), ...(detail === undefined ? {} : { detail }) },
  ].slice(-MAX_LOG_ENTRIES);

export const findPayment = (where: Record<string, unknown>, tx?: Tx): Promise<PaymentRow | undefined> =>
  fetchRow<PaymentRow>(PAYMENT_UID, query(PAYMENT_UID, tx).where(toColumns(PAYMENT_UID, where)));

/** Locks a payment. Lock its orders first (see order/services/lifecycle). Throws NOT_FOUND. */
export async function lockPayment(tx: Tx, id: number): Promise<PaymentRow> {
  const row = await fetchRow<PaymentRow>(PAYMENT_UID, query(PAYMENT_UID, tx).where({ id }).forUpdate());
  if (row === undefined) throw notFound();
  return row;
}

/** The shares of a payment never change once it is written. */
export const readAllocations = (paymentId: number, tx?: Tx): Promise<AllocationRow[]> =>
  fetchRows<AllocationRow>(
    ALLOCATION_UID,
    query(ALLOCATION_UID, tx).where({ payment_id: paymentId }).orderBy('order_id'),
  );

/** Payments that cover any of these orders, newest first. */
export const paymentsOfOrders = (orderIds: number[], tx?: Tx): Promise<PaymentRow[]> =>
  fetchRows<PaymentRow>(
    PAYMENT_UID,
    query(PAYMENT_UID, tx)
      .whereIn('id', query(ALLOCATION_UID, tx).whereIn('order_id', orderIds).select('payment_id'))
      .orderBy('id', 'desc'),
  );

export const findRefund = (where: Record<string, unknown>, tx?: Tx): Promise<RefundRow | undefined> =>
  fetchRow<RefundRow>(REFUND_UID, query(REFUND_UID, tx).where(toColumns(REFUND_UID, where)));

/** Locks a refund; its order and payment first. Throws NOT_FOUND. */
export async function lockRefund(tx: Tx, id: number): Promise<RefundRow> {
  const row = await fetchRow<RefundRow>(REFUND_UID, query(REFUND_UID, tx).where({ id }).forUpdate());
  if (row === undefined) throw notFound();
  return row;
}

/** documentIds of the orders a payment covers. */
export async function orderDocumentIds(paymentId: number): Promise<string[]> {
  const rows = (await query(ALLOCATION_UID)
    .join('orders', 'orders.id', 'payment_allocations.order_id')
    .where('payment_allocations.payment_id', paymentId)
    .orderBy('orders.id')
    .select('orders.document_id as documentId')) as { documentId: string }[];
  return rows.map((row) => row.documentId);
}
