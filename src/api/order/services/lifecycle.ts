/**
 * The one writer of an order's status once it is placed; the first one, and its history row, are written with the order.
 * Every change is one row of the table in `domain/order-states`, written with the order's row locked, together with its
 * history row.
 */
import { nextStatus, type OrderEvent } from '../../../domain/order-states';
import { notFound } from '../../../domain/refusal';
import { clock } from '../../../platform/clock';
import {
  fetchRow,
  fetchRows,
  insertRow,
  insertRows,
  query,
  toColumns,
  type Tx,
} from '../../../platform/database';
import { announce } from '../../../platform/push';
import { noteOrders } from '../../../platform/request';
import { type Actor, ORDER_HISTORY_UID, ORDER_UID, type OrderRow } from '../order-rows';

/**
 * Locks one order. Locks are always taken in one order: orders by id, then payment, then refund, then stock by product
 * id; those who keep to it wait for each other instead of deadlocking. Throws NOT_FOUND.
 */
export async function lockOrder(tx: Tx, where: Record<string, unknown>): Promise<OrderRow> {
  const row = await fetchRow<OrderRow>(
    ORDER_UID,
    query(ORDER_UID, tx).where(toColumns(ORDER_UID, where)).forUpdate(),
  );
  if (row === undefined) throw notFound();
  noteOrders([row.orderNumber]);
  return row;
}

/** Locks several orders, by id. */
export async function lockOrders(tx: Tx, ids: number[]): Promise<OrderRow[]> {
  const orders = await fetchRows<OrderRow>(
    ORDER_UID,
    query(ORDER_UID, tx).whereIn('id', ids).orderBy('id').forUpdate(),
  );
  noteOrders(orders.map(({ orderNumber }) => orderNumber));
  return orders;
}

export interface Happening {
  event: OrderEvent;
  actor: Actor;
  reason?: string;
  /** What else changes on the order with this event, e.g. the tracking number. */
  attributes?: Partial<OrderRow>;
}

/**
 * Lets an event happen to a locked order: next status, update, history row. Returns the order as it now is. Throws
 * ORDER_STATE_CONFLICT when the table has no such move, and nothing is written.
 */
export async function applyEvent(
  tx: Tx,
  order: OrderRow,
  { event, actor, reason, attributes = {} }: Happening,
): Promise<OrderRow> {
  const to = nextStatus(order, event, actor.type);
  const changes = { ...attributes, status: to, version: order.version + 1, updatedAt: clock.now() };
  // The row is locked; the condition is the second lock on the same door, for a caller that forgot the first.
  const changed = await query(ORDER_UID, tx)
    .where({ id: order.id, status: order.status, version: order.version })
    .update(toColumns(ORDER_UID, changes));
  if (changed !== 1) throw new Error(`order ${order.orderNumber} was changed without its lock`);
  await insertRow(ORDER_HISTORY_UID, tx, {
    orderId: order.id,
    from: order.status,
    to,
    event,
    actorType: actor.type,
    actorId: actor.id,
    actorName: actor.name,
    reason: reason ?? null,
  });
  announce('order', order.id);
  return { ...order, ...changes };
}

/**
 * The same event for many locked orders of one status, with the same words. Throws ORDER_STATE_CONFLICT when the table
 * has no such move for one of them, and nothing is written.
 */
export async function applyEventToAll(
  tx: Tx,
  orders: OrderRow[],
  { event, actor, reason, attributes = {} }: Happening,
): Promise<void> {
  const [first] = orders;
  if (first === undefined) return;
  const from = first.status;
  const [to, ...others] = new Set(orders.map((order) => nextStatus(order, event, actor.type)));
  if (others.length > 0 || orders.some(({ status }) => status !== from))
    throw new Error('one event for orders of several statuses');
  const changed = await query(ORDER_UID, tx)
    .whereIn(
      ['id', 'version'],
      orders.map(({ id, version }) => [id, version]),
    )
    .where({ status: from })
    .update({
      ...toColumns(ORDER_UID, { ...attributes, status: to, updatedAt: clock.now() }),
      version: tx.raw('version + 1'),
    });
  if (changed !== orders.length) throw new Error('orders were changed without their locks');
  await insertRows(
    ORDER_HISTORY_UID,
    tx,
    orders.map(({ id }) => ({
      orderId: id,
      from,
      to,
      event,
      actorType: actor.type,
      actorId: actor.id,
      actorName: actor.name,
      reason: reason ?? null,
    })),
  );
  for (const { id } of orders) announce('order', id);
}

/** The stock an order holds or held, in its present life. */
export const stockLine = ({ id, life, productDocumentId, quantity }: OrderRow) => ({
  orderId: id,
  life,
  productDocumentId,
  quantity,
});

export default () => ({ lockOrder, lockOrders, applyEvent, applyEventToAll });
