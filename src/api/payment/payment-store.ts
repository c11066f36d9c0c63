/** Rows of payments and refunds: the reads, locks and inserts their services share. */
import { randomInt } from 'node:crypto';

import { yuanToFen } from '../../domain/money';
import { createNumber } from '../../domain/order-number';
import { notFound } from '../../domain/refusal';
import { clock } from '../../platform/clock';
import { type AuditFields, auditMoney } from '../../platform/logging';
import { counter } from '../../platform/metrics';
import {
  afterCommit,
  type BaseRow,
  columnName,
  fetchRow,
  fetchRows,
  newDocument,
  query,
  toColumns,
  type Tx,
  updateRow,
} from '../../platform/database';
import {
  ALLOCATION_UID,
  type AllocationRow,
  type LogEntry,
  OPEN_PAYMENT_STATUSES,
  PAYMENT_UID,
  type PaymentRow,
  REFUND_ALLOCATION_UID,
  REFUND_UID,
  type RefundAllocationRow,
  type RefundRow,
} from './payment-rows';

const MAX_LOG_ENTRIES = 100;
const MAX_NUMBER_ATTEMPTS = 5;

/** The log with one more entry; the oldest go when it grows too long. */
const logged = (logs: LogEntry[] | null, event: string, detail?: string): LogEntry[] =>
  [
    ...(logs ?? []),
    { event, at: clock.now().toISOString(), ...(detail === undefined ? {} : { detail }) },
  ].slice(-MAX_LOG_ENTRIES);

/** What happened to a payment or a refund, for its own log and for the payment audit. */
export interface MoneyEvent {
  event: string;
  detail?: string;
}

/** The log of a new row. */
export const firstEntry = (event: string, detail?: string): LogEntry[] => logged(null, event, detail);

type MoneyRow = Partial<Omit<PaymentRow, 'status' | 'request'> & Omit<RefundRow, 'status' | 'request'>> & {
  status: string;
};

const auditFields = (row: MoneyRow, { detail }: MoneyEvent): AuditFields => ({
  payment: row.paymentNumber,
  refund: row.refundNumber,
  paymentId: row.refundNumber === undefined ? row.id : row.paymentId,
  orderId: row.orderId ?? undefined,
  checkout: row.checkoutNumber ?? undefined,
  kind: row.kind,
  status: row.status,
  amountFen: row.amount === undefined ? undefined : yuanToFen(row.amount),
  receivedFen: row.receivedAmount == null ? undefined : yuanToFen(row.receivedAmount),
  transaction: row.transactionId ?? undefined,
  wechatRefund: row.wechatRefundId ?? undefined,
  decidedBy: row.decidedBy ?? undefined,
  detail,
});

/** Payments begun and how they ended, refunds likewise; events are names in this code. */
const moneyEvents = counter('shop_money_events_total', 'What happened to payments and refunds', [
  'kind',
  'event',
]);

/** Tells the payment audit, once the transaction has committed. */
export function auditPayment(payment: PaymentRow, happened: MoneyEvent): void {
  afterCommit(() => {
    moneyEvents.inc({ kind: 'payment', event: happened.event });
    auditMoney(`payment.${happened.event}`, auditFields(payment, happened));
  });
}

/** The same for a refund. */
export function auditRefund(refund: RefundRow, happened: MoneyEvent): void {
  afterCommit(() => {
    moneyEvents.inc({ kind: 'refund', event: happened.event });
    auditMoney(`refund.${happened.event}`, auditFields(refund, happened));
  });
}

/** Writes what changes on a locked payment, with its entry in the payment's own log and in the audit. Returns it as it now is. */
export async function changePayment(
  tx: Tx,
  payment: PaymentRow,
  changes: Partial<PaymentRow>,
  happened: MoneyEvent,
): Promise<PaymentRow> {
  const written = { ...changes, logs: logged(payment.logs, happened.event, happened.detail) };
  await updateRow(PAYMENT_UID, tx, payment.id, written);
  const changed = { ...payment, ...written };
  auditPayment(changed, happened);
  return changed;
}

/** The same for a locked refund. */
export async function changeRefund(
  tx: Tx,
  refund: RefundRow,
  changes: Partial<RefundRow>,
  happened: MoneyEvent,
): Promise<RefundRow> {
  const written = { ...changes, logs: logged(refund.logs, happened.event, happened.detail) };
  await updateRow(REFUND_UID, tx, refund.id, written);
  const changed = { ...refund, ...written };
  auditRefund(changed, happened);
  return changed;
}

/** Books that a payment brought money in; see `settlement`. False when somebody else has just done it. */
export async function bookPayment(
  tx: Tx,
  payment: PaymentRow,
  received: Pick<PaymentRow, 'transactionId' | 'paidAt' | 'receivedAmount'>,
): Promise<boolean> {
  const happened = { event: 'succeeded', detail: received.transactionId ?? undefined };
  const written = {
    ...received,
    status: 'succeeded' as const,
    updatedAt: clock.now(),
    logs: logged(payment.logs, happened.event, happened.detail),
  };
  const changed = await query(PAYMENT_UID, tx)
    .where('id', payment.id)
    .whereNot('status', 'succeeded')
    .update(toColumns(PAYMENT_UID, written));
  if (changed !== 1) return false;
  auditPayment({ ...payment, ...written }, happened);
  return true;
}

/**
 * Inserts a payment or refund under a number of its own, and tells the payment audit. A number that is taken inserts nothing, so the transaction stays good and
 * the next number is tried. `build` makes the row from its number.
 */
export async function insertNumbered<T extends Record<string, unknown>>(
  uid: string,
  tx: Tx,
  { attribute, prefix }: { attribute: string; prefix: string },
  build: (number: string) => T,
): Promise<T & BaseRow> {
  for (let attempt = 1; attempt <= MAX_NUMBER_ATTEMPTS; attempt += 1) {
    const number = createNumber(prefix, clock.now(), randomInt);
    const row = { ...newDocument(), ...build(number), [attribute]: number };
    const [inserted] = (await query(uid, tx)
      .insert(toColumns(uid, row))
      .onConflict(columnName(uid, attribute))
      .ignore()
      .returning('id')) as { id: number }[];
    if (inserted !== undefined) {
      const written = { ...row, id: inserted.id };
      auditNew(uid, written);
      return written;
    }
  }
  throw new Error(`every number drawn for ${uid} was taken`);
}

/** The audit's first line about a row says what the row's own first entry says. */
function auditNew(uid: string, row: Record<string, unknown>): void {
  const entry = (row as { logs?: LogEntry[] | null }).logs?.[0];
  const happened = { event: 'created', detail: entry?.detail };
  if (uid === PAYMENT_UID) auditPayment(row as unknown as PaymentRow, happened);
  else auditRefund(row as unknown as RefundRow, happened);
}

export const findPayment = (where: Record<string, unknown>, tx?: Tx): Promise<PaymentRow | undefined> =>
  fetchRow<PaymentRow>(PAYMENT_UID, query(PAYMENT_UID, tx).where(toColumns(PAYMENT_UID, where)));

/** True while money may still arrive for a payment. */
export const isOpenPayment = ({ status }: PaymentRow): boolean => OPEN_PAYMENT_STATUSES.includes(status);

/** Yuan that a payment has brought in, or will. */
export const receivedYuan = ({ amount, receivedAmount }: PaymentRow): number => receivedAmount ?? amount;

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

/** The orders a refund is about, with what each gets of it, in yuan. */
export async function refundParts(
  refund: RefundRow,
  tx?: Tx,
): Promise<Pick<RefundAllocationRow, 'orderId' | 'amount'>[]> {
  if (refund.orderId !== null) return [{ orderId: refund.orderId, amount: refund.amount }];
  return fetchRows<RefundAllocationRow>(
    REFUND_ALLOCATION_UID,
    query(REFUND_ALLOCATION_UID, tx).where({ refund_id: refund.id }).orderBy('order_id'),
  );
}

/** The refunds that are about an order, alone or with others, each with the order's part of it as `amount`. */
export async function refundsOfOrder(orderId: number, tx?: Tx): Promise<RefundRow[]> {
  const own = await fetchRows<RefundRow>(
    REFUND_UID,
    query(REFUND_UID, tx).where({ order_id: orderId }).orderBy('id'),
  );
  const parts = await fetchRows<RefundAllocationRow>(
    REFUND_ALLOCATION_UID,
    query(REFUND_ALLOCATION_UID, tx).where({ order_id: orderId }),
  );
  if (parts.length === 0) return own;
  const amounts = new Map(parts.map((part) => [part.refundId, part.amount]));
  const shared = await fetchRows<RefundRow>(
    REFUND_UID,
    query(REFUND_UID, tx).whereIn('id', [...amounts.keys()]),
  );
  return [...own, ...shared.map((refund) => ({ ...refund, amount: amounts.get(refund.id) ?? 0 }))].sort(
    (a, b) => a.id - b.id,
  );
}

/**
 * The succeeded payment an order was paid with, given the order's refunds; undefined when there is none. A payment whose
 * money went back as surplus is not the one that pays for the order.
 */
export async function findPaying(
  orderId: number,
  refunds: RefundRow[],
  tx?: Tx,
): Promise<PaymentRow | undefined> {
  const returned = new Set(
    refunds.filter(({ kind }) => kind === 'surplus').map(({ paymentId }) => paymentId),
  );
  return (await paymentsOfOrders([orderId], tx)).find(
    (payment) => payment.status === 'succeeded' && !returned.has(payment.id),
  );
}

/** Of the orders a payment was asked for, those it paid for: the others' money went back as surplus. */
export async function paidOrderIds(paymentId: number): Promise<number[]> {
  const surplus = await fetchRows<RefundRow>(
    REFUND_UID,
    query(REFUND_UID).where({ payment_id: paymentId, kind: 'surplus' }),
  );
  const returned = new Set<number>();
  for (const refund of surplus) for (const { orderId } of await refundParts(refund)) returned.add(orderId);
  return (await readAllocations(paymentId)).map(({ orderId }) => orderId).filter((id) => !returned.has(id));
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
