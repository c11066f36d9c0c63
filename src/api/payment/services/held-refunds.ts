/** Refunds that wait for whoever has the order, and money that goes back by itself. Called with the order locked. */
import { yuanToFen } from '../../../domain/money';
import { Refusal } from '../../../domain/refusal';
import { fetchRow, query, type Tx } from '../../../platform/database';
import { type Actor, actorLabel, type OrderRow } from '../../order/order-rows';
import { REFUND_UID, type RefundRow } from '../payment-rows';
import { changeRefund } from '../payment-store';
import { inLockedRefund } from './refund-answers';
import { startFreeRefund } from './refund-requests';
import { approval, approve, reject, writeRefund } from './refund-writing';
import { enqueueSubmission } from './surplus';

/** The refund of an order that is decided and held, if there is one. */
export const findHeldRefund = (tx: Tx, order: OrderRow): Promise<RefundRow | undefined> =>
  fetchRow<RefundRow>(
    REFUND_UID,
    query(REFUND_UID, tx).where({ order_id: order.id, status: 'requested' }).whereNotNull('decided_at'),
  );

/** The refund that would end an order and that nobody has decided about. */
export const findAskedRefund = (tx: Tx, order: OrderRow): Promise<RefundRow | undefined> =>
  fetchRow<RefundRow>(
    REFUND_UID,
    query(REFUND_UID, tx)
      .where({ order_id: order.id, status: 'requested', kind: 'full' })
      .whereNull('decided_at'),
  );

/** The order is let go: its held refund goes on its way. False when none is held. */
export async function releaseHeldRefund(tx: Tx, order: OrderRow, actor: Actor): Promise<boolean> {
  const held = await findHeldRefund(tx, order);
  if (held === undefined) return false;
  return inLockedRefund({ id: held.id }, async (inTx, { refund }) => {
    const happened = { event: 'released', detail: actorLabel(actor) };
    await changeRefund(inTx, refund, { status: 'approved' }, happened);
    await enqueueSubmission(inTx, refund);
    return true;
  });
}

/** The order is not let go: its held refund is rejected with these words. False when none is held. */
export async function refuseHeldRefund(
  tx: Tx,
  order: OrderRow,
  { actor, reason }: { actor: Actor; reason: string },
): Promise<boolean> {
  const held = await findHeldRefund(tx, order);
  if (held === undefined) return false;
  return inLockedRefund({ id: held.id }, async (inTx, locked) => {
    await reject(inTx, locked, { reason }, actor);
    return true;
  });
}

const REFUNDABLE = new Set<OrderRow['status']>(['paid', 'shipped', 'completed']);

/**
 * Gives all that is left of an order's money back, without anybody deciding: a refund its shopper has asked for already is
 * approved, else one is written. False when nothing can go back now, because a refund is under way or nothing is left; nothing
 * is written then.
 */
export async function returnAll(
  tx: Tx,
  order: OrderRow,
  { actor, reason }: { actor: Actor; reason: string },
): Promise<boolean> {
  const asked = await findAskedRefund(tx, order);
  if (asked !== undefined) {
    await inLockedRefund({ id: asked.id }, (inTx, locked) => approve(inTx, locked, { reason }, actor));
    return true;
  }
  if (!REFUNDABLE.has(order.status)) return false;
  if (yuanToFen(order.actualAmount) === 0)
    return (await startFreeRefund(tx, order, { reason }, actor)) === 'ended';
  try {
    await writeRefund(tx, order, { reason }, actor, approval(actor, { reason }));
    return true;
  } catch (error) {
    // Refused before anything was written: a partial refund is under way, or WeChat takes no more of them.
    if (error instanceof Refusal) return false;
    throw error;
  }
}

export default () => ({ releaseHeldRefund, refuseHeldRefund, returnAll });
