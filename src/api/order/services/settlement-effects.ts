/** What money does to orders. Called by the settlement, with the orders locked. */
import { formatFen, yuanToFen } from '../../../domain/money';
import { Refusal } from '../../../domain/refusal';
import { query, type Tx } from '../../../platform/database';
import { promisePush } from '../../haier-order/services/haier-lifecycle';
import { notifyStaff, notifyUser } from '../../notification/notify';
import { byProduct, lockStock } from '../../inventory/services/stock';
import { actorLabel, type OrderRow, SETTLEMENT } from '../order-rows';
import { holdsStock } from '../queries/held-stock';
import { applyEvent, stockLine } from './lifecycle';

/**
 * Counts sales, once per product and in the order of their ids: baskets that cross must not wait for each other. Every
 * language row of a product, so that a list in any language sorts by the same number.
 */
async function countSales(tx: Tx, orders: OrderRow[]): Promise<void> {
  const pieces = new Map<string, number>();
  for (const { productDocumentId, quantity } of byProduct(orders))
    pieces.set(productDocumentId, (pieces.get(productDocumentId) ?? 0) + quantity);
  for (const [productDocumentId, quantity] of pieces) {
    await query('api::product.product', tx)
      .where('document_id', productDocumentId)
      .update({ sales_count: tx.raw('coalesce(sales_count, 0) + ?', [quantity]) });
  }
}

async function tellPaid(tx: Tx, order: OrderRow): Promise<void> {
  if (order.productSource === 'haier') await promisePush(tx, order);
  await notifyUser(tx, {
    userId: order.userId,
    type: 'payment',
    title: '付款成功',
    content: `订单 ${order.orderNumber} 已付款 ${formatFen(yuanToFen(order.actualAmount))} 元，我们将尽快发货。`,
    data: { order: order.documentId },
  });
}

const pay = (tx: Tx, order: OrderRow, paidAt: Date): Promise<OrderRow> =>
  applyEvent(tx, order, { event: 'pay', actor: SETTLEMENT, attributes: { paidAt } });

/**
 * Takes the stock of a cancelled order again; the life it will live in, or undefined when the stock is gone. Stock that
 * was not given back yet (its payment had not ended) is still the order's own, in the same life.
 */
async function takeStockAgain(tx: Tx, order: OrderRow): Promise<number | undefined> {
  const life = order.life + 1;
  if (order.productSource !== 'local') return life;
  if (await holdsStock(tx, order)) return order.life;
  try {
    await lockStock(tx, [{ ...stockLine(order), life }], actorLabel(SETTLEMENT));
    return life;
  } catch (error) {
    // The stock statement found no row and wrote nothing, so the transaction is still good.
    if (error instanceof Refusal && error.code === 'OUT_OF_STOCK') return undefined;
    throw error;
  }
}

async function revive(tx: Tx, order: OrderRow, life: number, paidAt: Date): Promise<OrderRow> {
  const revived = await applyEvent(tx, order, {
    event: 'revive',
    actor: SETTLEMENT,
    reason: '取消后收到付款，订单恢复',
    attributes: { life, paidAt, cancelledAt: null, cancelReason: null },
  });
  await notifyStaff(tx, {
    type: 'order',
    title: '已取消的订单收到付款，订单已恢复',
    content: `订单 ${order.orderNumber} 取消后收到付款，库存已重新锁定，请照常发货。`,
    data: { order: order.documentId },
  });
  return revived;
}

/**
 * Money arrived for these orders, pending or cancelled: the pending ones are paid, the cancelled ones live again where
 * their stock can be taken again. Returns those whose stock is gone; their money must go back. Stock is locked in the
 * order of the products, and products are counted last.
 */
export async function serveOrders(tx: Tx, orders: OrderRow[], paidAt: Date): Promise<OrderRow[]> {
  const gone: OrderRow[] = [];
  const served: OrderRow[] = [];
  for (const order of byProduct(orders)) {
    if (order.status === 'pending') {
      served.push(await pay(tx, order, paidAt));
      continue;
    }
    const life = await takeStockAgain(tx, order);
    if (life === undefined) gone.push(order);
    else served.push(await revive(tx, order, life, paidAt));
  }
  for (const order of served) await tellPaid(tx, order);
  await countSales(tx, served);
  return gone;
}

/** Orders that cost nothing are paid the moment they are placed. */
export async function settleFreeOrders(tx: Tx, orders: OrderRow[]): Promise<void> {
  for (const order of orders) {
    // The very moment the answer to the shopper names.
    await tellPaid(tx, await pay(tx, order, order.createdAt));
  }
  await countSales(tx, orders);
}

export default () => ({ serveOrders, settleFreeOrders });
