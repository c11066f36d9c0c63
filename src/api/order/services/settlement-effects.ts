/** What money does to an order. Called by the settlement, with the order locked. */
import { formatFen, yuanToFen } from '../../../domain/money';
import { clock } from '../../../platform/clock';
import { query, type Tx } from '../../../platform/database';
import { enqueue } from '../../../platform/outbox';
import { notifyUser } from '../../notification/notify';
import { lockStock } from '../../inventory/services/stock';
import { actorLabel, type OrderRow, SETTLEMENT } from '../order-rows';
import { applyEvent, stockLine } from './lifecycle';

async function countSale(tx: Tx, order: OrderRow): Promise<void> {
  // Every language row of the product, so that a list in any language sorts by the same number.
  await query('api::product.product', tx)
    .where('document_id', order.productDocumentId)
    .update({ sales_count: tx.raw('coalesce(sales_count, 0) + ?', [order.quantity]) });
}

async function afterPaid(tx: Tx, order: OrderRow): Promise<void> {
  await countSale(tx, order);
  if (order.productSource === 'haier') {
    await enqueue(tx, [{ topic: 'haier.push', payload: { orderId: order.id }, key: `order:${order.id}` }]);
  }
  await notifyUser(tx, {
    userId: order.userId,
    type: 'payment',
    title: '付款成功',
    content: `订单 ${order.orderNumber} 已付款 ${formatFen(yuanToFen(order.actualAmount))} 元，我们将尽快发货。`,
    data: { order: order.documentId },
  });
}

/** A pending order is paid. */
export async function payOrder(tx: Tx, order: OrderRow, paidAt: Date): Promise<OrderRow> {
  const paid = await applyEvent(tx, order, { event: 'pay', actor: SETTLEMENT, attributes: { paidAt } });
  await afterPaid(tx, paid);
  return paid;
}

/**
 * A cancelled order for which money arrived lives again, if its stock can be taken again. Throws OUT_OF_STOCK when it
 * cannot; then the money goes back.
 */
export async function reviveOrder(tx: Tx, order: OrderRow, paidAt: Date): Promise<OrderRow> {
  const life = order.life + 1;
  if (order.productSource === 'local')
    await lockStock(tx, [{ ...stockLine(order), life }], actorLabel(SETTLEMENT));
  const revived = await applyEvent(tx, order, {
    event: 'revive',
    actor: SETTLEMENT,
    reason: 'payment arrived after the order was cancelled',
    attributes: { life, paidAt, cancelledAt: null, cancelReason: null },
  });
  await afterPaid(tx, revived);
  return revived;
}

/** An order that costs nothing is paid the moment it is placed. */
export async function settleFreeOrder(tx: Tx, order: OrderRow): Promise<void> {
  await payOrder(tx, order, clock.now());
}

export default () => ({ payOrder, reviveOrder });
