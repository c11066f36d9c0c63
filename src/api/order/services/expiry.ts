/**
 * Deadlines that fall together. Most orders that expire were never paid for: those of one round die in one transaction,
 * which costs a few statements for all of them. An order somebody began to pay for takes the careful way by itself.
 */
import { createBatcher } from '../../../platform/batching';
import { clock } from '../../../platform/clock';
import { inTransaction, query, type Tx } from '../../../platform/database';
import { releaseAllStock } from '../../inventory/services/stock';
import { notifyUsers } from '../../notification/notify';
import { ALLOCATION_UID, OPEN_PAYMENT_STATUSES, PAYMENT_UID } from '../../payment/payment-rows';
import { actorLabel, type OrderRow, SYSTEM } from '../order-rows';
import { EXPIRED, expireOrder, expiryNotice } from './cancellation';
import { applyEventToAll, lockOrders, stockLine } from './lifecycle';

const MAX_ROUND = 32;

/** `alone`: a payment is open, WeChat must be asked. `settled`: expired now, or nothing is left to expire. */
type Outcome = 'settled' | 'alone' | Date;

/** With the orders locked nobody can begin to pay for them. */
async function readPaying(tx: Tx, orderIds: number[]): Promise<Set<number>> {
  const open = query(PAYMENT_UID, tx)
    .whereIn('status', [...OPEN_PAYMENT_STATUSES])
    .select('id');
  const rows = (await query(ALLOCATION_UID, tx)
    .whereIn('order_id', orderIds)
    .whereIn('payment_id', open)
    .select('order_id')) as { order_id: number }[];
  return new Set(rows.map((row) => row.order_id));
}

async function expireAll(tx: Tx, orders: OrderRow[]): Promise<void> {
  await applyEventToAll(tx, orders, {
    event: 'expire',
    actor: SYSTEM,
    reason: EXPIRED,
    attributes: { cancelledAt: clock.now(), cancelReason: EXPIRED },
  });
  await notifyUsers(tx, orders.map(expiryNotice));
  const local = orders.filter(({ productSource }) => productSource === 'local');
  await releaseAllStock(tx, local.map(stockLine), actorLabel(SYSTEM));
}

async function meetTogether(orderIds: number[]): Promise<Outcome[]> {
  return inTransaction(async (tx) => {
    const orders = new Map((await lockOrders(tx, [...new Set(orderIds)])).map((order) => [order.id, order]));
    const paying = await readPaying(tx, [...orders.keys()]);
    const now = clock.now();
    const judge = (id: number): Outcome | 'due' => {
      const order = orders.get(id);
      if (order?.status !== 'pending') return 'settled';
      if (order.expiresAt !== null && order.expiresAt > now) return order.expiresAt;
      return paying.has(id) ? 'alone' : 'due';
    };
    const verdicts = orderIds.map(judge);
    await expireAll(
      tx,
      [...orders.values()].filter(({ id }) => judge(id) === 'due'),
    );
    return verdicts.map((verdict) => (verdict === 'due' ? 'settled' : verdict));
  });
}

const joinRound = createBatcher<number, Outcome>({
  name: 'order-expiry',
  work: meetTogether,
  maxSize: MAX_ROUND,
  maxInFlight: 2,
});

/**
 * The deadline of an order: it dies if it was not paid, at once or after its payments have been ended at WeChat.
 * Resolves with the moment to look again when it is not decided yet. Applied twice it changes nothing. Not for use
 * inside a transaction.
 */
export async function meetDeadline(orderId: number): Promise<Date | void> {
  let outcome: Outcome;
  try {
    outcome = await joinRound(orderId);
  } catch (error) {
    // One bad row must not keep its whole round from expiring: each goes on by itself.
    strapi.log.warn(`order ${orderId} expires by itself, its round failed: ${String(error)}`);
    outcome = 'alone';
  }
  if (outcome === 'alone') return expireOrder(orderId);
  if (outcome instanceof Date) return outcome;
}

export default () => ({ meetDeadline });
