/** Refunds at WeChat. Accepted is not refunded: one function takes over what the answer, the notification and the query say. */
import { yuanToFen } from '../../../domain/money';
import { settings } from '../../../../config/environment';
import { clock } from '../../../platform/clock';
import { inTransaction, type Tx, updateRow } from '../../../platform/database';
import { OutcomeUnknownError } from '../../../platform/http';
import { enqueue } from '../../../platform/outbox';
import { WechatPayError } from '../../../platform/wechat/pay-client';
import type { WechatRefund } from '../../../platform/wechat/pay-messages';
import { wechatPay } from '../../../platform/wechat/pay';
import { notifyStaff, notifyUser } from '../../notification/notify';
import { releaseStock, restockGoods } from '../../inventory/services/stock';
import { actorLabel, type OrderRow, SETTLEMENT, SYSTEM } from '../../order/order-rows';
import { applyEvent, lockOrder, stockLine } from '../../order/services/lifecycle';
import { type PaymentRow, REFUND_UID, type RefundRow } from '../payment-rows';
import { findPayment, findRefund, lockPayment, lockRefund, logged } from '../payment-store';

/** Money WeChat will not move until somebody acts (top up, ask the shopper): tried again, and staff told. */
const RETRY_LATER_MS = 10 * 60_000;

function buildRequest(payment: PaymentRow, refund: RefundRow): string {
  return JSON.stringify({
    out_trade_no: payment.paymentNumber,
    out_refund_no: refund.refundNumber,
    reason: [...(refund.reason ?? '退款')].slice(0, 26).join(''),
    notify_url: `${settings().wechatPay?.notifyUrl}-refund`,
    amount: { refund: yuanToFen(refund.amount), total: yuanToFen(payment.amount), currency: 'CNY' },
  });
}

/** The bytes are written before WeChat sees them, so that every repetition is the same request. */
async function writeRequest(payment: PaymentRow, refund: RefundRow): Promise<string> {
  if (refund.request !== null) return refund.request;
  return inTransaction(async (tx) => {
    const current = await lockRefund(tx, refund.id);
    const request = current.request ?? buildRequest(payment, current);
    await updateRow(REFUND_UID, tx, refund.id, { request });
    return request;
  });
}

/** Whether the order gives stock back now that all of its money is back. */
async function returnStock(tx: Tx, order: OrderRow, refund: RefundRow): Promise<void> {
  if (order.productSource !== 'local') return;
  if (order.statusBeforeRefund === 'paid') {
    await releaseStock(tx, stockLine(order), actorLabel(SETTLEMENT));
  } else if (refund.isGoodsReturned === true) {
    await restockGoods(tx, stockLine(order), refund.decidedBy ?? actorLabel(SETTLEMENT), '退货入库');
  }
}

async function succeed(tx: Tx, order: OrderRow, refund: RefundRow, answer: WechatRefund): Promise<void> {
  await updateRow(REFUND_UID, tx, refund.id, {
    status: 'succeeded',
    wechatRefundId: answer.refund_id,
    succeededAt: answer.success_time ?? clock.now(),
    logs: logged(refund.logs, 'succeeded', answer.refund_id),
  });
  if (refund.kind === 'full' && order.status === 'refunding') {
    await returnStock(tx, order, refund);
    await applyEvent(tx, order, { event: 'refundSucceeded', actor: SETTLEMENT });
  }
  await notifyUser(tx, {
    userId: refund.userId,
    type: 'refund',
    title: '退款成功',
    content: `订单 ${order.orderNumber} 的 ${refund.amount.toFixed(2)} 元已原路退回。`,
    data: { order: order.documentId, refund: refund.documentId },
  });
}

async function failRefund(tx: Tx, order: OrderRow, refund: RefundRow, reason: string): Promise<void> {
  await updateRow(REFUND_UID, tx, refund.id, {
    status: 'failed',
    logs: logged(refund.logs, 'failed', reason),
  });
  if (refund.kind === 'full' && order.status === 'refunding') {
    await applyEvent(tx, order, {
      event: 'refundFailed',
      actor: SYSTEM,
      reason,
      attributes: { statusBeforeRefund: null },
    });
  }
  await notifyStaff(tx, {
    type: 'refund',
    title: '退款失败，请处理',
    content: `订单 ${order.orderNumber} 的退款 ${refund.refundNumber} 未成功：${reason}`,
    data: { order: order.documentId, refund: refund.documentId },
  });
}

async function inLockedRefund<T>(
  refundId: number,
  work: (tx: Tx, order: OrderRow, refund: RefundRow) => Promise<T>,
): Promise<T> {
  return inTransaction(async (tx) => {
    const found = await findRefund({ id: refundId }, tx);
    const order = await lockOrder(tx, { id: found?.orderId ?? 0 });
    await lockPayment(tx, found?.paymentId ?? 0);
    return work(tx, order, await lockRefund(tx, refundId));
  });
}

export type RefundOutcome = 'succeeded' | 'failed' | 'processing' | 'already_final' | 'mismatch';

/**
 * Takes over what WeChat says of a refund. Success is final; what came before it in time but after it here changes
 * nothing. Joins the caller's transaction when one is open.
 */
export async function applyRefundAnswer(refundId: number, answer: WechatRefund): Promise<RefundOutcome> {
  return inLockedRefund(refundId, async (tx, order, refund) => {
    if (refund.status === 'succeeded' || refund.status === 'failed') return 'already_final';
    if (answer.out_refund_no !== refund.refundNumber || answer.amount.refund !== yuanToFen(refund.amount)) {
      await notifyStaff(tx, {
        type: 'refund',
        title: '退款结果与记录不符，请核对',
        content: `退款 ${refund.refundNumber}`,
        data: { refund: refund.documentId },
      });
      return 'mismatch';
    }
    if (answer.status === 'SUCCESS') {
      await succeed(tx, order, refund, answer);
      return 'succeeded';
    }
    if (answer.status === 'PROCESSING') {
      if (refund.status !== 'processing') {
        const logs = logged(refund.logs, 'processing', answer.refund_id);
        await updateRow(REFUND_UID, tx, refund.id, {
          status: 'processing',
          wechatRefundId: answer.refund_id,
          logs,
        });
        await enqueue(tx, [
          {
            topic: 'refund.check',
            payload: { refundId },
            availableAt: new Date(clock.now().getTime() + 60_000),
          },
        ]);
      }
      return 'processing';
    }
    // CLOSED: never paid out, a new number may try again. ABNORMAL: the shopper's card is gone, a person must decide.
    await failRefund(tx, order, refund, `WeChat: ${answer.status}`);
    return 'failed';
  });
}

/** Sends an approved refund to WeChat. Same number, same bytes, however often; after an unknown outcome it asks first. */
export async function submitRefund(refundId: number): Promise<Date | void> {
  const refund = await findRefund({ id: refundId });
  if (refund?.status !== 'approved') return;
  const payment = await findPayment({ id: refund.paymentId });
  if (payment === undefined) throw new Error(`refund ${refund.refundNumber} has no payment`);
  const isRepeat = refund.request !== null;
  const request = await writeRequest(payment, refund);
  const known = isRepeat ? await wechatPay().findRefund(refund.refundNumber) : undefined;
  try {
    await applyRefundAnswer(refundId, known ?? (await wechatPay().refund(request)));
  } catch (error) {
    if (error instanceof WechatPayError) return refused(refundId, error);
    throw error;
  }
}

async function refused(refundId: number, error: WechatPayError): Promise<Date | void> {
  const reason = `${error.status} ${error.code}`;
  if (error.code === 'NOT_ENOUGH') {
    await inLockedRefund(refundId, async (tx, order, refund) => {
      if (refund.logs?.at(-1)?.event === 'waiting') return;
      await updateRow(REFUND_UID, tx, refund.id, { logs: logged(refund.logs, 'waiting', reason) });
      await notifyStaff(tx, {
        type: 'refund',
        title: '商户余额不足，退款等待中',
        content: `订单 ${order.orderNumber} 的退款在充值后会自动继续。`,
        data: { order: order.documentId, refund: refund.documentId },
      });
    });
    return new Date(clock.now().getTime() + RETRY_LATER_MS);
  }
  await inLockedRefund(refundId, async (tx, order, refund) => {
    if (refund.status === 'approved') await failRefund(tx, order, refund, reason);
  });
}

/** Asks how a refund under way stands, until it is final. */
export async function checkRefund(refundId: number): Promise<Date | void> {
  const refund = await findRefund({ id: refundId });
  if (refund?.status !== 'processing') return;
  const answer = await wechatPay().findRefund(refund.refundNumber);
  if (answer === undefined)
    throw new OutcomeUnknownError('WeChat Pay', 'an accepted refund is not known any more');
  const outcome = await applyRefundAnswer(refundId, answer);
  if (outcome === 'processing') return new Date(clock.now().getTime() + nextDelayMs(refund));
}

/** A minute at first, then up to half an hour, as WeChat's guide spaces it. */
function nextDelayMs(refund: RefundRow): number {
  const ageMs = clock.now().getTime() - refund.createdAt.getTime();
  return Math.min(Math.max(ageMs / 2, 60_000), 30 * 60_000);
}

export default () => ({ submitRefund, checkRefund, applyRefundAnswer });
