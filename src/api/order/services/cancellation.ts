/** Orders that die before they are paid. The stock is given back only once the money cannot come any more. */
import { type OrderActor, orderStateConflict } from '../../../domain/order-states';
import { notFound, Refusal } from '../../../domain/refusal';
import { clock } from '../../../platform/clock';
import { fetchRow, inTransaction, query, type Tx } from '../../../platform/database';
import { enqueue } from '../../../platform/outbox';
import { type Notice, notifyUser } from '../../notification/notify';
import { releaseStock } from '../../inventory/services/stock';
import { isOpenPayment, paymentsOfOrders } from '../../payment/payment-store';
import { settleOrClose, type Standing } from '../../payment/services/inquiry';
import { type Actor, actorLabel, ORDER_UID, type OrderRow, SYSTEM } from '../order-rows';
import { holdsStock } from '../queries/held-stock';
import { applyEvent, lockOrder, stockLine } from './lifecycle';

/** How long to wait before asking an unreachable WeChat again whether an order was paid. */
const ASK_AGAIN_MS = 30_000;
/** How often payments are ended that somebody starts while the order is about to die. */
const MAX_ROUNDS = 5;

const REASONS: Readonly<Record<OrderActor, string>> = {
  shopper: '用户取消',
  staff: '商家取消',
  system: '系统取消',
  settlement: '系统取消',
};

/** The reason in the history of an order that was not paid in time. */
export const EXPIRED = '超时未付款';

/** What its shopper is told. */
export const expiryNotice = ({ userId, orderNumber, documentId }: OrderRow): Notice & { userId: number } => ({
  userId,
  type: 'order',
  title: '订单已自动取消',
  content: `订单 ${orderNumber} 超过付款时间，已自动取消。`,
  data: { order: documentId },
});

const staffCancelNotice = (
  { userId, orderNumber, documentId }: OrderRow,
  reason: string,
): Notice & { userId: number } => ({
  userId,
  type: 'order',
  title: '订单已取消',
  content: `订单 ${orderNumber} 已由商家取消。原因：${reason}`,
  data: { order: documentId },
});

const askAgain = (): Date => new Date(clock.now().getTime() + ASK_AGAIN_MS);

const openPayments = async (orderId: number, tx?: Tx) =>
  (await paymentsOfOrders([orderId], tx)).filter(isOpenPayment);

/** Ends every open attempt to pay for an order; how each stands then. Outside any transaction: WeChat is asked. */
async function endPayments(orderId: number): Promise<Map<number, Standing>> {
  const standings = new Map<number, Standing>();
  for (const payment of await openPayments(orderId)) standings.set(payment.id, await settleOrClose(payment));
  return standings;
}

/**
 * What the lock on the order reveals: `ended`, `silent` (WeChat has not answered about one), or `started` (a payment
 * began since we looked, and could still be paid). Disputed money stands in no order's way; staff settle it.
 */
async function judge(
  tx: Tx,
  orderId: number,
  standings: Map<number, Standing>,
): Promise<'ended' | 'silent' | 'started'> {
  const left = (await openPayments(orderId, tx)).filter(({ id }) => standings.get(id) !== 'disputed');
  if (left.length === 0) return 'ended';
  return left.every(({ id }) => standings.get(id) === 'unknown') ? 'silent' : 'started';
}

const busy = (): Refusal =>
  new Refusal('PAYMENT_CONFLICT', {
    sentence: {
      zh: '支付正在处理中，请稍后再试',
      en: 'A payment is being worked on, please try again',
    },
  });

/** Runs `work` with the order locked and its payments ended, or WeChat silent; again while new payments begin. */
async function withPaymentsEnded<T>(
  orderId: number,
  work: (tx: Tx, order: OrderRow, isSilent: boolean) => Promise<T>,
): Promise<T> {
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    const standings = await endPayments(orderId);
    const done = await inTransaction(async (tx) => {
      const order = await lockOrder(tx, { id: orderId });
      const verdict = await judge(tx, orderId, standings);
      if (verdict === 'started') return undefined;
      return { value: await work(tx, order, verdict === 'silent') };
    });
    if (done !== undefined) return done.value;
  }
  throw busy();
}

async function die(
  tx: Tx,
  order: OrderRow,
  event: 'cancel' | 'expire',
  actor: Actor,
  reason: string,
): Promise<OrderRow> {
  return applyEvent(tx, order, {
    event,
    actor,
    reason,
    attributes: { cancelledAt: clock.now(), cancelReason: reason },
  });
}

async function giveBack(tx: Tx, order: OrderRow, actor: Actor): Promise<void> {
  if (order.productSource === 'local') await releaseStock(tx, stockLine(order), actorLabel(actor));
}

/** Finds an order for whoever asks: its owner, or staff when `userId` is left out. Throws NOT_FOUND. */
export async function findOrder(documentId: string, userId?: number): Promise<OrderRow> {
  const order = await fetchRow<OrderRow>(
    ORDER_UID,
    query(ORDER_UID).where({ document_id: documentId, ...(userId === undefined ? {} : { user_id: userId }) }),
  );
  if (order === undefined) throw notFound();
  return order;
}

export interface CancelRequest {
  /** Left out: says who cancelled. */
  reason?: string;
  /** The owner's id; left out for staff, who may cancel anybody's order. */
  userId?: number;
}

/**
 * Cancels a pending order and gives its stock back. The payment is ended at WeChat first; when WeChat does not answer
 * the order is cancelled all the same, but its stock stays locked until the worker has ended the payment: money that
 * arrives until then brings the order back. Throws NOT_FOUND, ORDER_STATE_CONFLICT (also when the money arrived in this
 * moment), PAYMENT_CONFLICT (payments keep being started).
 */
export async function cancelOrder(
  documentId: string,
  { reason, userId }: CancelRequest,
  actor: Actor,
): Promise<OrderRow> {
  const found = await findOrder(documentId, userId);
  if (found.status !== 'pending') throw orderStateConflict(found.status, actor.type);
  return withPaymentsEnded(found.id, async (tx, order, isSilent) => {
    const why = reason ?? REASONS[actor.type];
    const cancelled = await die(tx, order, 'cancel', actor, why);
    // Who cancels for themselves knows.
    if (actor.type === 'staff') await notifyUser(tx, staffCancelNotice(order, why));
    if (isSilent) await enqueue(tx, [{ topic: 'order.end-payments', payload: { orderId: order.id } }]);
    else await giveBack(tx, cancelled, actor);
    return cancelled;
  });
}

/**
 * Goes on ending the payments of a cancelled order until WeChat has answered; then its stock is given back, unless
 * money has brought the order to life again. Applied twice it changes nothing.
 */
export async function endPaymentsOfOrder(orderId: number): Promise<Date | void> {
  const found = await fetchRow<OrderRow>(ORDER_UID, query(ORDER_UID).where({ id: orderId }));
  if (found === undefined) return;
  return withPaymentsEnded(orderId, async (tx, order, isSilent) => {
    if (isSilent) return askAgain();
    if (order.status === 'cancelled' && (await holdsStock(tx, order))) await giveBack(tx, order, SYSTEM);
  });
}

/**
 * The deadline of an order: ask, close, and only then let it die. While WeChat does not answer the stock stays locked
 * and the worker asks again. Applied twice it changes nothing.
 */
export async function expireOrder(orderId: number): Promise<Date | void> {
  const found = await fetchRow<OrderRow>(ORDER_UID, query(ORDER_UID).where({ id: orderId }));
  if (found?.status !== 'pending') return;
  if (found.expiresAt !== null && found.expiresAt > clock.now()) return found.expiresAt;
  return withPaymentsEnded(orderId, async (tx, order, isSilent) => {
    if (order.status !== 'pending') return;
    if (isSilent) return askAgain();
    await giveBack(tx, await die(tx, order, 'expire', SYSTEM, EXPIRED), SYSTEM);
    await notifyUser(tx, expiryNotice(order));
  });
}

export default () => ({ cancelOrder, expireOrder });
