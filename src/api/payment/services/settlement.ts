/**
 * The one place that accepts money as a fact. The notification, the shopper's return and our own query all end here,
 * so any number of them, in any order, settle once.
 */
import { fenToYuan, yuanToFen } from '../../../domain/money';
import { splitFen } from '../../../domain/refunds';
import { clock } from '../../../platform/clock';
import { inTransaction, type Tx } from '../../../platform/database';
import { enqueue } from '../../../platform/outbox';
import { announce } from '../../../platform/push';
import type { WechatTransaction } from '../../../platform/wechat/pay-messages';
import { wechatPay } from '../../../platform/wechat/pay';
import { notifyStaff } from '../../notification/notify';
import type { OrderRow } from '../../order/order-rows';
import { lockOrders } from '../../order/services/lifecycle';
import { serveOrders } from '../../order/services/settlement-effects';
import type { AllocationRow, PaymentRow } from '../payment-rows';
import { bookPayment, changePayment, lockPayment, readAllocations } from '../payment-store';
import { returnSurplus, type SurplusCause, type SurplusPart } from './surplus';

export type SettlementOutcome = 'settled' | 'already_settled' | 'not_paid' | 'mismatch' | 'returned';

/**
 * What becomes of money that does not fit our row. hold: the payment is disputed and WeChat is asked (a notification is
 * only told to us) · return_amount: WeChat has answered our question; another amount than asked for goes back, anything
 * else is held · return: staff send it back, whatever does not fit.
 */
export type OnMismatch = 'hold' | 'return_amount' | 'return';

/** Also after a partial refund WeChat calls a payment REFUND: it was paid. */
const PAID_STATES = new Set(['SUCCESS', 'REFUND']);

export const isPaidState = (transaction: WechatTransaction): boolean =>
  PAID_STATES.has(transaction.trade_state);

const MISMATCH_NAMES = {
  appid: '小程序',
  mchid: '商户号',
  out_trade_no: '支付单号',
  amount: '金额',
  currency: '币种',
  payer: '付款人',
  transaction_id: '微信支付订单号',
} as const;
type Mismatch = keyof typeof MISMATCH_NAMES;

/** What does not fit between WeChat's word and our row; empty when all does. */
function findMismatches(payment: PaymentRow, transaction: WechatTransaction): Mismatch[] {
  const { appIdentifier, mchId } = wechatPay();
  const openid = transaction.payer?.openid;
  const fits: Record<Mismatch, boolean> = {
    appid: transaction.appid === appIdentifier,
    mchid: transaction.mchid === mchId,
    out_trade_no: transaction.out_trade_no === payment.paymentNumber,
    amount: transaction.amount?.total === yuanToFen(payment.amount),
    currency: (transaction.amount?.currency ?? 'CNY') === 'CNY',
    payer: openid === undefined || openid === payment.payerOpenId,
    transaction_id: transaction.transaction_id !== undefined,
  };
  return (Object.keys(fits) as Mismatch[]).filter((name) => !fits[name]);
}

/** Everything that is locked while one payment is settled. */
interface Settling {
  payment: PaymentRow;
  orders: OrderRow[];
  shares: AllocationRow[];
  transaction: WechatTransaction;
}

/** Holds a payment until it is known what to do with it. Staff are told once: the same word comes again and again. */
async function dispute(
  tx: Tx,
  { payment, transaction }: Settling,
  mismatches: Mismatch[],
  onMismatch: OnMismatch,
): Promise<void> {
  if (payment.status === 'disputed') return;
  const names = mismatches.map((name) => MISMATCH_NAMES[name]).join('、');
  await changePayment(
    tx,
    payment,
    { status: 'disputed' },
    { event: 'disputed', detail: mismatches.join(', ') },
  );
  // What a notification says is checked with WeChat at once; what WeChat answered is looked at again later.
  const delayMs = onMismatch === 'hold' ? 0 : 30 * 60_000;
  await enqueue(tx, [
    {
      topic: 'payment.check',
      payload: { paymentId: payment.id },
      availableAt: new Date(clock.now().getTime() + delayMs),
    },
  ]);
  await notifyStaff(tx, {
    type: 'payment',
    title: '支付结果与记录不符，请核对',
    content: `支付单 ${payment.paymentNumber}：${names}不符（微信支付订单号 ${transaction.transaction_id ?? '无'}）`,
    data: { payment: payment.documentId },
  });
}

/** Books that money arrived. False when somebody else has just done it. */
async function book(
  tx: Tx,
  { payment, transaction }: Settling,
  paidAt: Date,
  receivedAmount: number | null,
): Promise<boolean> {
  const isBooked = await bookPayment(tx, payment, {
    transactionId: transaction.transaction_id ?? null,
    paidAt,
    receivedAmount,
  });
  if (isBooked) announce('payment', payment.id);
  return isBooked;
}

/** Sends all that arrived back, each order's part in proportion to its share. */
async function returnArrived(
  tx: Tx,
  settling: Settling,
  arrivedFen: number,
  cause: SurplusCause,
  decidedBy?: string,
): Promise<SettlementOutcome> {
  const { payment, orders, shares, transaction } = settling;
  const paidAt = transaction.success_time ?? clock.now();
  const receivedAmount = arrivedFen === yuanToFen(payment.amount) ? null : fenToYuan(arrivedFen);
  if (!(await book(tx, settling, paidAt, receivedAmount))) return 'already_settled';
  const weights = orders.map((order) =>
    yuanToFen(shares.find((share) => share.orderId === order.id)?.amount ?? 0),
  );
  const parts = splitFen(arrivedFen, weights).map((amountFen, place) => ({
    order: orders[place] as OrderRow,
    amountFen,
    cause,
  }));
  await returnSurplus(
    tx,
    payment,
    parts.filter((part) => part.amountFen > 0),
    decidedBy,
  );
  return 'returned';
}

/** Why an order cannot take its share, as far as that is known before its stock is touched. */
function findSurplusCause(order: OrderRow, share: AllocationRow): SurplusCause | undefined {
  if (order.status !== 'pending' && order.status !== 'cancelled') return 'duplicate';
  return yuanToFen(order.actualAmount) === yuanToFen(share.amount) ? undefined : 'amount_changed';
}

/** Gives every order its share; what no order can take goes back as one refund. */
async function giveShares(tx: Tx, { payment, orders, shares }: Settling, paidAt: Date): Promise<void> {
  const surplus: SurplusPart[] = [];
  const servable: OrderRow[] = [];
  const amountOf = (order: OrderRow): number =>
    yuanToFen(shares.find((share) => share.orderId === order.id)?.amount ?? 0);
  for (const order of orders) {
    const share = shares.find((candidate) => candidate.orderId === order.id);
    if (share === undefined) continue;
    const cause = findSurplusCause(order, share);
    if (cause === undefined) servable.push(order);
    else surplus.push({ order, amountFen: amountOf(order), cause });
  }
  for (const order of await serveOrders(tx, servable, paidAt))
    surplus.push({ order, amountFen: amountOf(order), cause: 'cancelled' });
  await returnSurplus(tx, payment, surplus);
}

async function settleMismatch(
  tx: Tx,
  settling: Settling,
  mismatches: Mismatch[],
  onMismatch: OnMismatch,
  decidedBy?: string,
): Promise<SettlementOutcome> {
  const arrivedFen = settling.transaction.amount?.total ?? 0;
  const isAmountOnly = mismatches.every((name) => name === 'amount');
  if (arrivedFen > 0 && onMismatch === 'return')
    return returnArrived(tx, settling, arrivedFen, isAmountOnly ? 'wrong_amount' : 'disputed', decidedBy);
  if (arrivedFen > 0 && onMismatch === 'return_amount' && isAmountOnly)
    return returnArrived(tx, settling, arrivedFen, 'wrong_amount');
  await dispute(tx, settling, mismatches, onMismatch);
  return 'mismatch';
}

/**
 * Settles a payment by WeChat's word about it. Never refuses money: an order that died is served again if its stock
 * can be taken, else the money goes back by itself. What does not fit our row is handled as `onMismatch` says.
 * Joins the caller's transaction when one is open.
 */
export async function settlePayment(
  paymentId: number,
  transaction: WechatTransaction,
  onMismatch: OnMismatch = 'hold',
  decidedBy?: string,
): Promise<SettlementOutcome> {
  if (!isPaidState(transaction)) return 'not_paid';
  return inTransaction(async (tx) => {
    const shares = await readAllocations(paymentId, tx);
    const orders = await lockOrders(
      tx,
      shares.map((share) => share.orderId),
    );
    const payment = await lockPayment(tx, paymentId);
    if (payment.status === 'succeeded') return 'already_settled';
    const settling = { payment, orders, shares, transaction };
    const mismatches = findMismatches(payment, transaction);
    if (mismatches.length > 0) return settleMismatch(tx, settling, mismatches, onMismatch, decidedBy);
    const paidAt = transaction.success_time ?? clock.now();
    if (!(await book(tx, settling, paidAt, null))) return 'already_settled';
    await giveShares(tx, settling, paidAt);
    return 'settled';
  });
}

export default () => ({ settlePayment });
