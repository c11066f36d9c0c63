/** Orders that die before they are paid. The stock is given back only once the money cannot come any more. */
import { orderStateConflict } from '../../../domain/order-states';
import { notFound } from '../../../domain/refusal';
import { clock } from '../../../platform/clock';
import { fetchRow, inTransaction, query, type Tx } from '../../../platform/database';
import { enqueue } from '../../../platform/outbox';
import { notifyUser } from '../../notification/notify';
import { releaseStock } from '../../inventory/services/stock';
import { paymentsOfOrders } from '../../payment/payment-store';
import { settleOrClose, type Standing } from '../../payment/services/inquiry';
import { type Actor, actorLabel, ORDER_UID, type OrderRow, SYSTEM } from '../order-rows';
import { applyEvent, lockOrder, stockLine } from './lifecycle';

/** How long to wait before asking an unreachable WeChat again whether an expired order was paid. */
const ASK_AGAIN_MS = 30_000;

/** Ends every live attempt to pay for an order. The worst standing decides. */
async function endPayments(order: OrderRow): Promise<Standing[]> {
  const live = (await paymentsOfOrders([order.id])).filter((payment) => payment.status === 'pending');
  const standings: Standing[] = [];
  for (const payment of live) standings.push(await settleOrClose(payment));
  return standings;
}

async function die(
  tx: Tx,
  order: OrderRow,
  event: 'cancel' | 'expire',
  actor: Actor,
  reason: string,
): Promise<OrderRow> {
  const dead = await applyEvent(tx, order, {
    event,
    actor,
    reason,
    attributes: { cancelledAt: clock.now(), cancelReason: reason },
  });
  if (order.productSource === 'local') await releaseStock(tx, stockLine(order), actorLabel(actor));
  return dead;
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
  reason: string;
  /** The owner's id; left out for staff, who may cancel anybody's order. */
  userId?: number;
}

/**
 * Cancels a pending order and gives its stock back. The payment is ended at WeChat first; when WeChat does not answer
 * the order is cancelled all the same and the worker goes on asking: money that still arrives is served or refunded by
 * the settlement. Throws NOT_FOUND, ORDER_STATE_CONFLICT (also when the money arrived in this moment).
 */
export async function cancelOrder(
  documentId: string,
  { reason, userId }: CancelRequest,
  actor: Actor,
): Promise<OrderRow> {
  const found = await findOrder(documentId, userId);
  if (found.status !== 'pending') throw orderStateConflict(found.status, actor.type);
  const standings = await endPayments(found);
  return inTransaction(async (tx) => {
    const order = await lockOrder(tx, { id: found.id });
    const cancelled = await die(tx, order, 'cancel', actor, reason);
    if (standings.includes('unknown')) {
      await enqueue(tx, [{ topic: 'order.end-payments', payload: { orderId: order.id } }]);
    }
    return cancelled;
  });
}

/** Goes on ending the payments of a cancelled order until WeChat has answered. */
export async function endPaymentsOfOrder(orderId: number): Promise<Date | void> {
  const order = await fetchRow<OrderRow>(ORDER_UID, query(ORDER_UID).where({ id: orderId }));
  if (order === undefined) return;
  if ((await endPayments(order)).includes('unknown')) return new Date(clock.now().getTime() + ASK_AGAIN_MS);
}

/**
 * The deadline of an order: ask, close, and only then let it die. While WeChat does not answer the stock stays locked
 * and the worker asks again. Applied twice it changes nothing.
 */
export async function expireOrder(orderId: number): Promise<Date | void> {
  const found = await fetchRow<OrderRow>(ORDER_UID, query(ORDER_UID).where({ id: orderId }));
  if (found?.status !== 'pending') return;
  if (found.expiresAt !== null && found.expiresAt > clock.now()) return found.expiresAt;
  if ((await endPayments(found)).includes('unknown')) return new Date(clock.now().getTime() + ASK_AGAIN_MS);
  await inTransaction(async (tx) => {
    const order = await lockOrder(tx, { id: orderId });
    if (order.status !== 'pending') return;
    await die(tx, order, 'expire', SYSTEM, '超时未付款');
    await notifyUser(tx, {
      userId: order.userId,
      type: 'order',
      title: '订单已自动取消',
      content: `订单 ${order.orderNumber} 超过付款时间，已自动取消。`,
      data: { order: order.documentId },
    });
  });
}

export default () => ({ cancelOrder, expireOrder });
