/** Asking for money back, and deciding about it. What WeChat makes of it is in refund-execution. */
import { DAY_MS } from '../../../domain/beijing-day';
import { settings } from '../../../../config/environment';
import { formatFen, yuanToFen } from '../../../domain/money';
import { orderStateConflict } from '../../../domain/order-states';
import { Refusal, validationFailed } from '../../../domain/refusal';
import { clock } from '../../../platform/clock';
import { inTransaction, type Tx } from '../../../platform/database';
import { notifyStaff } from '../../notification/notify';
import { type Actor, actorLabel, type OrderRow } from '../../order/order-rows';
import { findOrder } from '../../order/services/cancellation';
import { applyEvent, lockOrder } from '../../order/services/lifecycle';
import { conflict } from '../payment-conflict';
import type { RefundRow } from '../payment-rows';
import { refundGate } from '../refund-gate';
import { inLockedRefund } from './refund-answers';
import { endRefundedOrder, type LockedRefund } from './refund-effects';
import {
  approval,
  approve,
  type Decision,
  type RefundRequest,
  reject,
  UNDECIDED,
  writeRefund,
} from './refund-writing';

const REFUNDABLE = new Set(['paid', 'shipped', 'completed']);

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
    const refund = await writeRefund(tx, order, request, actor, UNDECIDED);
    await notifyStaff(tx, {
      type: 'refund',
      title: '有新的退款申请',
      content: `订单 ${order.orderNumber} 申请退款 ${formatFen(yuanToFen(refund.amount))} 元：${request.reason}`,
      data: { order: order.documentId, refund: refund.documentId },
    });
    return refund;
  });
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

/** An order that cost nothing has no refund: it has ended, or ends once whoever has it lets it go. */
export type FreeRefund = 'ended' | 'waiting';

/** Ends a locked order that cost nothing, once whoever has it lets it go. */
export async function startFreeRefund(
  tx: Tx,
  order: OrderRow,
  { isGoodsReturned = false, ...request }: RefundRequest & { isGoodsReturned?: boolean },
  actor: Actor,
): Promise<FreeRefund> {
  let current = order;
  if (request.withoutAsking !== true) {
    const asked = await refundGate().ask(tx, order, { actor, reason: request.reason, isGoodsReturned });
    if (asked.verdict === 'wait') return 'waiting';
    current = asked.order;
  }
  await endFreeOrder(tx, current, request, actor, isGoodsReturned);
  return 'ended';
}

/**
 * Staff give money back of their own accord: decided with the asking. Resolves with the refund, or with how an order that cost
 * nothing ends. Throws NOT_FOUND, ORDER_STATE_CONFLICT, PAYMENT_CONFLICT, VALIDATION_FAILED (more than is left).
 */
export async function startRefund(
  documentId: string,
  request: RefundRequest & { isGoodsReturned?: boolean },
  actor: Actor,
): Promise<RefundRow | FreeRefund> {
  const found = await findOrder(documentId);
  return inTransaction(async (tx) => {
    const order = await lockOrder(tx, { id: found.id });
    if (!REFUNDABLE.has(order.status)) throw orderStateConflict(order.status, actor.type);
    if (yuanToFen(order.actualAmount) === 0) return startFreeRefund(tx, order, request, actor);
    const { isGoodsReturned } = request;
    return writeRefund(tx, order, request, actor, approval(actor, { isGoodsReturned }));
  });
}

/** Runs a decision about a refund that waits for one. Throws NOT_FOUND, PAYMENT_CONFLICT (already decided). */
const decide = (
  documentId: string,
  work: (tx: Tx, locked: LockedRefund) => Promise<RefundRow>,
): Promise<RefundRow> =>
  inLockedRefund({ documentId }, async (tx, locked) => {
    const { status, decidedAt } = locked.refund;
    if (status === 'requested' && decidedAt === null) return work(tx, locked);
    if (status === 'requested')
      throw conflict(
        '已同意退款，正在等待供货方取消订单',
        'This refund is agreed to and waits for the supplier to cancel the order',
        { status },
      );
    throw conflict('该退款已处理', 'This refund has already been decided', { status });
  });

/**
 * Staff say yes: the money goes back through the worker, once whoever has the order has let it go. Throws NOT_FOUND,
 * PAYMENT_CONFLICT (already decided).
 */
export const approveRefund = (documentId: string, decision: Decision, actor: Actor): Promise<RefundRow> =>
  decide(documentId, (tx, locked) => approve(tx, locked, decision, actor));

/** Staff say no: the order goes back to where it was. Throws NOT_FOUND, PAYMENT_CONFLICT (already decided). */
export const rejectRefund = (documentId: string, decision: Decision, actor: Actor): Promise<RefundRow> =>
  decide(documentId, (tx, locked) => reject(tx, locked, decision, actor));

export default () => ({ requestRefund, startRefund, approveRefund, rejectRefund });
