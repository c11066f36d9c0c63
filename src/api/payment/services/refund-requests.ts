/** Asking for money back, and deciding about it. What WeChat makes of it is in refund-execution. */
import { DAY_MS } from '../../../domain/beijing-day';
import { settings } from '../../../../config/environment';
import { fenToYuan, formatFen, yuanToFen } from '../../../domain/money';
import { orderStateConflict } from '../../../domain/order-states';
import { Refusal, validationFailed } from '../../../domain/refusal';
import { clock } from '../../../platform/clock';
import { inTransaction, type Tx, updateRow } from '../../../platform/database';
import { notifyStaff, notifyUser } from '../../notification/notify';
import { type Actor, actorLabel, type OrderRow } from '../../order/order-rows';
import { findOrder } from '../../order/services/cancellation';
import { applyEvent, lockOrder } from '../../order/services/lifecycle';
import { conflict } from '../payment-conflict';
import { REFUND_UID, type RefundRow } from '../payment-rows';
import { insertNumbered, logged } from '../payment-store';
import { chooseAmount, findRefundable } from './refundable';
import { inLockedRefund } from './refund-answers';
import { endRefundedOrder, type LockedRefund } from './refund-effects';
import { enqueueSubmission } from './surplus';

const REFUNDABLE = new Set(['paid', 'shipped', 'completed']);

export interface RefundRequest {
  reason: string;
  /** Fen; left out: everything that is left. */
  amountFen?: number;
}

function assertWithinWindow(order: OrderRow): void {
  if (order.completedAt === null) return;
  const until = order.completedAt.getTime() + settings().REFUND_WINDOW_DAYS * DAY_MS;
  if (clock.now().getTime() > until) {
    throw new Refusal('ORDER_STATE_CONFLICT', {
      sentence: { zh: '已超过可申请退款的期限', en: 'The time to ask for a refund has passed' },
      details: { status: order.status, allowed: [] },
    });
  }
}

/** What a decision writes on a refund. */
const approval = (actor: Actor, { reason, isGoodsReturned }: Decision) => ({
  status: 'approved' as const,
  decidedBy: actorLabel(actor),
  decidedAt: clock.now(),
  decisionReason: reason ?? null,
  isGoodsReturned: isGoodsReturned ?? false,
});

const UNDECIDED = {
  status: 'requested' as const,
  decidedBy: null,
  decidedAt: null,
  decisionReason: null,
  isGoodsReturned: null,
};

/** Writes a refund of a locked order, and lets one that empties its share end the order. */
async function write(
  tx: Tx,
  order: OrderRow,
  { reason, amountFen: askedFen }: RefundRequest,
  actor: Actor,
  decision: typeof UNDECIDED | ReturnType<typeof approval>,
): Promise<RefundRow> {
  const refundable = await findRefundable(tx, order);
  const { amountFen, kind } = chooseAmount(refundable, askedFen);
  const numbered = { attribute: 'refundNumber', prefix: 'R' };
  const refund = await insertNumbered(REFUND_UID, tx, numbered, (refundNumber) => ({
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
    logs: logged(null, decision.status, actorLabel(actor)),
  }));
  if (kind === 'full') {
    const attributes = { statusBeforeRefund: order.status };
    await applyEvent(tx, order, { event: 'requestRefund', actor, reason, attributes });
  }
  if (refund.status === 'approved') await enqueueSubmission(tx, refund);
  return refund;
}

/**
 * Asks for money back. What empties the order's share ends the order (`refunding`); less leaves its status. Staff
 * decide. Throws NOT_FOUND, ORDER_STATE_CONFLICT, PAYMENT_CONFLICT, VALIDATION_FAILED (more than is left).
 */
export async function requestRefund(
  documentId: string,
  request: RefundRequest & { userId: number },
  actor: Actor,
): Promise<RefundRow> {
  const found = await findOrder(documentId, request.userId);
  return inTransaction(async (tx) => {
    const order = await lockOrder(tx, { id: found.id });
    if (!REFUNDABLE.has(order.status)) throw orderStateConflict(order.status, actor.type);
    assertWithinWindow(order);
    const refund = await write(tx, order, request, actor, UNDECIDED);
    await notifyStaff(tx, {
      type: 'refund',
      title: '有新的退款申请',
      content: `订单 ${order.orderNumber} 申请退款 ${formatFen(yuanToFen(refund.amount))} 元：${request.reason}`,
      data: { order: order.documentId, refund: refund.documentId },
    });
    return refund;
  });
}

export interface Decision {
  reason?: string;
  /** The goods of a shipped order are back and can be sold again. */
  isGoodsReturned?: boolean;
}

/** An order that cost nothing has no money to give back: it ends at once. */
async function endFreeOrder(
  tx: Tx,
  order: OrderRow,
  { reason, amountFen }: RefundRequest,
  actor: Actor,
  isGoodsReturned: boolean,
): Promise<void> {
  if (amountFen !== undefined)
    throw validationFailed([{ path: ['amount'], message: 'this order cost nothing; leave the amount out' }]);
  const attributes = { statusBeforeRefund: order.status };
  const refunding = await applyEvent(tx, order, { event: 'requestRefund', actor, reason, attributes });
  const operator = actorLabel(actor);
  await endRefundedOrder(
    tx,
    refunding,
    { isGoodsReturned, operator },
    {
      type: 'settlement',
      id: 'nothing-to-refund',
      name: '无需退款',
    },
  );
}

/**
 * Staff give money back of their own accord: decided with the asking. Resolves with the refund, or with none for an
 * order that cost nothing and is ended right away. Throws NOT_FOUND, ORDER_STATE_CONFLICT, PAYMENT_CONFLICT,
 * VALIDATION_FAILED (more than is left).
 */
export async function startRefund(
  documentId: string,
  request: RefundRequest & { isGoodsReturned?: boolean },
  actor: Actor,
): Promise<RefundRow | undefined> {
  const found = await findOrder(documentId);
  return inTransaction(async (tx) => {
    const order = await lockOrder(tx, { id: found.id });
    if (!REFUNDABLE.has(order.status)) throw orderStateConflict(order.status, actor.type);
    const isGoodsReturned = request.isGoodsReturned ?? false;
    if (yuanToFen(order.actualAmount) === 0) {
      await endFreeOrder(tx, order, request, actor, isGoodsReturned);
      return undefined;
    }
    return write(tx, order, request, actor, approval(actor, { isGoodsReturned }));
  });
}

/** Runs a decision about a refund that waits for one. Throws NOT_FOUND, PAYMENT_CONFLICT (already decided). */
const decide = (
  documentId: string,
  work: (tx: Tx, locked: LockedRefund) => Promise<RefundRow>,
): Promise<RefundRow> =>
  inLockedRefund({ documentId }, async (tx, locked) => {
    const { status } = locked.refund;
    if (status === 'requested') return work(tx, locked);
    throw conflict('该退款已处理', 'This refund has already been decided', { status });
  });

/** Staff say yes: the money goes back through the worker. Throws NOT_FOUND, PAYMENT_CONFLICT (already decided). */
export const approveRefund = (documentId: string, decision: Decision, actor: Actor): Promise<RefundRow> =>
  decide(documentId, async (tx, { refund }) => {
    const changes = {
      ...approval(actor, decision),
      logs: logged(refund.logs, 'approved', actorLabel(actor)),
    };
    await updateRow(REFUND_UID, tx, refund.id, changes);
    await enqueueSubmission(tx, refund);
    return { ...refund, ...changes };
  });

/** Staff say no: the order goes back to where it was. Throws NOT_FOUND, PAYMENT_CONFLICT (already decided). */
export const rejectRefund = (documentId: string, { reason }: Decision, actor: Actor): Promise<RefundRow> =>
  decide(documentId, async (tx, { orders, refund }) => {
    const changes = {
      status: 'rejected' as const,
      decidedBy: actorLabel(actor),
      decidedAt: clock.now(),
      decisionReason: reason ?? null,
      logs: logged(refund.logs, 'rejected', reason),
    };
    await updateRow(REFUND_UID, tx, refund.id, changes);
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
    return { ...refund, ...changes };
  });

export default () => ({ requestRefund, startRefund, approveRefund, rejectRefund });
