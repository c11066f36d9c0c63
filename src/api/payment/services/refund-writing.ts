/** How a refund is written and decided, with its order locked. Who may do so, and when, is in refund-requests and held-refunds. */
import { fenToYuan } from '../../../domain/money';
import { clock } from '../../../platform/clock';
import type { Tx } from '../../../platform/database';
import { notifyUser } from '../../notification/notify';
import { type Actor, actorLabel, type OrderRow } from '../../order/order-rows';
import { applyEvent } from '../../order/services/lifecycle';
import { REFUND_UID, type RefundRow } from '../payment-rows';
import { changeRefund, firstEntry, insertNumbered } from '../payment-store';
import { refundGate } from '../refund-gate';
import { chooseAmount, findRefundable } from './refundable';
import type { LockedRefund } from './refund-effects';
import { enqueueSubmission } from './surplus';

export interface RefundRequest {
  reason: string;
  /** Fen; left out: everything that is left. */
  amountFen?: number;
  /** Whoever has the order was asked already, or is not waited for. */
  withoutAsking?: boolean;
}

export interface Decision {
  reason?: string;
  /** The goods of a shipped order are back and can be sold again. */
  isGoodsReturned?: boolean;
}

/** What a decision writes on a refund. */
export const approval = (actor: Actor, { reason, isGoodsReturned }: Decision) => ({
  status: 'approved' as const,
  decidedBy: actorLabel(actor),
  decidedAt: clock.now(),
  decisionReason: reason ?? null,
  isGoodsReturned: isGoodsReturned ?? false,
});

export const UNDECIDED = {
  status: 'requested' as const,
  decidedBy: null,
  decidedAt: null,
  decisionReason: null,
  isGoodsReturned: null,
};

/** Decided, and held until whoever has the order lets it go: `requested` with a decision. */
const hold = (tx: Tx, refund: RefundRow): Promise<RefundRow> =>
  changeRefund(tx, refund, { status: 'requested' }, { event: 'waiting for the supplier' });

/** Sends an approved refund on its way, or holds it where whoever has the order must let it go first. */
export async function sendOrHold(
  tx: Tx,
  refund: RefundRow,
  /** Undefined: nobody needs to be asked. */
  order: OrderRow | undefined,
  actor: Actor,
): Promise<RefundRow> {
  if (refund.kind === 'full' && order !== undefined) {
    const reason = refund.decisionReason ?? refund.reason ?? undefined;
    const isGoodsReturned = refund.isGoodsReturned ?? false;
    const { verdict } = await refundGate().ask(tx, order, { actor, reason, isGoodsReturned });
    if (verdict === 'wait') return hold(tx, refund);
  }
  await enqueueSubmission(tx, refund);
  return refund;
}

/** Writes a refund of a locked order, and lets one that empties its share end the order. */
export async function writeRefund(
  tx: Tx,
  order: OrderRow,
  { reason, amountFen: askedFen, withoutAsking = false }: RefundRequest,
  actor: Actor,
  decision: typeof UNDECIDED | ReturnType<typeof approval>,
): Promise<RefundRow> {
  const refundable = await findRefundable(tx, order);
  const { amountFen, kind } = chooseAmount(refundable, askedFen);
  const numbered = { attribute: 'refundNumber', prefix: 'R' };
  const refund: RefundRow = await insertNumbered(REFUND_UID, tx, numbered, (refundNumber) => ({
    ...decision,
    refundNumber,
    paymentId: refundable.payment.id,
    orderId: order.id,
    userId: order.userId,
    amount: fenToYuan(amountFen),
    kind,
    reason,
    requestedBy: actorLabel(actor),
    request: null,
    submittedAt: null,
    retryOfId: null,
    wechatRefundId: null,
    succeededAt: null,
    logs: firstEntry(decision.status, actorLabel(actor)),
  }));
  let current = order;
  if (kind === 'full') {
    const attributes = { statusBeforeRefund: order.status };
    current = await applyEvent(tx, order, { event: 'requestRefund', actor, reason, attributes });
  }
  if (refund.status !== 'approved') return refund;
  return sendOrHold(tx, refund, withoutAsking ? undefined : current, actor);
}

/** Says yes to a locked refund that waits for a decision. */
export async function approve(
  tx: Tx,
  { orders, refund }: LockedRefund,
  decision: Decision,
  actor: Actor,
): Promise<RefundRow> {
  const happened = { event: 'approved', detail: actorLabel(actor) };
  const approved = await changeRefund(tx, refund, approval(actor, decision), happened);
  return sendOrHold(tx, approved, orders[0], actor);
}

/** Says no to a locked refund: the order goes back to where it was, and its shopper is told. */
export async function reject(
  tx: Tx,
  { orders, refund }: LockedRefund,
  { reason }: Decision,
  actor: Actor,
): Promise<RefundRow> {
  const changes = {
    status: 'rejected' as const,
    decidedBy: actorLabel(actor),
    decidedAt: clock.now(),
    decisionReason: reason ?? null,
  };
  const rejected = await changeRefund(tx, refund, changes, { event: 'rejected', detail: reason });
  const [order] = orders;
  if (order === undefined) throw new Error(`refund ${refund.refundNumber} has no order`);
  if (refund.kind === 'full') {
    const attributes = { statusBeforeRefund: null };
    await applyEvent(tx, order, { event: 'refundRejected', actor, reason, attributes });
  }
  await notifyUser(tx, {
    userId: refund.userId,
    type: 'refund',
    title: '退款申请未通过',
    content: `订单 ${order.orderNumber} 的退款申请未通过${reason === undefined ? '' : `：${reason}`}`,
    data: { order: order.documentId, refund: refund.documentId },
  });
  return rejected;
}

export default () => ({ writeRefund, approve, reject });
