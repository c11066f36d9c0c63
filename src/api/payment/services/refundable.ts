/** What of an order's money can still go back. */
import { formatFen, yuanToFen } from '../../../domain/money';
import { validationFailed } from '../../../domain/refusal';
import { MAX_REFUNDS_PER_PAYMENT } from '../../../domain/refunds';
import { fetchRows, query, type Tx } from '../../../platform/database';
import type { OrderRow } from '../../order/order-rows';
import { conflict } from '../payment-conflict';
import {
  ALLOCATION_UID,
  type AllocationRow,
  COUNTED_REFUND_STATUSES,
  OPEN_REFUND_STATUSES,
  type PaymentRow,
  REFUND_UID,
} from '../payment-rows';
import { findPaying, lockPayment, readAllocations, refundsOfOrder } from '../payment-store';

export interface Refundable {
  payment: PaymentRow;
  /** What of the order's share of the payment no refund has claimed yet, in fen. */
  leftFen: number;
  /** How many refunds of the payment WeChat would still take. */
  refundsLeft: number;
  /** Orders of the payment, each of which must be able to go back. */
  orderCount: number;
}

async function countRefundsLeft(tx: Tx, payment: PaymentRow): Promise<number> {
  const [row] = (await query(REFUND_UID, tx)
    .where('payment_id', payment.id)
    .whereNot('status', 'rejected')
    .count({ total: '*' })) as { total: number | string }[];
  return MAX_REFUNDS_PER_PAYMENT - Number(row?.total ?? 0);
}

/**
 * The payment an order was paid with, and what of it can still go back. The payment comes back locked. Throws
 * PAYMENT_CONFLICT when a refund is under way or there is no payment.
 */
export async function findRefundable(tx: Tx, order: OrderRow): Promise<Refundable> {
  const refunds = await refundsOfOrder(order.id, tx);
  // One at a time: a second request could only be judged once the first is decided and paid out.
  const isUnderWay = refunds.some(
    ({ kind, status }) => kind !== 'surplus' && OPEN_REFUND_STATUSES.includes(status),
  );
  if (isUnderWay) throw conflict('该订单已有退款正在处理', 'A refund of this order is already under way');
  const found = await findPaying(order.id, refunds, tx);
  if (found === undefined) throw conflict('订单没有可退的款项', 'There is no payment to refund');
  const payment = await lockPayment(tx, found.id);
  const [share] = await fetchRows<AllocationRow>(
    ALLOCATION_UID,
    query(ALLOCATION_UID, tx).where({ payment_id: payment.id, order_id: order.id }),
  );
  const claimedFen = refunds
    .filter((refund) => refund.paymentId === payment.id && COUNTED_REFUND_STATUSES.includes(refund.status))
    .reduce((sum, refund) => sum + yuanToFen(refund.amount), 0);
  return {
    payment,
    leftFen: yuanToFen(share?.amount ?? 0) - claimedFen,
    refundsLeft: await countRefundsLeft(tx, payment),
    orderCount: (await readAllocations(payment.id, tx)).length,
  };
}

export interface ChosenAmount {
  amountFen: number;
  kind: 'full' | 'partial';
}

/**
 * How much goes back: what was asked for, or all that is left. Throws VALIDATION_FAILED (more than is left),
 * PAYMENT_CONFLICT (WeChat takes no more refunds of this payment).
 */
export function chooseAmount(
  { leftFen, refundsLeft, orderCount }: Refundable,
  requestedFen: number | undefined,
): ChosenAmount {
  const amountFen = requestedFen ?? leftFen;
  if (leftFen <= 0 || amountFen > leftFen) {
    throw validationFailed([
      {
        path: ['amount'],
        message: `must be at most ${formatFen(Math.max(leftFen, 0))}, what is left to refund`,
      },
    ]);
  }
  const kind = amountFen === leftFen ? 'full' : 'partial';
  // Parts leave room for each order of the payment to go back as a whole.
  if (refundsLeft < (kind === 'full' ? 1 : orderCount + 1)) {
    throw conflict(
      '这笔支付的退款次数已达上限，请全额退款或联系客服',
      'WeChat takes no more partial refunds of this payment',
    );
  }
  return { amountFen, kind };
}

export default () => ({ findRefundable });
