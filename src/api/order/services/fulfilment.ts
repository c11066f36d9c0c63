/** From paid to completed: goods leave, goods arrive. */
import { DAY_MS } from '../../../domain/beijing-day';
import { settings } from '../../../../config/environment';
import { clock } from '../../../platform/clock';
import { inTransaction } from '../../../platform/database';
import { enqueue } from '../../../platform/outbox';
import { notifyUser } from '../../notification/notify';
import { deductStock } from '../../inventory/services/stock';
import { type Actor, actorLabel, type OrderRow, SYSTEM } from '../order-rows';
import { findOrder } from './cancellation';
import { applyEvent, lockOrder, stockLine } from './lifecycle';
import { promiseUpload } from './shipping-upload';

export interface Shipment {
  company: string;
  trackingNumber: string;
}

/** Sends a paid order's goods on their way: they leave the stock, and WeChat will be told. Throws NOT_FOUND, ORDER_STATE_CONFLICT. */
export async function shipOrder(
  documentId: string,
  { company, trackingNumber }: Shipment,
  actor: Actor,
): Promise<OrderRow> {
  const found = await findOrder(documentId);
  return inTransaction(async (tx) => {
    const order = await lockOrder(tx, { id: found.id });
    const shippedAt = clock.now();
    const shipped = await applyEvent(tx, order, {
      event: 'ship',
      actor,
      attributes: { shippedAt, shippingCompany: company, trackingNumber },
    });
    if (order.productSource === 'local') await deductStock(tx, stockLine(order), actorLabel(actor));
    await enqueue(tx, [
      {
        topic: 'order.auto-complete',
        payload: { orderId: order.id },
        availableAt: new Date(shippedAt.getTime() + settings().ORDER_AUTO_COMPLETE_DAYS * DAY_MS),
      },
    ]);
    await promiseUpload(tx, shipped);
    await notifyUser(tx, {
      userId: order.userId,
      type: 'order',
      title: '订单已发货',
      content: `订单 ${order.orderNumber} 已由 ${company} 发出，运单号 ${trackingNumber}。`,
      data: { order: order.documentId },
    });
    return shipped;
  });
}

/** The shopper has the goods. Throws NOT_FOUND, ORDER_STATE_CONFLICT. */
export async function confirmReceipt(documentId: string, userId: number, actor: Actor): Promise<OrderRow> {
  const found = await findOrder(documentId, userId);
  return inTransaction(async (tx) => {
    const order = await lockOrder(tx, { id: found.id });
    return applyEvent(tx, order, {
      event: 'confirmReceipt',
      actor,
      attributes: { completedAt: clock.now() },
    });
  });
}

/** Completes a shipped order nobody confirmed, once its days are over. Applied twice it changes nothing. */
export async function autoCompleteOrder(orderId: number): Promise<Date | void> {
  return inTransaction(async (tx) => {
    const order = await lockOrder(tx, { id: orderId });
    // In refund: whether it comes back to shipped is decided there, so look again later.
    if (order.status === 'refunding') return new Date(clock.now().getTime() + DAY_MS);
    if (order.status !== 'shipped') return;
    await applyEvent(tx, order, {
      event: 'autoComplete',
      actor: SYSTEM,
      attributes: { completedAt: clock.now() },
    });
  });
}

export default () => ({ shipOrder, confirmReceipt, autoCompleteOrder });
