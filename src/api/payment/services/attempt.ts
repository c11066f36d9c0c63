/** One attempt to collect: the number is written first, WeChat is asked after, with the same bytes until it answers. */
import { randomInt } from 'node:crypto';

import { fenToYuan, yuanToFen } from '../../../domain/money';
import { createNumber } from '../../../domain/order-number';
import { orderStateConflict } from '../../../domain/order-states';
import { notFound, Refusal } from '../../../domain/refusal';
import { settings } from '../../../../config/environment';
import { clock } from '../../../platform/clock';
import {
  fetchRows,
  inTransaction,
  insertRow,
  insertRows,
  query,
  type Tx,
  updateRow,
} from '../../../platform/database';
import { OutcomeUnknownError, ServiceUnavailableError } from '../../../platform/http';
import { enqueue } from '../../../platform/outbox';
import type { PayParams } from '../../../platform/wechat/pay-client';
import { WechatPayError } from '../../../platform/wechat/pay-client';
import { wechatPay } from '../../../platform/wechat/pay';
import { ORDER_UID, type OrderRow } from '../../order/order-rows';
import { lockOrders } from '../../order/services/lifecycle';
import { ALLOCATION_UID, PAYMENT_UID, type PaymentRow } from '../payment-rows';
import { lockPayment, logged, paymentsOfOrders, readAllocations } from '../payment-store';
import { settleOrClose, syncPayment } from './inquiry';

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

/** WeChat keeps a prepay id for two hours; after less than that we ask for a fresh one with the same bytes. */
const PREPAY_FRESH_MS = 100 * 60_000;
const FIRST_CHECK_MS = 10_000;
const MAX_ROUNDS = 4;

const conflict = (zh: string, en: string, details: Record<string, unknown> = {}): Refusal =>
  new Refusal('PAYMENT_CONFLICT', { sentence: { zh, en }, details });

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
    return pending;
  }
  const [first] = orders;
  if (first !== undefined && first.status !== 'cancelled')
    throw conflict('订单已付款', 'This order has already been paid');
  throw orderStateConflict('cancelled', 'shopper');
}

/** RFC 3339 in China's time without fractions, as WeChat writes `time_expire`. */
const chinaTime = (time: Date): string =>
  `${new Date(time.getTime() + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;

/** At most 127 characters: WeChat Pay APIv3, JSAPI prepay, `description`. */
function describe(orders: OrderRow[]): string {
  const name = orders[0]?.productName ?? '';
  const text = orders.length > 1 ? `${[...name].slice(0, 60).join('')} 等${orders.length}件` : name;
  return [...text].slice(0, 100).join('').slice(0, 120);
}

function buildRequest(
  paymentNumber: string,
  orders: OrderRow[],
  amountFen: number,
  openId: string,
  expiresAt: Date,
): string {
  const { wechatPay: pay } = settings();
  return JSON.stringify({
    appid: wechatPay().appIdentifier,
    mchid: wechatPay().mchId,
    description: describe(orders),
    out_trade_no: paymentNumber,
    time_expire: chinaTime(expiresAt),
    notify_url: pay?.notifyUrl,
    amount: { total: amountFen, currency: 'CNY' },
    payer: { openid: openId },
  });
}

async function insertPayment(
  tx: Tx,
  orders: OrderRow[],
  subject: PaymentSubject,
  payer: Payer & { openId: string },
): Promise<PaymentRow> {
  const now = clock.now();
  const paymentNumber = createNumber('P', now, randomInt);
  const amountFen = orders.reduce((sum, order) => sum + yuanToFen(order.actualAmount), 0);
  const expiresAt = new Date(Math.min(...orders.map((order) => (order.expiresAt ?? now).getTime())));
  const payment = await insertRow(PAYMENT_UID, tx, {
    paymentNumber,
    userId: payer.id,
    checkoutNumber: 'checkoutNumber' in subject ? subject.checkoutNumber : null,
    amount: fenToYuan(amountFen),
    method: 'wechat' as const,
    status: 'pending' as const,
    transactionId: null,
    payerOpenId: payer.openId,
    request: buildRequest(paymentNumber, orders, amountFen, payer.openId, expiresAt),
    prepayId: null,
    prepayAt: null,
    expiresAt,
    paidAt: null,
    logs: logged(null, 'created'),
  });
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
    ).filter((payment) => payment.status === 'pending');
    const [first] = live;
    if (first === undefined) return { payment: await insertPayment(tx, orders, subject, payer), isNew: true };
    if (live.length === 1 && (await coversExactly(tx, first, orders, payer.openId)))
      return { payment: first, isNew: false };
    return { closeFirst: live };
  });
}

async function markFailed(payment: PaymentRow, error: WechatPayError): Promise<void> {
  await inTransaction(async (tx) => {
    const current = await lockPayment(tx, payment.id);
    if (current.status !== 'pending') return;
    await updateRow(PAYMENT_UID, tx, payment.id, {
      status: 'failed',
      logs: logged(current.logs, 'refused', `${error.status} ${error.code}`),
    });
  });
}

async function requestPrepay(payment: PaymentRow): Promise<string> {
  const isFresh =
    payment.prepayAt !== null && clock.now().getTime() - payment.prepayAt.getTime() < PREPAY_FRESH_MS;
  if (payment.prepayId !== null && isFresh) return payment.prepayId;
  try {
    const prepayId = await wechatPay().prepay(payment.request);
    await inTransaction((tx) => updateRow(PAYMENT_UID, tx, payment.id, { prepayId, prepayAt: clock.now() }));
    return prepayId;
  } catch (error) {
    if (error instanceof OutcomeUnknownError || error instanceof ServiceUnavailableError) {
      // The attempt stays: trying again sends the same number and the same bytes, so it cannot become two.
      throw new Refusal('UPSTREAM_UNAVAILABLE', { details: { payment: payment.documentId } });
    }
    if (!(error instanceof WechatPayError)) throw error;
    if ((await syncPayment(payment)) === 'succeeded')
      throw conflict('订单已付款', 'This order has already been paid');
    await markFailed(payment, error);
    throw new Refusal('UPSTREAM_FAILED', { details: { reason: error.code } });
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
    // An amount that changed, or another set of orders: the old number must be dead before a new one lives.
    for (const payment of choice.closeFirst) {
      if ((await settleOrClose(payment)) === 'unknown') throw new Refusal('UPSTREAM_UNAVAILABLE');
    }
  }
  throw conflict('支付正在处理中，请稍后再试', 'A payment is being worked on, please try again');
}

export default () => ({ startPayment });
