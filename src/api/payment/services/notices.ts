/** WeChat's notifications: verified over their exact bytes, kept in the inbox, and applied in the same transaction. */
import type { IncomingHttpHeaders } from 'node:http';

import { afterCommit, inTransaction, type Tx } from '../../../platform/database';
import { type AuditFields, auditMoney } from '../../../platform/logging';
import { enqueue } from '../../../platform/outbox';
import type { OpenedNotice } from '../../../platform/wechat/pay-client';
import { NotificationRejected } from '../../../platform/wechat/pay-errors';
import { wechatPay } from '../../../platform/wechat/pay';
import { type CallbackSource, receiveCallback, recordRubbish, setOutcome } from '../../callback/inbox';
import { notifyStaff } from '../../notification/notify';
import { findPayment, findRefund, isOpenPayment } from '../payment-store';
import { applyRefundAnswer } from './refund-answers';
import { settlePayment } from './settlement';

export type NoticeSource = Exclude<CallbackSource, 'ylh'>;

/** What came of a notification, and for staff, what it was about. */
interface Result {
  outcome: string;
  about?: string;
}

/** Signed by WeChat, and still nothing the shop can use: staff read about these. */
const STRANGE: Readonly<Record<string, string>> = {
  unreadable: '内容无法识别',
  unexpected_event: '通知类型不符',
  unknown_payment: '没有对应的支付单',
  unknown_refund: '没有对应的退款单',
  other_merchant: '商户号不符',
};

async function applyPayment(notice: OpenedNotice): Promise<Result> {
  if (notice.eventType !== 'TRANSACTION.SUCCESS')
    return { outcome: 'unexpected_event', about: notice.eventType };
  const transaction = wechatPay().readTransaction(notice.plaintext);
  if (transaction === undefined) return { outcome: 'unreadable' };
  const about = transaction.out_trade_no;
  const payment = await findPayment({ paymentNumber: transaction.out_trade_no });
  if (payment === undefined) return { outcome: 'unknown_payment', about };
  return { outcome: await settlePayment(payment.id, transaction), about };
}

/** A refund of money we have not heard of yet: its payment is asked about at once. */
async function checkUnsettled(tx: Tx, paymentNumber: string): Promise<void> {
  const payment = await findPayment({ paymentNumber }, tx);
  if (payment === undefined || !isOpenPayment(payment)) return;
  await enqueue(tx, [{ topic: 'payment.check', payload: { paymentId: payment.id } }]);
}

async function applyRefund(tx: Tx, notice: OpenedNotice): Promise<Result> {
  if (!notice.eventType.startsWith('REFUND.'))
    return { outcome: 'unexpected_event', about: notice.eventType };
  const answer = wechatPay().readRefund(notice.plaintext);
  if (answer === undefined) return { outcome: 'unreadable' };
  const about = answer.out_refund_no;
  if (notice.eventType !== `REFUND.${answer.status}`) return { outcome: 'unexpected_event', about };
  if (answer.mchid !== wechatPay().mchId) return { outcome: 'other_merchant', about };
  await checkUnsettled(tx, answer.out_trade_no);
  const refund = await findRefund({ refundNumber: answer.out_refund_no });
  if (refund === undefined) return { outcome: 'unknown_refund', about };
  return { outcome: await applyRefundAnswer(refund.id, answer), about };
}

async function tellIfStrange(tx: Tx, notice: OpenedNotice, { outcome, about }: Result): Promise<void> {
  const what = STRANGE[outcome];
  if (what === undefined) return;
  await notifyStaff(tx, {
    type: 'payment',
    title: '收到无法对应的微信支付通知，请核对',
    content: `${what}：${about ?? '无单号'}（通知编号 ${notice.id}）`,
    data: { event: notice.id, outcome },
  });
}

/** Once the transaction has committed. */
function auditNotice(what: string, fields: AuditFields): void {
  afterCommit(() => auditMoney(`notice.${what}`, fields));
}

/**
 * Takes in one notification. Resolves once it is recorded and applied, also when it says nothing new or nothing we
 * know: sending it again would not help. Throws NotificationRejected for what is not WeChat's word to us.
 */
export async function takeNotice(
  source: NoticeSource,
  headers: IncomingHttpHeaders,
  rawBody: Buffer,
): Promise<string> {
  let notice: OpenedNotice;
  try {
    notice = wechatPay().openNotice(headers, rawBody);
  } catch (error) {
    if (error instanceof NotificationRejected) await recordRubbish(source, rawBody, error.reason);
    throw error;
  }
  const entry = { source, eventId: notice.id, rawBody, verified: true, outcome: 'received' };
  return inTransaction(async (tx) => {
    // The inbox row is the first write: of copies arriving together one passes, the others wait for its commit.
    if (!(await receiveCallback(tx, entry))) {
      auditNotice('repeated', { source, notice: notice.id });
      return 'duplicate';
    }
    const result = source === 'wechat_pay' ? await applyPayment(notice) : await applyRefund(tx, notice);
    await setOutcome(tx, source, notice.id, result.outcome);
    await tellIfStrange(tx, notice, result);
    auditNotice('accepted', { source, notice: notice.id, about: result.about, outcome: result.outcome });
    return result.outcome;
  });
}

export default () => ({ takeNotice });
