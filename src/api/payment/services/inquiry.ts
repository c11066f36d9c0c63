/** Asking WeChat how a payment stands, and making sure that a number can no longer be paid. */
import { clock } from '../../../platform/clock';
import { inTransaction, updateRow } from '../../../platform/database';
import { OutcomeUnknownError, ServiceUnavailableError } from '../../../platform/http';
import { WechatPayError } from '../../../platform/wechat/pay-client';
import { wechatPay } from '../../../platform/wechat/pay';
import { PAYMENT_UID, type PaymentRow, type PaymentStatus } from '../payment-rows';
import { findPayment, lockPayment, logged } from '../payment-store';
import { isPaidState, settlePayment } from './settlement';

/** How a payment stands after asking. `unknown`: WeChat did not answer, nothing may be concluded. */
export type Standing = PaymentStatus | 'unknown';

const isNoAnswer = (error: unknown): boolean =>
  error instanceof OutcomeUnknownError || error instanceof ServiceUnavailableError;

async function markClosed(payment: PaymentRow): Promise<PaymentStatus> {
  return inTransaction(async (tx) => {
    const current = await lockPayment(tx, payment.id);
    if (current.status !== 'pending') return current.status;
    await updateRow(PAYMENT_UID, tx, payment.id, { status: 'closed', logs: logged(current.logs, 'closed') });
    return 'closed' as const;
  });
}

async function currentStatus(payment: PaymentRow): Promise<PaymentStatus> {
  return (await findPayment({ id: payment.id }))?.status ?? payment.status;
}

/** Asks WeChat and takes over what it says. */
export async function syncPayment(payment: PaymentRow): Promise<Standing> {
  try {
    const transaction = await wechatPay().findTransaction(payment.paymentNumber);
    if (transaction === undefined) return payment.status;
    if (isPaidState(transaction)) {
      await settlePayment(payment.id, transaction);
      return await currentStatus(payment);
    }
    return transaction.trade_state === 'CLOSED' ? await markClosed(payment) : payment.status;
  } catch (error) {
    if (isNoAnswer(error)) return 'unknown';
    throw error;
  }
}

/**
 * Ends a pending attempt for certain: settled if money came, else closed at WeChat. Only after `closed` may anything
 * be given away that the payment stood for. Our own attempts that never reached WeChat are closed there too, since a
 * prepay whose answer was lost may still be payable.
 */
export async function settleOrClose(payment: PaymentRow): Promise<Standing> {
  const standing = await syncPayment(payment);
  if (standing !== 'pending') return standing;
  try {
    await wechatPay().close(payment.paymentNumber);
    return await markClosed(payment);
  } catch (error) {
    if (isNoAnswer(error)) return 'unknown';
    if (!(error instanceof WechatPayError)) throw error;
    // Whatever the reason for the no, the query tells what is: paid in this moment, or not known there at all.
    const after = await syncPayment(payment);
    if (after !== 'pending') return after;
    return (await isUnknownToWechat(payment)) ? markClosed(payment) : 'unknown';
  }
}

async function isUnknownToWechat(payment: PaymentRow): Promise<boolean> {
  return (await wechatPay().findTransaction(payment.paymentNumber)) === undefined;
}

/** When to look again at a payment of this age, as WeChat's guide spaces it; undefined when it is settled by then. */
export function nextCheck(payment: PaymentRow): Date | undefined {
  const ageMs = clock.now().getTime() - payment.createdAt.getTime();
  const steps = [30, 60, 180, 300, 600, 1800].map((seconds) => seconds * 1000);
  const step = steps.find((at) => at > ageMs) ?? ageMs + 1_800_000;
  return new Date(payment.createdAt.getTime() + step);
}

export default () => ({ syncPayment, settleOrClose });
