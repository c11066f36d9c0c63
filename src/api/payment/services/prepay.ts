/** Asking WeChat for the prepay id of an attempt, again and again with the same bytes until it answers. */
import { Refusal } from '../../../domain/refusal';
import { clock } from '../../../platform/clock';
import { inTransaction, updateRow } from '../../../platform/database';
import { enqueue } from '../../../platform/outbox';
import { isNoAnswer, WechatPayError } from '../../../platform/wechat/pay-errors';
import { wechatPay } from '../../../platform/wechat/pay';
import { alreadyPaid, conflict } from '../payment-conflict';
import { PAYMENT_UID, type PaymentRow } from '../payment-rows';
import { changePayment, lockPayment } from '../payment-store';
import { settleOrClose } from './inquiry';
import { reportRefusal } from './wechat-trouble';

/** WeChat keeps a prepay id for two hours; after less than that we ask for a fresh one with the same bytes. */
const PREPAY_FRESH_MS = 100 * 60_000;

/** Refusals that are about this very request; anything else (rights, signature, rate) may be over with the next try. */
const FINAL_PREPAY_CODES = new Set([
  'PARAM_ERROR',
  'INVALID_REQUEST',
  'ORDER_CLOSED',
  'OUT_TRADE_NO_USED',
  'APPID_MCHID_NOT_MATCH',
  'MCH_NOT_EXISTS',
]);

/** What a prepay without a prepay id means. An attempt WeChat refuses for good is closed there before it counts as dead. */
async function refusalOf(payment: PaymentRow, error: unknown): Promise<unknown> {
  // The attempt stays: trying again sends the same number and the same bytes, so it cannot become two.
  const later = new Refusal('UPSTREAM_UNAVAILABLE', { details: { payment: payment.documentId } });
  if (isNoAnswer(error)) return later;
  if (!(error instanceof WechatPayError)) return error;
  const refused = new Refusal('UPSTREAM_FAILED', { details: { reason: error.code } });
  if (!FINAL_PREPAY_CODES.has(error.code)) {
    await reportRefusal(error);
    return refused;
  }
  const standing = await settleOrClose(payment, { status: 'failed', detail: error.brief });
  if (standing === 'succeeded') return alreadyPaid();
  return standing === 'unknown' ? later : refused;
}

/**
 * Keeps a prepay id, if its payment still waits for money. A payment that was ended while the prepay was under way may
 * be payable after all: it is open again until WeChat has closed it for certain.
 */
async function keepPrepay(payment: PaymentRow, prepayId: string): Promise<boolean> {
  return inTransaction(async (tx) => {
    const current = await lockPayment(tx, payment.id);
    if (current.status === 'pending') {
      await updateRow(PAYMENT_UID, tx, payment.id, { prepayId, prepayAt: clock.now() });
      return true;
    }
    if (current.status === 'closed' || current.status === 'failed') {
      const detail = 'a prepay was answered after the payment had ended';
      await changePayment(tx, current, { status: 'pending' }, { event: 'reopened', detail });
      await enqueue(tx, [{ topic: 'payment.check', payload: { paymentId: payment.id } }]);
    }
    return false;
  });
}

/**
 * The prepay id of an attempt, fresh enough to pay with. Throws PAYMENT_CONFLICT (paid, or ended meanwhile),
 * UPSTREAM_FAILED, UPSTREAM_UNAVAILABLE.
 */
export async function requestPrepay(payment: PaymentRow): Promise<string> {
  const isFresh =
    payment.prepayAt !== null && clock.now().getTime() - payment.prepayAt.getTime() < PREPAY_FRESH_MS;
  if (payment.prepayId !== null && isFresh) return payment.prepayId;
  let prepayId: string;
  try {
    prepayId = await wechatPay().prepay(payment.request);
  } catch (error) {
    throw await refusalOf(payment, error);
  }
  if (await keepPrepay(payment, prepayId)) return prepayId;
  await settleOrClose(payment);
  throw conflict('该支付已结束，请重新发起支付', 'This payment has ended, please start again');
}

export default () => ({ requestPrepay });
