/** Refunds at WeChat: sent with the same number and the same bytes until it answers, and asked about until it is over. */
import { settings } from '../../../../config/environment';
import { yuanToFen } from '../../../domain/money';
import { REFUND_SPACING_MS } from '../../../domain/refunds';
import { clock } from '../../../platform/clock';
import { fetchRow, inTransaction, query, updateRow } from '../../../platform/database';
import { cutToBytes } from '../../../platform/wechat/byte-text';
import { WechatPayError } from '../../../platform/wechat/pay-errors';
import type { WechatRefund } from '../../../platform/wechat/pay-messages';
import { wechatPay } from '../../../platform/wechat/pay';
import { type PaymentRow, REFUND_UID, type RefundRow } from '../payment-rows';
import { auditRefund, findPayment, findRefund, lockRefund, receivedYuan } from '../payment-store';
import { applyRefundAnswer, inLockedRefund, type RefundOutcome } from './refund-answers';
import { fail, noteOnce } from './refund-effects';
import { isUndecided } from './wechat-trouble';

const MINUTE_MS = 60_000;
/** Money WeChat will not move until somebody acts (top up, mend our rights): tried again, and staff told. */
const RETRY_LATER_MS = 10 * MINUTE_MS;
const HALF_AN_HOUR_MS = 30 * MINUTE_MS;
const SIX_HOURS_MS = 12 * HALF_AN_HOUR_MS;
/** WeChat Pay APIv3, refunds: `reason` is string(80). */
const REASON_BYTES = 80;

/** Refusals that are about this very refund; anything else (rights, signature, rate, funds) may be over later. */
const FINAL_REFUND_CODES = new Set([
  'PARAM_ERROR',
  'INVALID_REQUEST',
  'TRADE_OVERDUE',
  'USER_ACCOUNT_ABNORMAL',
  'REFUND_FEE_MISMATCH',
  'RESOURCE_NOT_EXISTS',
]);

const after = (ms: number): Date => new Date(clock.now().getTime() + ms);

function buildRequest(payment: PaymentRow, refund: RefundRow): string {
  return JSON.stringify({
    out_trade_no: payment.paymentNumber,
    out_refund_no: refund.refundNumber,
    reason: cutToBytes(refund.reason ?? '退款', REASON_BYTES),
    notify_url: `${settings().wechatPay?.notifyUrl}-refund`,
    amount: { refund: yuanToFen(refund.amount), total: yuanToFen(receivedYuan(payment)), currency: 'CNY' },
  });
}

/**
 * The bytes are written before WeChat sees them, so that every repetition is the same request. Undefined when the refund
 * was ended meanwhile.
 */
async function writeRequest(payment: PaymentRow, refund: RefundRow): Promise<string | undefined> {
  if (refund.request !== null) return refund.request;
  return inTransaction(async (tx) => {
    const current = await lockRefund(tx, refund.id);
    if (current.status !== 'approved') return undefined;
    const request = current.request ?? buildRequest(payment, current);
    await updateRow(REFUND_UID, tx, refund.id, { request, submittedAt: clock.now() });
    auditRefund(current, { event: 'submitting' });
    return request;
  });
}

/** When the payment's next refund may be sent, if that is not now: WeChat wants a minute between two of one payment. */
async function findSpacing(refund: RefundRow): Promise<Date | undefined> {
  const last = await fetchRow<RefundRow>(
    REFUND_UID,
    query(REFUND_UID)
      .where('payment_id', refund.paymentId)
      .whereNot('id', refund.id)
      .whereNotNull('submitted_at')
      .orderBy('submitted_at', 'desc'),
  );
  if (last?.submittedAt == null) return undefined;
  const next = new Date(last.submittedAt.getTime() + REFUND_SPACING_MS);
  return next > clock.now() ? next : undefined;
}

/** A quarter of a minute at first, then up to ten minutes: an outage of hours is asked through, not given up. */
const nextTry = (refund: RefundRow): Date => {
  const waitedMs = clock.now().getTime() - (refund.submittedAt ?? refund.createdAt).getTime();
  return after(Math.min(Math.max(waitedMs / 2, MINUTE_MS / 4), RETRY_LATER_MS));
};

/** When to look again after what WeChat said; undefined when it is over. */
function nextLook(refund: RefundRow, outcome: RefundOutcome): Date | undefined {
  if (outcome === 'abnormal') return after(SIX_HOURS_MS);
  if (outcome === 'mismatch') return after(HALF_AN_HOUR_MS);
  if (outcome !== 'processing') return undefined;
  const ageMs = clock.now().getTime() - refund.createdAt.getTime();
  return after(Math.min(Math.max(ageMs / 2, MINUTE_MS), HALF_AN_HOUR_MS));
}

/** When to submit again: what WeChat has accepted is followed by `refund.check`, what does not fit by nobody else. */
const afterAnswer = (outcome: RefundOutcome): Date | undefined =>
  outcome === 'mismatch' ? after(HALF_AN_HOUR_MS) : undefined;

const note = (refundId: number, title: string, detail: string, content: string): Promise<void> =>
  inLockedRefund({ id: refundId }, (tx, locked) =>
    noteOnce(tx, locked, { event: 'waiting', detail, title, content }),
  );

/** WeChat said no to this refund. Before that is final it is asked whether it has the refund all the same. */
async function giveUp(refund: RefundRow, error: WechatPayError): Promise<Date | void> {
  let known: WechatRefund | undefined;
  try {
    known = await wechatPay().findRefund(refund.refundNumber);
  } catch (asking) {
    if (await isUndecided(asking)) return nextTry(refund);
    throw asking;
  }
  if (known !== undefined) return afterAnswer(await applyRefundAnswer(refund.id, known));
  await inLockedRefund({ id: refund.id }, async (tx, locked) => {
    if (locked.refund.status === 'approved') await fail(tx, locked, `微信支付拒绝了该退款（${error.code}）`);
  });
}

async function afterTrouble(refund: RefundRow, error: unknown): Promise<Date | void> {
  if (!(error instanceof WechatPayError)) {
    if (await isUndecided(error)) return nextTry(refund);
    throw error;
  }
  if (FINAL_REFUND_CODES.has(error.code)) return giveUp(refund, error);
  if (error.code === 'NOT_ENOUGH') {
    await note(refund.id, '商户余额不足，退款等待中', error.brief, '充值后会自动继续');
  } else {
    await isUndecided(error);
    await note(refund.id, '微信支付暂不受理退款', error.brief, `微信支付返回 ${error.brief}，稍后自动重试`);
  }
  return after(RETRY_LATER_MS);
}

/**
 * Sends an approved refund to WeChat. Same number, same bytes, however often; after an unknown outcome it asks first.
 * Until WeChat has accepted or finally refused it the answer is when to try again.
 */
export async function submitRefund(refundId: number): Promise<Date | void> {
  const refund = await findRefund({ id: refundId });
  if (refund?.status !== 'approved') return;
  const payment = await findPayment({ id: refund.paymentId });
  if (payment === undefined) throw new Error(`refund ${refund.refundNumber} has no payment`);
  const spacing = await findSpacing(refund);
  if (spacing !== undefined) return spacing;
  const isRepeat = refund.request !== null;
  const request = await writeRequest(payment, refund);
  if (request === undefined) return;
  try {
    const known = isRepeat ? await wechatPay().findRefund(refund.refundNumber) : undefined;
    return afterAnswer(await applyRefundAnswer(refundId, known ?? (await wechatPay().refund(request))));
  } catch (error) {
    return afterTrouble(refund, error);
  }
}

/** Asks how a refund under way stands, until it is over. */
export async function checkRefund(refundId: number): Promise<Date | void> {
  const refund = await findRefund({ id: refundId });
  if (refund?.status !== 'processing' && refund?.status !== 'abnormal') return;
  try {
    const answer = await wechatPay().findRefund(refund.refundNumber);
    if (answer !== undefined) return nextLook(refund, await applyRefundAnswer(refundId, answer));
    await note(
      refundId,
      '微信支付查不到已受理的退款，请核对',
      'not found',
      '微信支付查不到这笔已受理的退款，系统会继续查询',
    );
    return after(HALF_AN_HOUR_MS);
  } catch (error) {
    if (await isUndecided(error)) return nextTry(refund);
    throw error;
  }
}

export default () => ({ submitRefund, checkRefund });
