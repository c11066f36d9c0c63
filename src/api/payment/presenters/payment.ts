import { fetchRow, query } from '../../../platform/database';
import { isoTime } from '../../../platform/request';
import type { PayParams } from '../../../platform/wechat/pay-client';
import type { PaymentRow, RefundRow } from '../payment-rows';
import { orderDocumentIds } from '../payment-store';

/** A payment as its shopper sees it. What was sent to WeChat, and who paid there, stays inside. */
export const presentPayment = async (payment: PaymentRow) => ({
  documentId: payment.documentId,
  paymentNumber: payment.paymentNumber,
  checkoutNumber: payment.checkoutNumber,
  orders: await orderDocumentIds(payment.id),
  amount: payment.amount,
  method: payment.method,
  status: payment.status,
  expiresAt: isoTime(payment.expiresAt),
  paidAt: isoTime(payment.paidAt),
  createdAt: isoTime(payment.createdAt),
});

export const presentStartedPayment = async (payment: PaymentRow, payParams: PayParams) => ({
  data: await presentPayment(payment),
  payParams,
  meta: {},
});

const documentIdOf = async (uid: string, id: number): Promise<string | null> =>
  (await fetchRow<{ documentId: string }>(uid, query(uid).where({ id }).select('document_id')))?.documentId ??
  null;

const present = (refund: RefundRow, order: string | null, payment: string | null) => ({
  documentId: refund.documentId,
  refundNumber: refund.refundNumber,
  order,
  payment,
  amount: refund.amount,
  kind: refund.kind,
  status: refund.status,
  reason: refund.reason,
  decisionReason: refund.decisionReason,
  decidedAt: isoTime(refund.decidedAt),
  succeededAt: isoTime(refund.succeededAt),
  createdAt: isoTime(refund.createdAt),
});

/** A refund as its shopper and staff see it. */
export const presentRefund = async (refund: RefundRow) =>
  present(
    refund,
    await documentIdOf('api::order.order', refund.orderId),
    await documentIdOf('api::payment.payment', refund.paymentId),
  );

/** A page of refunds, with two statements for all of their orders and payments. */
export async function presentRefunds(refunds: RefundRow[]) {
  const names = async (uid: string, ids: number[]): Promise<Map<number, string>> => {
    const rows = (await query(uid).whereIn('id', ids).select('id', 'document_id')) as {
      id: number;
      document_id: string;
    }[];
    return new Map(rows.map((row) => [row.id, row.document_id]));
  };
  const orders = await names(
    'api::order.order',
    refunds.map((refund) => refund.orderId),
  );
  const payments = await names(
    'api::payment.payment',
    refunds.map((refund) => refund.paymentId),
  );
  return refunds.map((refund) =>
    present(refund, orders.get(refund.orderId) ?? null, payments.get(refund.paymentId) ?? null),
  );
}
