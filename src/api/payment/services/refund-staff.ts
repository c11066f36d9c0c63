/** What staff do about refunds that got stuck, and about money that does not fit. */
import { orderStateConflict } from '../../../domain/order-states';
import { yuanToFen } from '../../../domain/money';
import { notFound, Refusal } from '../../../domain/refusal';
import { fetchRow, insertRows, isUniqueViolation, query, type Tx } from '../../../platform/database';
import type { WechatRefund, WechatTransaction } from '../../../platform/wechat/pay-messages';
import { wechatPay } from '../../../platform/wechat/pay';
import { clock } from '../../../platform/clock';
import { type Actor, actorLabel } from '../../order/order-rows';
import { applyEvent } from '../../order/services/lifecycle';
import { conflict } from '../payment-conflict';
import {
  COUNTED_REFUND_STATUSES,
  type PaymentRow,
  REFUND_ALLOCATION_UID,
  REFUND_UID,
  type RefundRow,
} from '../payment-rows';
import {
  findPayment,
  findRefund,
  firstEntry,
  insertNumbered,
  receivedYuan,
  refundParts,
} from '../payment-store';
import { syncPayment } from './inquiry';
import { chooseAmount, findRefundable } from './refundable';
import { applyRefundAnswer, inLockedRefund } from './refund-answers';
import type { LockedRefund } from './refund-effects';
import { settlePayment } from './settlement';
import { enqueueSubmission } from './surplus';
import { isUndecided } from './wechat-trouble';

/** What a question to WeChat answers; UPSTREAM_UNAVAILABLE when it does not tell. */
async function answerOf<T>(question: Promise<T>): Promise<T> {
  try {
    return await question;
  } catch (error) {
    if (await isUndecided(error)) throw new Refusal('UPSTREAM_UNAVAILABLE');
    throw error;
  }
}

/**
 * Asks WeChat how a refund stands and takes over the answer, also for one that was given up here. Throws NOT_FOUND,
 * UPSTREAM_UNAVAILABLE.
 */
export async function syncRefund(documentId: string): Promise<RefundRow> {
  const refund = await findRefund({ documentId });
  if (refund === undefined) throw notFound();
  if (refund.request === null || refund.status === 'succeeded') return refund;
  const answer: WechatRefund | undefined = await answerOf(wechatPay().findRefund(refund.refundNumber));
  if (answer !== undefined) await applyRefundAnswer(refund.id, answer);
  return (await findRefund({ documentId })) ?? refund;
}

/** Surplus money goes back as it was meant to, as long as it is still there. */
async function assertSurplusLeft(tx: Tx, { payment, refund }: LockedRefund): Promise<void> {
  const counted = (await query(REFUND_UID, tx)
    .where('payment_id', payment.id)
    .whereIn('status', [...COUNTED_REFUND_STATUSES])
    .select('amount')) as { amount: number | string }[];
  const claimedFen = counted.reduce((sum, row) => sum + yuanToFen(Number(row.amount)), 0);
  if (claimedFen + yuanToFen(refund.amount) > yuanToFen(receivedYuan(payment)))
    throw conflict('这笔支付没有足够的余额可退', 'What is left of this payment does not cover the refund');
}

/** The kind the new refund has: what was full may be partial by now, and the other way round. */
async function judgeRetry(tx: Tx, locked: LockedRefund, actor: Actor): Promise<RefundRow['kind']> {
  const { orders, refund } = locked;
  const [order] = orders;
  if (refund.kind === 'surplus' || order === undefined) {
    await assertSurplusLeft(tx, locked);
    return 'surplus';
  }
  if (!['paid', 'shipped', 'completed'].includes(order.status))
    throw orderStateConflict(order.status, actor.type);
  const { kind } = chooseAmount(await findRefundable(tx, order), yuanToFen(refund.amount));
  if (kind === 'full') {
    await applyEvent(tx, order, {
      event: 'requestRefund',
      actor,
      reason: refund.reason ?? undefined,
      attributes: { statusBeforeRefund: order.status },
    });
  }
  return kind;
}

async function insertRetry(
  tx: Tx,
  { refund }: LockedRefund,
  kind: RefundRow['kind'],
  actor: Actor,
): Promise<RefundRow> {
  const numbered = { attribute: 'refundNumber', prefix: 'R' };
  const retry = await insertNumbered(REFUND_UID, tx, numbered, (refundNumber) => ({
    refundNumber,
    paymentId: refund.paymentId,
    orderId: refund.orderId,
    userId: refund.userId,
    amount: refund.amount,
    kind,
    status: 'approved' as const,
    reason: refund.reason,
    requestedBy: actorLabel(actor),
    decidedBy: actorLabel(actor),
    decidedAt: clock.now(),
    decisionReason: null,
    isGoodsReturned: refund.isGoodsReturned,
    request: null,
    submittedAt: null,
    retryOfId: refund.id,
    wechatRefundId: null,
    succeededAt: null,
    logs: firstEntry('approved', `again after ${refund.refundNumber}`),
  }));
  if (refund.orderId === null) {
    const parts = await refundParts(refund, tx);
    await insertRows(
      REFUND_ALLOCATION_UID,
      tx,
      parts.map(({ orderId, amount }) => ({ refundId: retry.id, orderId, amount })),
    );
  }
  await enqueueSubmission(tx, retry);
  return retry;
}

const alreadyRetried = (): Refusal =>
  conflict('该退款已重新发起', 'This refund has already been tried again');

/**
 * Tries a failed refund again under a new number, as WeChat wants it after CLOSED. Once per failed refund. Throws
 * NOT_FOUND, PAYMENT_CONFLICT (not failed, already tried again, nothing left), ORDER_STATE_CONFLICT.
 */
export async function retryRefund(documentId: string, actor: Actor): Promise<RefundRow> {
  try {
    return await inLockedRefund({ documentId }, async (tx, locked) => {
      const { refund } = locked;
      if (refund.status !== 'failed')
        throw conflict('只有失败的退款可以重新发起', 'Only a failed refund can be tried again', {
          status: refund.status,
        });
      const retried = await fetchRow(REFUND_UID, query(REFUND_UID, tx).where('retry_of_id', refund.id));
      if (retried !== undefined) throw alreadyRetried();
      return insertRetry(tx, locked, await judgeRetry(tx, locked, actor), actor);
    });
  } catch (error) {
    const index = { name: 'shop_unique_refund_retry', columns: 'refunds.retry_of_id' };
    throw isUniqueViolation(error, index) ? alreadyRetried() : error;
  }
}

async function findPaymentFor(documentId: string): Promise<PaymentRow> {
  const payment = await findPayment({ documentId });
  if (payment === undefined) throw notFound();
  return payment;
}

/** Staff ask WeChat how a payment stands. Throws NOT_FOUND, UPSTREAM_UNAVAILABLE. */
export async function syncPaymentForStaff(documentId: string): Promise<PaymentRow> {
  const payment = await findPaymentFor(documentId);
  if (payment.status !== 'succeeded' && (await syncPayment(payment)) === 'unknown')
    throw new Refusal('UPSTREAM_UNAVAILABLE');
  return findPaymentFor(documentId);
}

/**
 * Staff send disputed money back: what WeChat says has arrived, whatever does not fit. If all fits after all it is
 * settled as usual. Throws NOT_FOUND, PAYMENT_CONFLICT (not disputed, or nothing has arrived), UPSTREAM_UNAVAILABLE.
 */
export async function returnDisputed(documentId: string, actor: Actor): Promise<PaymentRow> {
  const payment = await findPaymentFor(documentId);
  if (payment.status !== 'disputed')
    throw conflict('只有待核对的支付可以退回', 'Only a disputed payment can be sent back');
  const word: WechatTransaction | undefined = await answerOf(
    wechatPay().findTransaction(payment.paymentNumber),
  );
  const outcome =
    word === undefined ? 'not_paid' : await settlePayment(payment.id, word, 'return', actorLabel(actor));
  if (outcome === 'not_paid' || outcome === 'mismatch')
    throw conflict('微信支付没有收到这笔款项', 'WeChat has no money for this payment');
  return findPaymentFor(documentId);
}

export default () => ({ syncRefund, retryRefund, syncPaymentForStaff, returnDisputed });
