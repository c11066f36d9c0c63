import { query } from '../../../platform/database';
import { isoTime } from '../../../platform/request';
import type { PayParams } from '../../../platform/wechat/pay-client';
import { type PaymentRow, REFUND_ALLOCATION_UID, type RefundRow } from '../payment-rows';
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

type Names = Map<number, string>;

async function namesOf(uid: string, ids: number[]): Promise<Names> {
  const rows = (await query(uid)
    .whereIn('id', [...new Set(ids)])
    .select('id', 'document_id')) as { id: number; document_id: string }[];
  return new Map(rows.map((row) => [row.id, row.document_id]));
}

/** The orders each refund is about, by refund id. */
async function ordersOf(refunds: RefundRow[]): Promise<Map<number, number[]>> {
  const orders = new Map(
    refunds.map((refund): [number, number[]] => [refund.id, refund.orderId === null ? [] : [refund.orderId]]),
  );
  const shared = refunds.filter((refund) => refund.orderId === null).map((refund) => refund.id);
  if (shared.length === 0) return orders;
  const rows = (await query(REFUND_ALLOCATION_UID)
    .whereIn('refund_id', shared)
    .orderBy('order_id')
    .select('refund_id', 'order_id')) as { refund_id: number; order_id: number }[];
  for (const row of rows) orders.get(row.refund_id)?.push(row.order_id);
  return orders;
}

/** What is embedded in a refund, as documentIds: `populate` may name it and changes nothing. */
export const REFUND_RELATIONS = { order: [], orders: [], payment: [] };
/** What `fields` may name of a refund. */
export const REFUND_FIELDS = [
  'refundNumber',
  'order',
  'orders',
  'payment',
  'amount',
  'kind',
  'status',
  'reason',
  'decisionReason',
  'decidedAt',
  'succeededAt',
  'createdAt',
] as const satisfies readonly (keyof ReturnType<typeof present>)[];

/** A refund as its shopper and staff see it. `order` is null when it is about several; `orders` names them all. */
const present = (refund: RefundRow, orders: string[], payment: string | null) => ({
  documentId: refund.documentId,
  refundNumber: refund.refundNumber,
  order: orders.length === 1 ? (orders[0] ?? null) : null,
  orders,
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

/** A page of refunds, with a few statements for all of their orders and payments. */
export async function presentRefunds(refunds: RefundRow[]) {
  const orderIds = await ordersOf(refunds);
  const orders = await namesOf('api::order.order', [...orderIds.values()].flat());
  const payments = await namesOf(
    'api::payment.payment',
    refunds.map((refund) => refund.paymentId),
  );
  return refunds.map((refund) =>
    present(
      refund,
      (orderIds.get(refund.id) ?? []).map((id) => orders.get(id) ?? ''),
      payments.get(refund.paymentId) ?? null,
    ),
  );
}

export async function presentRefund(refund: RefundRow) {
  const [presented] = await presentRefunds([refund]);
  if (presented === undefined) throw new Error('one refund was presented as none');
  return presented;
}

/** The end of an order that cost nothing, now or once whoever has it lets it go: there is no refund. */
export const presentFreeRefund = (order: string, reason: string, end: 'ended' | 'waiting') => ({
  documentId: null,
  refundNumber: null,
  order,
  orders: [order],
  payment: null,
  amount: 0,
  kind: 'full' as const,
  status: end === 'ended' ? ('succeeded' as const) : ('requested' as const),
  reason,
});
