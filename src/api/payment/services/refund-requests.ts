/** Asking for money back, and deciding about it. What WeChat makes of it is in refund-execution. */
import { randomInt } from 'node:crypto';

import { settings } from '../../../../config/environment';
import { fenToYuan, formatFen, yuanToFen } from '../../../domain/money';
import { createNumber } from '../../../domain/order-number';
import { orderStateConflict } from '../../../domain/order-states';
import { notFound, Refusal, validationFailed } from '../../../domain/refusal';
import { clock } from '../../../platform/clock';
import { fetchRows, inTransaction, insertRow, query, type Tx, updateRow } from '../../../platform/database';
import { enqueue } from '../../../platform/outbox';
import { notifyStaff, notifyUser } from '../../notification/notify';
import { type Actor, actorLabel, type OrderRow } from '../../order/order-rows';
import { findOrder } from '../../order/services/cancellation';
import { applyEvent, lockOrder } from '../../order/services/lifecycle';
import {
  ALLOCATION_UID,
  type AllocationRow,
  COUNTED_REFUND_STATUSES,
  type PaymentRow,
  REFUND_UID,
  type RefundRow,
} from '../payment-rows';
import { findRefund, lockPayment, lockRefund, logged, paymentsOfOrders } from '../payment-store';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface RefundRequest {
  reason: string;
  /** Fen; left out: everything that is left. */
  amountFen?: number;
  /** The owner's id; left out for staff. */
  userId?: number;
}

interface Refundable {
  payment: PaymentRow;
  /** The order's share of the payment, and what of it no refund has claimed yet, in fen. */
  shareFen: number;
  leftFen: number;
}

/** The payment an order was paid with, and what of it can still go back. The payment comes back locked. */
async function findRefundable(tx: Tx, order: OrderRow): Promise<Refundable> {
  const refunds = await fetchRows<RefundRow>(REFUND_UID, query(REFUND_UID, tx).where({ order_id: order.id }));
  // One at a time: a second request could only be judged once the first is decided and paid out.
  if (refunds.some((refund) => ['requested', 'approved', 'processing'].includes(refund.status))) {
    throw new Refusal('PAYMENT_CONFLICT', {
      sentence: { zh: '该订单已有退款正在处理', en: 'A refund of this order is already under way' },
    });
  }
  const returned = new Set(
    refunds.filter((refund) => refund.kind === 'surplus').map((refund) => refund.paymentId),
  );
  // A payment whose money went back as surplus is not the one that pays for the order.
  const paid = (await paymentsOfOrders([order.id], tx)).filter(
    (row) => row.status === 'succeeded' && !returned.has(row.id),
  );
  const [found] = paid;
  if (found === undefined)
    throw new Refusal('PAYMENT_CONFLICT', {
      sentence: { zh: '订单没有可退的款项', en: 'There is no payment to refund' },
    });
  const payment = await lockPayment(tx, found.id);
  const [share] = await fetchRows<AllocationRow>(
    ALLOCATION_UID,
    query(ALLOCATION_UID, tx).where({ payment_id: payment.id, order_id: order.id }),
  );
  const shareFen = yuanToFen(share?.amount ?? 0);
  const claimedFen = refunds
    .filter((refund) => refund.paymentId === payment.id && COUNTED_REFUND_STATUSES.includes(refund.status))
    .reduce((sum, refund) => sum + yuanToFen(refund.amount), 0);
  return { payment, shareFen, leftFen: shareFen - claimedFen };
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

function chooseAmount({ leftFen }: Refundable, requestedFen: number | undefined): number {
  const amountFen = requestedFen ?? leftFen;
  if (leftFen <= 0 || amountFen > leftFen) {
    throw validationFailed([
      {
        path: ['amount'],
        message: `must be at most ${formatFen(Math.max(leftFen, 0))}, what is left to refund`,
      },
    ]);
  }
  return amountFen;
}

async function insertRefund(
  tx: Tx,
  order: OrderRow,
  payment: PaymentRow,
  amountFen: number,
  kind: 'full' | 'partial',
  reason: string,
  actor: Actor,
): Promise<RefundRow> {
  return insertRow(REFUND_UID, tx, {
    refundNumber: createNumber('R', clock.now(), randomInt),
    paymentId: payment.id,
    orderId: order.id,
    userId: order.userId,
    amount: fenToYuan(amountFen),
    kind,
    status: 'requested' as const,
    reason,
    requestedBy: actorLabel(actor),
    decidedBy: null,
    decidedAt: null,
    decisionReason: null,
    isGoodsReturned: null,
    request: null,
    wechatRefundId: null,
    succeededAt: null,
    logs: logged(null, 'requested', actorLabel(actor)),
  });
}

/**
 * Asks for money back. What empties the order's share ends the order (`refunding`); less leaves its status. Staff
 * decide. Throws NOT_FOUND, ORDER_STATE_CONFLICT, PAYMENT_CONFLICT, VALIDATION_FAILED (more than is left).
 */
export async function requestRefund(
  documentId: string,
  request: RefundRequest,
  actor: Actor,
): Promise<RefundRow> {
  const found = await findOrder(documentId, request.userId);
  return inTransaction(async (tx) => {
    const order = await lockOrder(tx, { id: found.id });
    if (!['paid', 'shipped', 'completed'].includes(order.status))
      throw orderStateConflict(order.status, actor.type);
    if (actor.type === 'shopper') assertWithinWindow(order);
    const refundable = await findRefundable(tx, order);
    const amountFen = chooseAmount(refundable, request.amountFen);
    const kind = amountFen === refundable.leftFen ? 'full' : 'partial';
    const refund = await insertRefund(tx, order, refundable.payment, amountFen, kind, request.reason, actor);
    if (kind === 'full') {
      await applyEvent(tx, order, {
        event: 'requestRefund',
        actor,
        reason: request.reason,
        attributes: { statusBeforeRefund: order.status },
      });
    }
    await notifyStaff(tx, {
      type: 'refund',
      title: '有新的退款申请',
      content: `订单 ${order.orderNumber} 申请退款 ${formatFen(amountFen)} 元：${request.reason}`,
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

interface LockedRefund {
  order: OrderRow;
  refund: RefundRow;
}

/** Locks in the common order: order, payment, refund. */
async function lockForDecision(tx: Tx, documentId: string): Promise<LockedRefund> {
  const found = await findRefund({ documentId }, tx);
  if (found === undefined) throw notFound();
  const order = await lockOrder(tx, { id: found.orderId });
  await lockPayment(tx, found.paymentId);
  const refund = await lockRefund(tx, found.id);
  if (refund.status !== 'requested') {
    throw new Refusal('PAYMENT_CONFLICT', {
      sentence: { zh: '该退款已处理', en: 'This refund has already been decided' },
      details: { status: refund.status },
    });
  }
  return { order, refund };
}

/** Staff say yes: the money goes back through the worker. Throws NOT_FOUND, PAYMENT_CONFLICT (already decided). */
export async function approveRefund(
  documentId: string,
  decision: Decision,
  actor: Actor,
): Promise<RefundRow> {
  return inTransaction(async (tx) => {
    const { refund } = await lockForDecision(tx, documentId);
    const changes = {
      status: 'approved' as const,
      decidedBy: actorLabel(actor),
      decidedAt: clock.now(),
      decisionReason: decision.reason ?? null,
      isGoodsReturned: decision.isGoodsReturned ?? false,
      logs: logged(refund.logs, 'approved', actorLabel(actor)),
    };
    await updateRow(REFUND_UID, tx, refund.id, changes);
    await enqueue(tx, [
      { topic: 'refund.submit', payload: { refundId: refund.id }, key: `refund:${refund.id}` },
    ]);
    return { ...refund, ...changes };
  });
}

/** Staff say no: the order goes back to where it was. Throws NOT_FOUND, PAYMENT_CONFLICT (already decided). */
export async function rejectRefund(
  documentId: string,
  { reason }: Decision,
  actor: Actor,
): Promise<RefundRow> {
  return inTransaction(async (tx) => {
    const { order, refund } = await lockForDecision(tx, documentId);
    const changes = {
      status: 'rejected' as const,
      decidedBy: actorLabel(actor),
      decidedAt: clock.now(),
      decisionReason: reason ?? null,
      logs: logged(refund.logs, 'rejected', reason),
    };
    await updateRow(REFUND_UID, tx, refund.id, changes);
    if (refund.kind === 'full') {
      await applyEvent(tx, order, {
        event: 'refundRejected',
        actor,
        reason,
        attributes: { statusBeforeRefund: null },
      });
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
}

export default () => ({ requestRefund, approveRefund, rejectRefund });
