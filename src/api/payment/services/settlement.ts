/**
 * The one place that accepts money as a fact. The notification, the shopper's return and our own query all end here,
 * so any number of them, in any order, settle once.
 */
import { randomInt } from 'node:crypto';

import { fenToYuan, yuanToFen } from '../../../domain/money';
import { createNumber } from '../../../domain/order-number';
import { Refusal } from '../../../domain/refusal';
import { clock } from '../../../platform/clock';
import { inTransaction, insertRow, query, type Tx, updateRow } from '../../../platform/database';
import { enqueue } from '../../../platform/outbox';
import type { WechatTransaction } from '../../../platform/wechat/pay-messages';
import { wechatPay } from '../../../platform/wechat/pay';
import { notifyStaff, notifyUser } from '../../notification/notify';
import type { OrderRow } from '../../order/order-rows';
import { lockOrders } from '../../order/services/lifecycle';
import { payOrder, reviveOrder } from '../../order/services/settlement-effects';
import { type AllocationRow, type PaymentRow, REFUND_UID, PAYMENT_UID } from '../payment-rows';
import { lockPayment, logged, readAllocations } from '../payment-store';

export type SettlementOutcome = 'settled' | 'already_settled' | 'not_paid' | 'mismatch';

/** Also after a partial refund WeChat calls a payment REFUND: it was paid. */
const PAID_STATES = new Set(['SUCCESS', 'REFUND']);

export const isPaidState = (transaction: WechatTransaction): boolean =>
  PAID_STATES.has(transaction.trade_state);

/** What does not fit between WeChat's word and our row; empty when all does. */
function findMismatches(payment: PaymentRow, transaction: WechatTransaction): string[] {
  const { appIdentifier, mchId } = wechatPay();
  const openid = transaction.payer?.openid;
  return [
    transaction.appid === appIdentifier ? '' : 'appid',
    transaction.mchid === mchId ? '' : 'mchid',
    transaction.out_trade_no === payment.paymentNumber ? '' : 'out_trade_no',
    transaction.amount?.total === yuanToFen(payment.amount) ? '' : 'amount',
    (transaction.amount?.currency ?? 'CNY') === 'CNY' ? '' : 'currency',
    openid === undefined || openid === payment.payerOpenId ? '' : 'payer',
    transaction.transaction_id === undefined ? 'transaction_id' : '',
  ].filter(Boolean);
}

/** Money for an order that cannot use it goes back by itself, and somebody is told. */
export async function refundSurplus(
  tx: Tx,
  payment: PaymentRow,
  order: OrderRow,
  amount: number,
  reason: string,
): Promise<void> {
  const refund = await insertRow(REFUND_UID, tx, {
    refundNumber: createNumber('R', clock.now(), randomInt),
    paymentId: payment.id,
    orderId: order.id,
    userId: payment.userId,
    amount,
    kind: 'surplus',
    status: 'approved',
    reason,
    requestedBy: 'system',
    decidedBy: 'system',
    decidedAt: clock.now(),
    logs: logged(null, 'approved', reason),
  });
  await enqueue(tx, [
    { topic: 'refund.submit', payload: { refundId: refund.id }, key: `refund:${refund.id}` },
  ]);
  const facts = { order: order.documentId, refund: refund.documentId };
  await notifyUser(tx, {
    userId: payment.userId,
    type: 'refund',
    title: '款项将原路退回',
    content: `订单 ${order.orderNumber} 已无法继续，收到的 ${amount.toFixed(2)} 元将原路退回。`,
    data: facts,
  });
  await notifyStaff(tx, {
    type: 'refund',
    title: '收到无法使用的款项，已自动退款',
    content: `订单 ${order.orderNumber}：${reason}`,
    data: facts,
  });
}

/** One order's share of money that has arrived. */
async function settleShare(
  tx: Tx,
  payment: PaymentRow,
  order: OrderRow,
  share: AllocationRow,
  paidAt: Date,
): Promise<void> {
  if (order.status === 'pending') {
    await payOrder(tx, order, paidAt);
    return;
  }
  if (order.status !== 'cancelled') {
    await refundSurplus(tx, payment, order, share.amount, 'the order was already paid by another payment');
    return;
  }
  try {
    await reviveOrder(tx, order, paidAt);
  } catch (error) {
    // The stock statement found no row and wrote nothing, so the transaction is still good.
    if (!(error instanceof Refusal) || error.code !== 'OUT_OF_STOCK') throw error;
    await refundSurplus(tx, payment, order, share.amount, 'the order was cancelled and its stock is gone');
  }
}

async function recordMismatch(
  tx: Tx,
  payment: PaymentRow,
  mismatches: string[],
  transaction: WechatTransaction,
): Promise<void> {
  const detail = `does not fit: ${mismatches.join(', ')}`;
  // Told once: the same word comes again with every notification and query.
  if (payment.status === 'failed') return;
  await updateRow(PAYMENT_UID, tx, payment.id, {
    status: 'failed',
    logs: logged(payment.logs, 'mismatch', detail),
  });
  await notifyStaff(tx, {
    type: 'payment',
    title: '支付结果与订单不符，请核对',
    content: `支付单 ${payment.paymentNumber}：${detail}（WeChat ${transaction.transaction_id ?? '-'}）`,
    data: { payment: payment.documentId },
  });
}

async function settleLocked(
  tx: Tx,
  payment: PaymentRow,
  orders: OrderRow[],
  shares: AllocationRow[],
  transaction: WechatTransaction,
): Promise<SettlementOutcome> {
  if (payment.status === 'succeeded') return 'already_settled';
  const mismatches = findMismatches(payment, transaction);
  if (mismatches.length > 0) {
    await recordMismatch(tx, payment, mismatches, transaction);
    return 'mismatch';
  }
  const paidAt = transaction.success_time ?? clock.now();
  const changed = await query(PAYMENT_UID, tx)
    .where('id', payment.id)
    .whereNot('status', 'succeeded')
    .update({
      status: 'succeeded',
      transaction_id: transaction.transaction_id,
      paid_at: paidAt,
      updated_at: clock.now(),
    });
  if (changed !== 1) return 'already_settled';
  await updateRow(PAYMENT_UID, tx, payment.id, {
    logs: logged(payment.logs, 'succeeded', transaction.transaction_id),
  });
  for (const order of orders) {
    const share = shares.find((candidate) => candidate.orderId === order.id);
    if (share !== undefined) await settleShare(tx, payment, order, share, paidAt);
  }
  return 'settled';
}

/**
 * Settles a payment by WeChat's word about it. Never refuses money: an order that died is served again if its stock
 * can be taken, else the money goes back by itself. What does not fit our row is recorded and shown to staff.
 * Joins the caller's transaction when one is open.
 */
export async function settlePayment(
  paymentId: number,
  transaction: WechatTransaction,
): Promise<SettlementOutcome> {
  if (!isPaidState(transaction)) return 'not_paid';
  return inTransaction(async (tx) => {
    const shares = await readAllocations(paymentId, tx);
    const orders = await lockOrders(
      tx,
      shares.map((share) => share.orderId),
    );
    const payment = await lockPayment(tx, paymentId);
    return settleLocked(tx, payment, orders, shares, transaction);
  });
}

/** Sum of the shares of succeeded payments of an order, in yuan; what can be refunded comes out of these. */
export const sumYuan = (amounts: number[]): number =>
  fenToYuan(amounts.reduce((sum, amount) => sum + yuanToFen(amount), 0));

export default () => ({ settlePayment });
