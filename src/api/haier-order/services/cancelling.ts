/**
 * Cancelling at YLH before money goes back. What YLH may have is asked for; that it was asked is not yet a cancel: the verdict is
 * a call-back.
 */
import { AT_HAIER } from '../../../domain/haier-states';
import { clock } from '../../../platform/clock';
import { fetchRow, inTransaction, query, type Tx } from '../../../platform/database';
import { enqueue, hasten } from '../../../platform/outbox';
import { ORDER_UID, type OrderRow } from '../../order/order-rows';
import { lockOrder } from '../../order/services/lifecycle';
import type { RefundAsked, RefundGate } from '../../payment/refund-gate';
import { refuseHeldRefund, releaseHeldRefund, returnAll } from '../../payment/services/held-refunds';
import { type RequestOutcome, supplier } from '../supplier';
import { applyHaierEvent, HAIER, haierKey, keepFacts, moveAtHaier, toWords } from './haier-lifecycle';
import { tellStaff } from './telling';

const MINUTE_MS = 60_000;
/** After this the verdict is overdue, and staff may refund without it. */
export const VERDICT_MS = 24 * 60 * MINUTE_MS;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 15 * MINUTE_MS;

const DEFAULT_REASON = '顾客申请退款';

/** Promises to ask YLH; what waits under the order's key is worked at once, so that nothing holds the question up. */
export async function promiseCancel(tx: Tx, order: OrderRow, reason: string): Promise<void> {
  const payload = { orderId: order.id, reason: toWords(reason) };
  await enqueue(tx, [{ topic: 'haier.cancel', payload, key: haierKey(order) }]);
  await hasten(tx, haierKey(order));
}

async function askFirst(
  tx: Tx,
  order: OrderRow,
  { actor, reason }: RefundAsked,
): Promise<{ verdict: 'wait'; order: OrderRow }> {
  const asked = await moveAtHaier(tx, order, {
    event: 'askCancel',
    actor,
    words: reason,
    facts: { haierCancelAttemptedAt: null },
  });
  await promiseCancel(tx, asked, reason ?? DEFAULT_REASON);
  return { verdict: 'wait', order: asked };
}

/** Goods that have arrived, or are back, are no matter of cancelling. */
const isOver = (order: OrderRow, { isGoodsReturned }: RefundAsked): boolean =>
  isGoodsReturned === true || order.completedAt !== null;

/** All the money of an order goes back: whoever has the order is asked first. */
export const haierGate: RefundGate = {
  async ask(tx, order, asked) {
    const { haierStatus } = order;
    if (order.productSource !== 'haier' || isOver(order, asked)) return { verdict: 'go', order };
    if (haierStatus === 'cancel_pending') return { verdict: 'wait', order };
    if (AT_HAIER.includes(haierStatus)) return askFirst(tx, order, asked);
    if (haierStatus !== 'push_pending' && haierStatus !== 'push_failed') return { verdict: 'go', order };
    if (order.haierPushAttemptedAt !== null) return askFirst(tx, order, asked);
    const { actor, reason } = asked;
    const withdrawn = await moveAtHaier(tx, order, { event: 'withdraw', actor, words: reason });
    await hasten(tx, haierKey(order));
    return { verdict: 'go', order: withdrawn };
  },
};

/** The order is cancelled, because we asked: what waits for that goes back. */
export async function releaseMoney(tx: Tx, order: OrderRow): Promise<void> {
  if (await releaseHeldRefund(tx, order, HAIER)) return;
  // An order that cost nothing holds no refund.
  await returnAll(tx, order, { actor: HAIER, reason: '海尔已取消订单' });
}

/** It turns out that YLH never had the order whose cancel is pending. */
export async function letGoUnsent(tx: Tx, order: OrderRow, message: string): Promise<void> {
  const facts = { haierFailMessage: message };
  const cancelled = await applyHaierEvent(tx, order, {
    event: 'cancelDone',
    actor: HAIER,
    words: '易理货没有收到该订单',
    facts,
  });
  if (cancelled !== undefined) await releaseMoney(tx, cancelled);
}

/** YLH keeps the order: the refund that waited for it is rejected with YLH's words, and staff are told. */
export async function concludeRefused(
  tx: Tx,
  order: OrderRow,
  message: string,
): Promise<OrderRow | undefined> {
  const facts = { haierFailMessage: message };
  const refused = await applyHaierEvent(tx, order, {
    event: 'cancelRefused',
    actor: HAIER,
    words: message,
    facts,
  });
  if (refused === undefined) return undefined;
  const words = toWords(message);
  const isRejected = await refuseHeldRefund(tx, refused, {
    actor: HAIER,
    reason: `海尔未同意取消：${words}`.slice(0, 200),
  });
  await tellStaff(
    tx,
    refused,
    '海尔拒绝取消订单，请处理',
    isRejected ? `${words}。退款申请已驳回` : `${words}。没有等待中的退款，请核对`,
  );
  return refused;
}

const pauseMs = (order: OrderRow): number => {
  const age = clock.now().getTime() - (order.haierStatusAt ?? order.updatedAt).getTime();
  return Math.min(Math.max(age / 2, FIRST_PAUSE_MS), LONGEST_PAUSE_MS);
};

const isOverdue = (order: OrderRow): boolean =>
  clock.now().getTime() - (order.haierStatusAt ?? order.updatedAt).getTime() >= VERDICT_MS;

async function conclude(
  tx: Tx,
  begun: OrderRow,
  outcome: RequestOutcome,
  isRepeat: boolean,
): Promise<Date | undefined> {
  const order = await lockOrder(tx, { id: begun.id });
  if (order.haierStatus !== 'cancel_pending' || outcome.kind === 'accepted') return undefined;
  await keepFacts(tx, order, { haierFailMessage: toWords(outcome.message) });
  if (outcome.kind === 'refused') {
    // The no to a repeat may mean that it was asked before: only the call-back knows.
    if (isRepeat) await tellStaff(tx, order, '海尔未受理取消，请核对', toWords(outcome.message));
    else await concludeRefused(tx, order, outcome.message);
    return undefined;
  }
  if (outcome.kind === 'failed' && !isRepeat) await keepFacts(tx, order, { haierCancelAttemptedAt: null });
  return isOverdue(order) ? undefined : new Date(clock.now().getTime() + pauseMs(order));
}

/** Asks YLH to cancel an order, until it has heard it. Applied twice it asks twice at most. */
export async function cancelAtHaier(orderId: number, reason: string): Promise<Date | void> {
  const begun = await inTransaction(async (tx) => {
    const order = await fetchRow<OrderRow>(
      ORDER_UID,
      query(ORDER_UID, tx).where({ id: orderId }).forUpdate(),
    );
    if (order?.haierStatus !== 'cancel_pending') return undefined;
    const isRepeat = order.haierCancelAttemptedAt !== null;
    const haierCancelAttemptedAt = order.haierCancelAttemptedAt ?? clock.now();
    return { order: await keepFacts(tx, order, { haierCancelAttemptedAt }), isRepeat };
  });
  if (begun === undefined) return;
  const { order, isRepeat } = begun;
  const outcome = await supplier().cancelOrder({
    soId: order.haierSoId ?? order.orderNumber,
    reason,
    cancelledAt: order.haierStatusAt ?? clock.now(),
  });
  return inTransaction((tx) => conclude(tx, order, outcome, isRepeat));
}

export default () => ({ cancelAtHaier });
