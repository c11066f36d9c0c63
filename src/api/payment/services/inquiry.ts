/** Asking WeChat how a payment stands, and making sure that a number can no longer be paid. */
import { DAY_MS } from '../../../domain/beijing-day';
import { clock } from '../../../platform/clock';
import { inTransaction } from '../../../platform/database';
import { WechatPayError } from '../../../platform/wechat/pay-errors';
import type { WechatTransaction } from '../../../platform/wechat/pay-messages';
import { wechatPay } from '../../../platform/wechat/pay';
import { OPEN_PAYMENT_STATUSES, type PaymentRow, type PaymentStatus } from '../payment-rows';
import { changePayment, findPayment, isOpenPayment, lockPayment } from '../payment-store';
import { isPaidState, settlePayment } from './settlement';
import { isUndecided } from './wechat-trouble';

/** How a payment stands after asking. `unknown`: WeChat did not tell, nothing may be concluded. */
export type Standing = PaymentStatus | 'unknown';

/** What ends a payment: it was closed, or WeChat refused it for good and it is closed for that. */
export interface Ending {
  status: 'closed' | 'failed';
  detail?: string;
}

const CLOSED: Ending = { status: 'closed' };

/** Writes that a payment cannot be paid any more. WeChat must have said so. */
async function markEnded(payment: PaymentRow, { status, detail }: Ending): Promise<PaymentStatus> {
  return inTransaction(async (tx) => {
    const current = await lockPayment(tx, payment.id);
    if (!isOpenPayment(current)) return current.status;
    await changePayment(tx, current, { status }, { event: status, detail });
    return status;
  });
}

async function currentStatus(payment: PaymentRow): Promise<PaymentStatus> {
  return (await findPayment({ id: payment.id }))?.status ?? payment.status;
}

/** WeChat's word about a number: what it has, that it has nothing, or that it did not tell. */
async function ask(payment: PaymentRow): Promise<WechatTransaction | 'never_heard' | 'unknown'> {
  try {
    return (await wechatPay().findTransaction(payment.paymentNumber)) ?? 'never_heard';
  } catch (error) {
    if (await isUndecided(error)) return 'unknown';
    throw error;
  }
}

/** Takes over what WeChat says. `unpaid`: it knows the number, and nobody has paid. */
async function look(payment: PaymentRow): Promise<Standing | 'unpaid' | 'never_heard'> {
  const word = await ask(payment);
  if (typeof word === 'string') return word;
  if (isPaidState(word)) {
    await settlePayment(payment.id, word, 'return_amount');
    return currentStatus(payment);
  }
  return word.trade_state === 'CLOSED' ? markEnded(payment, CLOSED) : 'unpaid';
}

/** Asks WeChat and takes over what it says. */
export async function syncPayment(payment: PaymentRow): Promise<Standing> {
  const seen = await look(payment);
  return seen === 'unpaid' || seen === 'never_heard' ? currentStatus(payment) : seen;
}

/**
 * Ends an open attempt for certain: settled if money came, else closed at WeChat. Only after `closed` (or `failed`) may
 * anything be given away that the payment stood for. `disputed` comes back when WeChat has money under the number that
 * does not fit our row. Our own attempts that never reached WeChat are closed there too, since a prepay whose answer
 * was lost may still be payable.
 */
export async function settleOrClose(payment: PaymentRow, ending: Ending = CLOSED): Promise<Standing> {
  const seen = await look(payment);
  if (seen !== 'unpaid' && seen !== 'never_heard') return seen;
  try {
    await wechatPay().close(payment.paymentNumber);
    return await markEnded(payment, ending);
  } catch (error) {
    // Whatever the reason for a no, the query tells what is: paid in this moment, or not known there at all.
    if (!(error instanceof WechatPayError)) {
      if (await isUndecided(error)) return 'unknown';
      throw error;
    }
    const after = await look(payment);
    if (after === 'never_heard') return markEnded(payment, ending);
    if (after !== 'unpaid') return after;
    await isUndecided(error);
    return 'unknown';
  }
}

/** When to look again at a payment of this age, as WeChat's guide spaces it. */
export function nextCheck(payment: PaymentRow): Date {
  const now = clock.now().getTime();
  const ageMs = now - payment.createdAt.getTime();
  const steps = [30, 60, 180, 300, 600, 1800].map((seconds) => seconds * 1000);
  const step = steps.find((at) => at > ageMs);
  if (step !== undefined) return new Date(payment.createdAt.getTime() + step);
  return new Date(now + (ageMs < DAY_MS ? 1_800_000 : DAY_MS / 4));
}

/**
 * Asks about a payment by itself, in case no notification comes; one past its time is ended. Until it is over the
 * answer is when to look again.
 */
export async function checkPayment(paymentId: number): Promise<Date | void> {
  const payment = await findPayment({ id: paymentId });
  if (payment === undefined || !isOpenPayment(payment)) return;
  const isOver = payment.expiresAt <= clock.now();
  const standing = await (isOver ? settleOrClose(payment) : syncPayment(payment));
  if (standing === 'unknown' || OPEN_PAYMENT_STATUSES.includes(standing)) return nextCheck(payment);
}

export default () => ({ syncPayment, settleOrClose, checkPayment });
