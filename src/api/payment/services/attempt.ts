/** One attempt to collect: the number is written first, WeChat is asked after, with the same bytes until it answers. */
import { fenToYuan, yuanToFen } from '../../../domain/money';
import { orderStateConflict } from '../../../domain/order-states';
import { notFound, Refusal } from '../../../domain/refusal';
import { MAX_ORDERS_PER_PAYMENT } from '../../../domain/refunds';
import { clock } from '../../../platform/clock';
import { fetchRows, inTransaction, insertRows, query, type Tx } from '../../../platform/database';
import { enqueue } from '../../../platform/outbox';
import type { PayParams } from '../../../platform/wechat/pay-client';
import { wechatPay } from '../../../platform/wechat/pay';
import { ORDER_UID, type OrderRow } from '../../order/order-rows';
import { lockOrders } from '../../order/services/lifecycle';
import { alreadyPaid, conflict } from '../payment-conflict';
import { ALLOCATION_UID, PAYMENT_UID, type PaymentRow } from '../payment-rows';
import {
  firstEntry,
  insertNumbered,
  isOpenPayment,
  paymentsOfOrders,
  readAllocations,
} from '../payment-store';
import { settleOrClose } from './inquiry';
import { buildPaymentRequest } from './payment-request';
import { requestPrepay } from './prepay';

/** What is to be paid: one order, or all that is still pending of a checkout. */
export type PaymentSubject = { order: string } | { checkoutNumber: string };

export interface Payer {
  id: number;
  openId: string | null;
}

export interface StartedPayment {
  payment: PaymentRow;
  payParams: PayParams;
  /** False when a live attempt was returned again. */
  isNew: boolean;
}

const FIRST_CHECK_MS = 10_000;
const MAX_ROUNDS = 4;

async function findOrders(payer: Payer, subject: PaymentSubject): Promise<OrderRow[]> {
  const where =
    'order' in subject ? { document_id: subject.order } : { checkout_number: subject.checkoutNumber };
  const orders = await fetchRows<OrderRow>(
    ORDER_UID,
    query(ORDER_UID)
      .where({ ...where, user_id: payer.id })
      .orderBy('id'),
  );
  if (orders.length === 0) throw notFound();
  return orders;
}

/** The orders of the subject that wait for money. Throws when none does, saying what they are instead. */
function payable(orders: OrderRow[]): OrderRow[] {
  const pending = orders.filter((order) => order.status === 'pending');
  if (pending.length > 0) {
    if (pending.some((order) => order.expiresAt !== null && order.expiresAt <= clock.now())) {
      throw conflict('订单已超过付款时间', 'The time to pay for this order has passed');
    }
    if (pending.length > MAX_ORDERS_PER_PAYMENT) {
      throw conflict(
        `一次最多支付 ${MAX_ORDERS_PER_PAYMENT} 个订单，请逐单支付`,
        `At most ${MAX_ORDERS_PER_PAYMENT} orders can be paid at once, please pay them one by one`,
      );
    }
    return pending;
  }
  const [first] = orders;
  if (first !== undefined && first.status !== 'cancelled') throw alreadyPaid();
  throw orderStateConflict('cancelled', 'shopper');
}

async function insertPayment(
  tx: Tx,
  orders: OrderRow[],
  subject: PaymentSubject,
  payer: Payer & { openId: string },
): Promise<PaymentRow> {
  const now = clock.now();
  const amountFen = orders.reduce((sum, order) => sum + yuanToFen(order.actualAmount), 0);
  const expiresAt = new Date(Math.min(...orders.map((order) => (order.expiresAt ?? now).getTime())));
  const payment = await insertNumbered(
    PAYMENT_UID,
    tx,
    { attribute: 'paymentNumber', prefix: 'P' },
    (paymentNumber) => ({
      paymentNumber,
      userId: payer.id,
      checkoutNumber: 'checkoutNumber' in subject ? subject.checkoutNumber : null,
      amount: fenToYuan(amountFen),
      receivedAmount: null,
      method: 'wechat' as const,
      status: 'pending' as const,
      transactionId: null,
      payerOpenId: payer.openId,
      request: buildPaymentRequest(orders, { paymentNumber, amountFen, openId: payer.openId, expiresAt }),
      prepayId: null,
      prepayAt: null,
      expiresAt,
      paidAt: null,
      logs: firstEntry('created'),
    }),
  );
  await insertRows(
    ALLOCATION_UID,
    tx,
    orders.map((order) => ({ paymentId: payment.id, orderId: order.id, amount: order.actualAmount })),
  );
  // Asks WeChat by itself, in case the notification never comes.
  await enqueue(tx, [
    {
      topic: 'payment.check',
      payload: { paymentId: payment.id },
      availableAt: new Date(now.getTime() + FIRST_CHECK_MS),
    },
  ]);
  return payment;
}

type Choice = { payment: PaymentRow; isNew: boolean } | { closeFirst: PaymentRow[] };

async function coversExactly(
  tx: Tx,
  payment: PaymentRow,
  orders: OrderRow[],
  openId: string,
): Promise<boolean> {
  const shares = await readAllocations(payment.id, tx);
  const isSame =
    shares.length === orders.length &&
    shares.every((share) =>
      orders.some((order) => order.id === share.orderId && order.actualAmount === share.amount),
    );
  return isSame && payment.payerOpenId === openId;
}

/** Takes up the live attempt for exactly these orders, or names those that must be closed first, or writes a new one. */
async function choose(
  orderIds: number[],
  subject: PaymentSubject,
  payer: Payer & { openId: string },
): Promise<Choice> {
  return inTransaction(async (tx) => {
    const orders = payable(await lockOrders(tx, orderIds));
    const amountFen = orders.reduce((sum, order) => sum + yuanToFen(order.actualAmount), 0);
    if (amountFen === 0) throw conflict('订单无需付款', 'There is nothing to pay for this order');
    const live = (
      await paymentsOfOrders(
        orders.map((order) => order.id),
        tx,
      )
    ).filter(isOpenPayment);
    const [first] = live;
    if (first === undefined) return { payment: await insertPayment(tx, orders, subject, payer), isNew: true };
    if (
      live.length === 1 &&
      first.status === 'pending' &&
      (await coversExactly(tx, first, orders, payer.openId))
    )
      return { payment: first, isNew: false };
    return { closeFirst: live };
  });
}

/** The old numbers must be dead before a new one lives: an amount that changed, or another set of orders. */
async function endAll(payments: PaymentRow[]): Promise<void> {
  for (const payment of payments) {
    const standing = await settleOrClose(payment);
    if (standing === 'unknown') throw new Refusal('UPSTREAM_UNAVAILABLE');
    if (standing === 'disputed')
      throw conflict(
        '该订单的一笔支付正在核对，核对完成前不能再次付款',
        'A payment of this order is being checked; it cannot be paid again until that is done',
      );
  }
}

/**
 * Starts paying, or takes up the attempt that is under way. Throws NOT_FOUND, PAYMENT_CONFLICT (paid, past its
 * deadline, nothing to pay, no openid), ORDER_STATE_CONFLICT (cancelled), UPSTREAM_FAILED, UPSTREAM_UNAVAILABLE.
 */
export async function startPayment(payer: Payer, subject: PaymentSubject): Promise<StartedPayment> {
  const { id, openId } = payer;
  const orders = await findOrders(payer, subject);
  payable(orders);
  if (openId === null || openId === '') {
    throw conflict('请在微信小程序中登录后付款', 'Sign in through the mini-program to pay with WeChat');
  }
  wechatPay();
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    const choice = await choose(
      orders.map((order) => order.id),
      subject,
      { id, openId },
    );
    if ('payment' in choice) {
      const prepayId = await requestPrepay(choice.payment);
      return { ...choice, payParams: wechatPay().payParams(prepayId) };
    }
    await endAll(choice.closeFirst);
  }
  throw conflict('支付正在处理中，请稍后再试', 'A payment is being worked on, please try again');
}

export default () => ({ startPayment });
