/** Haier will not deliver a paid order. Its shopper and staff are told, and the policy says what becomes of the money. */
import type { HaierEvent } from '../../../domain/haier-states';
import type { Tx } from '../../../platform/database';
import type { OrderRow } from '../../order/order-rows';
import { findAskedRefund, returnAll } from '../../payment/services/held-refunds';
import type { RefusalPolicy } from '../supplier';
import { releaseMoney } from './cancelling';
import { applyHaierEvent, HAIER, toWords } from './haier-lifecycle';
import { tellShopper, tellStaff } from './telling';

/** rejected: the goods were refused at the door, and staff decide whatever the policy is. */
export type LossKind = 'refused' | 'out_of_stock' | 'cancelled' | 'rejected';

export interface Loss {
  loss: LossKind;
  /** Haier's words. */
  message: string;
  policy: RefusalPolicy;
}

const EVENTS: Readonly<Record<LossKind, HaierEvent>> = {
  refused: 'refused',
  out_of_stock: 'outOfStock',
  cancelled: 'cancelDone',
  rejected: 'cancelDone',
};

const WHAT: Readonly<Record<LossKind, string>> = {
  refused: '海尔未能接单',
  out_of_stock: '海尔缺货',
  cancelled: '海尔已取消订单',
  rejected: '货物被拒收',
};

/** What the shopper reads when the money goes back by itself, and when a person decides. */
const TO_SHOPPER: Readonly<Record<LossKind, string>> = {
  refused: '因厂家未能接单，无法发货',
  out_of_stock: '因厂家缺货，无法发货',
  cancelled: '已被厂家取消，无法发货',
  rejected: '的货物已被拒收',
};

/** True while the order's money is here, and not already on its way back. */
async function holdsMoney(tx: Tx, order: OrderRow): Promise<boolean> {
  if (order.status === 'refunding') return (await findAskedRefund(tx, order)) !== undefined;
  return order.status === 'paid' || order.status === 'shipped' || order.status === 'completed';
}

async function tell(tx: Tx, order: OrderRow, { loss, message }: Loss, isReturned: boolean): Promise<void> {
  const then = isReturned ? '款项将原路退回。' : '商家会尽快与您联系处理。';
  await tellShopper(tx, order, `${WHAT[loss]}`, `${TO_SHOPPER[loss]}，${then}`);
  await tellStaff(
    tx,
    order,
    isReturned ? `${WHAT[loss]}，已自动退款` : `${WHAT[loss]}，请处理`,
    `${WHAT[loss]}（${toWords(message)}），${isReturned ? '款项已自动退回' : '款项尚未退回'}`,
  );
}

/**
 * Takes in that Haier does not deliver a locked order. False when the table of states has no such move: nothing is written then.
 * While a cancel was asked for, it is as good as a cancel.
 */
export async function applyLoss(tx: Tx, order: OrderRow, loss: Loss): Promise<boolean> {
  const wasAsked = order.haierStatus === 'cancel_pending';
  const event = wasAsked ? 'cancelDone' : EVENTS[loss.loss];
  const facts = { haierFailMessage: loss.message };
  const lost = await applyHaierEvent(tx, order, { event, actor: HAIER, words: loss.message, facts });
  if (lost === undefined) return false;
  if (wasAsked) {
    await releaseMoney(tx, lost);
    return true;
  }
  if (!(await holdsMoney(tx, lost))) return true;
  const isReturned =
    loss.policy === 'refund' &&
    loss.loss !== 'rejected' &&
    (await returnAll(tx, lost, { actor: HAIER, reason: `${WHAT[loss.loss]}：${toWords(loss.message)}` }));
  await tell(tx, lost, loss, isReturned);
  return true;
}

export default () => ({ applyLoss });
