/** Money that no order can use goes back by itself, recorded, and with shopper and staff told. */
import { fenToYuan, formatFen } from '../../../domain/money';
import { clock } from '../../../platform/clock';
import { insertRows, type Tx } from '../../../platform/database';
import { enqueue } from '../../../platform/outbox';
import { notifyStaff, notifyUser } from '../../notification/notify';
import type { OrderRow } from '../../order/order-rows';
import { type PaymentRow, REFUND_ALLOCATION_UID, REFUND_UID, type RefundRow } from '../payment-rows';
import { firstEntry, insertNumbered } from '../payment-store';

/**
 * duplicate: the order was already paid · cancelled: it died and its stock is gone · amount_changed: the order costs
 * something else by now · wrong_amount: another amount arrived than was asked for · disputed: staff sent it back.
 */
export type SurplusCause = 'duplicate' | 'cancelled' | 'amount_changed' | 'wrong_amount' | 'disputed';

/** One order's part of the money that goes back. */
export interface SurplusPart {
  order: OrderRow;
  amountFen: number;
  cause: SurplusCause;
}

const REASONS: Readonly<Record<SurplusCause, string>> = {
  duplicate: '重复支付，款项退回',
  cancelled: '订单已取消且库存不足，款项退回',
  amount_changed: '订单金额已变更，款项退回',
  wrong_amount: '到账金额与应付金额不符，款项退回',
  disputed: '支付信息不符，款项退回',
};

const SHOPPER_SENTENCES: Readonly<Record<SurplusCause, (name: string, yuan: string) => string>> = {
  duplicate: (name, yuan) => `${name} 已付款，重复支付的 ${yuan} 元将原路退回，订单不受影响。`,
  cancelled: (name, yuan) => `${name} 已取消且商品已售完，收到的 ${yuan} 元将原路退回。`,
  amount_changed: (name, yuan) => `${name} 的金额已变更，收到的 ${yuan} 元将原路退回，请按新的金额重新付款。`,
  wrong_amount: (name, yuan) => `${name} 收到的金额与应付金额不符，收到的 ${yuan} 元将原路退回。`,
  disputed: (name, yuan) => `${name} 的支付信息不符，收到的 ${yuan} 元将原路退回。`,
};

/** How people are told which orders it is about. */
export const nameOrders = (orders: OrderRow[]): string =>
  orders.length === 1
    ? `订单 ${orders[0]?.orderNumber ?? ''}`
    : `结算单 ${orders[0]?.checkoutNumber ?? ''} 的 ${orders.length} 个订单`;

/** Promises the submission; WeChat takes the refunds of one payment one after the other. */
export const enqueueSubmission = (tx: Tx, refund: Pick<RefundRow, 'id' | 'paymentId'>): Promise<void> =>
  enqueue(tx, [
    { topic: 'refund.submit', payload: { refundId: refund.id }, key: `payment:${refund.paymentId}` },
  ]);

async function tell(
  tx: Tx,
  payment: PaymentRow,
  refund: { documentId: string },
  parts: SurplusPart[],
): Promise<void> {
  const orders = parts.map((part) => part.order);
  // Orders that fare differently are told so one by one; the money is one refund all the same.
  const causes = [...new Set(parts.map((part) => part.cause))];
  const sentences = causes.map((cause) => {
    const concerned = parts.filter((part) => part.cause === cause);
    const fen = concerned.reduce((sum, part) => sum + part.amountFen, 0);
    const named = nameOrders(concerned.map((part) => part.order));
    return {
      shopper: SHOPPER_SENTENCES[cause](named, formatFen(fen)),
      staff: `${named}：${REASONS[cause]}，${formatFen(fen)} 元`,
    };
  });
  const data = {
    refund: refund.documentId,
    payment: payment.documentId,
    ...(orders.length === 1 ? { order: orders[0]?.documentId } : {}),
  };
  await notifyUser(tx, {
    userId: payment.userId,
    type: 'refund',
    title: '款项将原路退回',
    content: sentences.map(({ shopper }) => shopper).join(''),
    data,
  });
  await notifyStaff(tx, {
    type: 'refund',
    title: '收到无法使用的款项，已自动退款',
    content: sentences.map(({ staff }) => staff).join('；'),
    data,
  });
}

/**
 * Sends parts of a payment back as one refund, however many orders they belong to: WeChat allows few refunds of a
 * payment, and only one a minute. Orders and payment must be locked.
 */
export async function returnSurplus(
  tx: Tx,
  payment: PaymentRow,
  parts: SurplusPart[],
  decidedBy = 'system',
): Promise<void> {
  const [first] = parts;
  if (first === undefined) return;
  const totalFen = parts.reduce((sum, part) => sum + part.amountFen, 0);
  const causes = [...new Set(parts.map((part) => part.cause))].join(', ');
  const refund = await insertNumbered(REFUND_UID, tx, { attribute: 'refundNumber', prefix: 'R' }, () => ({
    paymentId: payment.id,
    orderId: parts.length === 1 ? first.order.id : null,
    userId: payment.userId,
    amount: fenToYuan(totalFen),
    kind: 'surplus',
    status: 'approved',
    reason: REASONS[first.cause],
    requestedBy: 'system',
    decidedBy,
    decidedAt: clock.now(),
    logs: firstEntry('approved', causes),
  }));
  if (parts.length > 1) {
    await insertRows(
      REFUND_ALLOCATION_UID,
      tx,
      parts.map(({ order, amountFen }) => ({
        refundId: refund.id,
        orderId: order.id,
        amount: fenToYuan(amountFen),
      })),
    );
  }
  await enqueueSubmission(tx, { id: refund.id, paymentId: payment.id });
  await tell(tx, payment, refund, parts);
}

export default () => ({ returnSurplus });
