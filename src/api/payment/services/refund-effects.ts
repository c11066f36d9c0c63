/** What a refund does to its orders. Called with orders, payment and refund locked. */
import { yuanToFen } from '../../../domain/money';
import { clock } from '../../../platform/clock';
import { fetchRow, fetchRows, query, type Tx } from '../../../platform/database';
import { announce } from '../../../platform/push';
import type { WechatRefund } from '../../../platform/wechat/pay-messages';
import { notifyStaff, notifyUser } from '../../notification/notify';
import { releaseStock, restockGoods } from '../../inventory/services/stock';
import { type Actor, actorLabel, type OrderRow, SETTLEMENT, SYSTEM } from '../../order/order-rows';
import { applyEvent, stockLine } from '../../order/services/lifecycle';
import { promiseCompletion } from '../../order/services/shipping-upload';
import { type PaymentRow, REFUND_UID, type RefundRow } from '../payment-rows';
import { changeRefund, readAllocations, receivedYuan, refundsOfOrder } from '../payment-store';
import { nameOrders } from './surplus';

/** A refund with everything that is locked for it. */
export interface LockedRefund {
  orders: OrderRow[];
  payment: PaymentRow;
  refund: RefundRow;
}

const REFUNDABLE = new Set(['paid', 'shipped', 'completed']);

/** What a notice about a refund needs to open the right page. */
const factsOf = ({ orders, refund }: Pick<LockedRefund, 'orders' | 'refund'>) => ({
  refund: refund.documentId,
  ...(orders.length === 1 ? { order: orders[0]?.documentId } : {}),
});

export interface Returned {
  isGoodsReturned: boolean | null;
  operator: string;
}

/** Ends an order whose money is all back: its goods go back into stock, if they never left or staff say so. */
export async function endRefundedOrder(
  tx: Tx,
  order: OrderRow,
  { isGoodsReturned, operator }: Returned,
  actor: Actor = SETTLEMENT,
): Promise<OrderRow> {
  if (order.productSource === 'local') {
    if (order.statusBeforeRefund === 'paid') {
      await releaseStock(tx, stockLine(order), actorLabel(SETTLEMENT));
    } else if (isGoodsReturned === true) {
      await restockGoods(tx, stockLine(order), operator, '退货入库');
    }
  }
  return applyEvent(tx, order, { event: 'refundSucceeded', actor });
}

/** True when more has gone back than arrived, or than an order's share: then it was another order's money. */
async function isOverdrawn(tx: Tx, { orders, payment }: LockedRefund): Promise<boolean> {
  const succeeded = await fetchRows<RefundRow>(
    REFUND_UID,
    query(REFUND_UID, tx).where({ payment_id: payment.id, status: 'succeeded' }),
  );
  if (sumFen(succeeded) > yuanToFen(receivedYuan(payment))) return true;
  // Of money that is not what was asked for the orders have no shares.
  if (payment.receivedAmount !== null) return false;
  const shares = await readAllocations(payment.id, tx);
  for (const order of orders) {
    const returned = (await refundsOfOrder(order.id, tx)).filter(
      ({ paymentId, status }) => paymentId === payment.id && status === 'succeeded',
    );
    const share = shares.filter(({ orderId }) => orderId === order.id);
    if (sumFen(returned) > sumFen(share)) return true;
  }
  return false;
}

const sumFen = (rows: { amount: number }[]): number =>
  rows.reduce((sum, { amount }) => sum + yuanToFen(amount), 0);

/** Two numbers of one refund were both paid out. Nobody can undo it but people. */
async function tellOverdrawn(tx: Tx, locked: LockedRefund): Promise<void> {
  if (!(await isOverdrawn(tx, locked))) return;
  await notifyStaff(tx, {
    type: 'refund',
    title: '退款总额超过收款，请核对',
    content: `支付单 ${locked.payment.paymentNumber} 的退款总额超过了实收金额或订单金额`,
    data: factsOf(locked),
  });
}

/** Staff tried it again under another number that WeChat has not seen yet: it is not sent. Returns that try. */
async function endRetry(tx: Tx, { refund }: LockedRefund): Promise<RefundRow | undefined> {
  const retry = await fetchRow<RefundRow>(
    REFUND_UID,
    query(REFUND_UID, tx)
      .where({ retry_of_id: refund.id, status: 'approved' })
      .whereNull('request')
      .forUpdate(),
  );
  if (retry === undefined) return undefined;
  const detail = `${refund.refundNumber} has arrived`;
  await changeRefund(tx, retry, { status: 'failed' }, { event: 'failed', detail });
  return retry;
}

/** The money is back, whatever we believed before: WeChat's word about it is final. */
export async function succeed(tx: Tx, locked: LockedRefund, answer: WechatRefund): Promise<void> {
  const { orders, refund } = locked;
  const succeededAt = answer.success_time ?? clock.now();
  await changeRefund(
    tx,
    refund,
    { status: 'succeeded', wechatRefundId: answer.refund_id, succeededAt },
    { event: 'succeeded', detail: answer.refund_id },
  );
  announce('refund', refund.id);
  const retry = await endRetry(tx, locked);
  const [order] = orders;
  if ((refund.kind === 'full' || retry?.kind === 'full') && order !== undefined) {
    let current = order;
    // It had been given up, and the order had gone back to where it was.
    if (REFUNDABLE.has(order.status)) {
      current = await applyEvent(tx, order, {
        event: 'requestRefund',
        actor: SYSTEM,
        reason: '此前未成功的退款已到账',
        attributes: { statusBeforeRefund: order.status },
      });
    }
    if (current.status === 'refunding') {
      await endRefundedOrder(tx, current, {
        isGoodsReturned: refund.isGoodsReturned,
        operator: refund.decidedBy ?? actorLabel(SETTLEMENT),
      });
      await promiseCompletion(tx, current, refund.paymentId);
    }
  }
  await notifyUser(tx, {
    userId: refund.userId,
    type: 'refund',
    title: '退款成功',
    content: `${nameOrders(orders)} 的 ${refund.amount.toFixed(2)} 元已原路退回。`,
    data: factsOf(locked),
  });
  await tellOverdrawn(tx, locked);
}

/** WeChat has ended the refund without paying out: the order goes back to where it was, and staff may try again. */
export async function fail(tx: Tx, { orders, refund }: LockedRefund, reason: string): Promise<void> {
  await changeRefund(tx, refund, { status: 'failed' }, { event: 'failed', detail: reason });
  const [order] = orders;
  if (refund.kind === 'full' && order?.status === 'refunding') {
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
    content: `${nameOrders(orders)} 的退款 ${refund.refundNumber} 未成功：${reason}。可在退款页点击“换号重新退款”。`,
    data: factsOf({ orders, refund }),
  });
}

/** WeChat cannot reach the shopper's account. The money is still promised; staff settle it in WeChat's console. */
export async function setAside(
  tx: Tx,
  { orders, refund }: LockedRefund,
  answer: WechatRefund,
): Promise<void> {
  const changes = { status: 'abnormal' as const, wechatRefundId: answer.refund_id };
  await changeRefund(tx, refund, changes, { event: 'abnormal', detail: answer.refund_id });
  await notifyStaff(tx, {
    type: 'refund',
    title: '退款异常，请在微信商户平台处理',
    content: `${nameOrders(orders)} 的退款 ${refund.refundNumber} 无法退回顾客原账户，请在微信商户平台处理；到账后系统会自动入账。`,
    data: factsOf({ orders, refund }),
  });
}

/** Notes something about a refund, and tells staff the first time. */
export async function noteOnce(
  tx: Tx,
  { orders, refund }: LockedRefund,
  note: { event: string; detail: string; title: string; content: string },
): Promise<void> {
  if (refund.logs?.some(({ event, detail }) => event === note.event && detail === note.detail)) return;
  await changeRefund(tx, refund, {}, { event: note.event, detail: note.detail });
  await notifyStaff(tx, {
    type: 'refund',
    title: note.title,
    content: `${nameOrders(orders)} 的退款 ${refund.refundNumber}：${note.content}`,
    data: factsOf({ orders, refund }),
  });
}

export default () => ({ succeed, fail, setAside });
