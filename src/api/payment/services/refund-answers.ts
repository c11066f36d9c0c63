/** What WeChat says of a refund, by answer, notification or query, goes through this one function. */
import { yuanToFen } from '../../../domain/money';
import { clock } from '../../../platform/clock';
import { inTransaction, type Tx } from '../../../platform/database';
import { enqueue } from '../../../platform/outbox';
import type { WechatRefund } from '../../../platform/wechat/pay-messages';
import { lockOrders } from '../../order/services/lifecycle';
import type { RefundRow } from '../payment-rows';
import { changeRefund, findRefund, lockPayment, lockRefund, refundParts } from '../payment-store';
import { notFound } from '../../../domain/refusal';
import { fail, type LockedRefund, noteOnce, setAside, succeed } from './refund-effects';

const FIRST_CHECK_MS = 60_000;

/** Locks a refund with its orders and its payment, in the common order. Throws NOT_FOUND. */
export async function inLockedRefund<T>(
  where: { id: number } | { documentId: string },
  work: (tx: Tx, locked: LockedRefund) => Promise<T>,
): Promise<T> {
  return inTransaction(async (tx) => {
    const found = await findRefund(where, tx);
    if (found === undefined) throw notFound();
    const parts = await refundParts(found, tx);
    const orders = await lockOrders(
      tx,
      parts.map((part) => part.orderId),
    );
    const payment = await lockPayment(tx, found.paymentId);
    return work(tx, { orders, payment, refund: await lockRefund(tx, found.id) });
  });
}

export type RefundOutcome = 'succeeded' | 'failed' | 'processing' | 'abnormal' | 'already_final' | 'mismatch';

/** Refunds WeChat may be working on, as far as we know. */
const UNDER_WAY = new Set<RefundRow['status']>(['approved', 'processing', 'abnormal']);

const doesFit = ({ payment, refund }: LockedRefund, answer: WechatRefund): boolean =>
  answer.out_refund_no === refund.refundNumber &&
  answer.out_trade_no === payment.paymentNumber &&
  answer.amount.refund === yuanToFen(refund.amount);

const enqueueCheck = (tx: Tx, refundId: number): Promise<void> =>
  enqueue(tx, [
    {
      topic: 'refund.check',
      payload: { refundId },
      availableAt: new Date(clock.now().getTime() + FIRST_CHECK_MS),
    },
  ]);

async function beginProcessing(tx: Tx, refund: RefundRow, answer: WechatRefund): Promise<void> {
  const changes = { status: 'processing' as const, wechatRefundId: answer.refund_id };
  await changeRefund(tx, refund, changes, { event: 'processing', detail: answer.refund_id });
  await enqueueCheck(tx, refund.id);
}

async function take(tx: Tx, locked: LockedRefund, answer: WechatRefund): Promise<RefundOutcome> {
  const { refund } = locked;
  // Success is believed from every state: staff may have settled at WeChat what was given up here.
  if (answer.status === 'SUCCESS') {
    await succeed(tx, locked, answer);
    return 'succeeded';
  }
  if (!UNDER_WAY.has(refund.status)) return 'already_final';
  if (answer.status === 'CLOSED') {
    await fail(tx, locked, '微信支付已关闭该退款（CLOSED）');
    return 'failed';
  }
  if (refund.status === 'abnormal') return 'abnormal';
  if (answer.status === 'ABNORMAL') {
    // A refund that was processing is being checked already.
    if (refund.status === 'approved') await enqueueCheck(tx, refund.id);
    await setAside(tx, locked, answer);
    return 'abnormal';
  }
  if (refund.status === 'approved') await beginProcessing(tx, refund, answer);
  return 'processing';
}

/**
 * Takes over what WeChat says of a refund. Success is final; what came before it in time but after it here changes
 * nothing. `mismatch`: it does not fit our row, staff are told once and nothing is concluded. Joins the caller's
 * transaction when one is open.
 */
export async function applyRefundAnswer(refundId: number, answer: WechatRefund): Promise<RefundOutcome> {
  return inLockedRefund({ id: refundId }, async (tx, locked) => {
    if (locked.refund.status === 'succeeded') return 'already_final';
    if (doesFit(locked, answer)) return take(tx, locked, answer);
    await noteOnce(tx, locked, {
      event: 'mismatch',
      detail: answer.status,
      title: '退款结果与记录不符，请核对',
      content: '微信支付返回的单号或金额与记录不符',
    });
    return 'mismatch';
  });
}

export default () => ({ applyRefundAnswer });
