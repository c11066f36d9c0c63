/** Money that came twice: one number twice in the bills, or two payments for one order of which none goes back. */
import { fenToYuan } from '../../../domain/money';
import { columnName, query, tableName } from '../../../platform/database';
import {
  ALLOCATION_UID,
  COUNTED_REFUND_STATUSES,
  PAYMENT_UID,
  type PaymentRow,
  REFUND_ALLOCATION_UID,
  REFUND_UID,
} from '../../payment/payment-rows';
import { BILL_LINE_UID } from '../reconciliation-rows';
import type { Claim } from './claim';
import { type Finding, finding } from './finding';
import type { StagedLine } from './lines';

const column = (uid: string, attribute: string): string => `${tableName(uid)}.${columnName(uid, attribute)}`;

type OurPayments = ReadonlyMap<string, PaymentRow>;

/** Lines whose number an earlier successful row has too, in this bill or in one of the days around. */
export async function findRepeated(
  { runId, attempt }: Claim,
  lines: StagedLine[],
  ours: OurPayments,
): Promise<Finding[]> {
  const paid = lines.filter((line) => line.tradeState === 'SUCCESS');
  const firsts = (await query(BILL_LINE_UID)
    .where({ kind: 'payment', trade_state: 'SUCCESS' })
    .whereIn(
      'out_trade_no',
      paid.map((line) => line.outTradeNo),
    )
    // Rows left behind by an attempt that never came to its end are no second payment.
    .andWhere((same) => same.whereNot('run_id', runId).orWhere('attempt', attempt))
    .groupBy('out_trade_no')
    .select('out_trade_no as number')
    .min('id as first')) as { number: string; first: number }[];
  const first = new Map(firsts.map((row) => [row.number, row.first]));
  return paid
    .filter((line) => (first.get(line.outTradeNo) ?? line.id) < line.id)
    .map((line) =>
      finding('payment_double', line.outTradeNo, {
        outTradeNo: line.outTradeNo,
        transactionId: line.transactionId,
        theirStatus: line.tradeState,
        theirAmount: fenToYuan(line.amountFen),
        ourStatus: ours.get(line.outTradeNo)?.status ?? null,
        paymentId: ours.get(line.outTradeNo)?.id ?? null,
      }),
    );
}

/** Shares of received payments whose money is not on its way back as surplus. */
const keptShares = () =>
  query(ALLOCATION_UID)
    .join(tableName(PAYMENT_UID), column(PAYMENT_UID, 'id'), column(ALLOCATION_UID, 'paymentId'))
    .where(column(PAYMENT_UID, 'status'), 'succeeded')
    .whereNotExists(
      query(REFUND_UID)
        .leftJoin(
          tableName(REFUND_ALLOCATION_UID),
          column(REFUND_ALLOCATION_UID, 'refundId'),
          column(REFUND_UID, 'id'),
        )
        .select(column(REFUND_UID, 'id'))
        .whereRaw('?? = ??', [column(REFUND_UID, 'paymentId'), column(PAYMENT_UID, 'id')])
        .andWhere(column(REFUND_UID, 'kind'), 'surplus')
        .whereIn(column(REFUND_UID, 'status'), [...COUNTED_REFUND_STATUSES])
        .where((same) =>
          same
            .whereRaw('?? = ??', [column(REFUND_UID, 'orderId'), column(ALLOCATION_UID, 'orderId')])
            .orWhereRaw('?? = ??', [
              column(REFUND_ALLOCATION_UID, 'orderId'),
              column(ALLOCATION_UID, 'orderId'),
            ]),
        ),
    );

interface Share {
  orderId: number;
  paymentId: number;
}

const ordersOf = async (paymentIds: number[]): Promise<Share[]> =>
  (await keptShares()
    .whereIn(column(ALLOCATION_UID, 'paymentId'), paymentIds)
    .select({
      orderId: column(ALLOCATION_UID, 'orderId'),
      paymentId: column(ALLOCATION_UID, 'paymentId'),
    })) as Share[];

/** The payment that pays for each of these orders: the first of those whose money stays. */
async function payingPayments(orderIds: number[]): Promise<Map<number, number>> {
  const shares = (await keptShares()
    .whereIn(column(ALLOCATION_UID, 'orderId'), orderIds)
    .orderBy(column(PAYMENT_UID, 'paidAt'))
    .orderBy(column(PAYMENT_UID, 'id'))
    .select({
      orderId: column(ALLOCATION_UID, 'orderId'),
      paymentId: column(PAYMENT_UID, 'id'),
    })) as Share[];
  const first = new Map<number, number>();
  for (const { orderId, paymentId } of shares) if (!first.has(orderId)) first.set(orderId, paymentId);
  return first;
}

/** Shares of these payments in orders that an earlier payment pays. */
async function overpaidShares(paymentIds: number[]): Promise<Share[]> {
  const shares = await ordersOf(paymentIds);
  const paying = await payingPayments([...new Set(shares.map(({ orderId }) => orderId))]);
  return shares.filter(({ orderId, paymentId }) => paying.get(orderId) !== paymentId);
}

/**
 * Payments of these lines for orders that an earlier payment already pays. A payment whose share goes back as surplus
 * has been dealt with; one whose refund failed has not.
 */
export async function findDoubles(lines: StagedLine[], ours: OurPayments): Promise<Finding[]> {
  const received = [...ours.values()].filter(({ status }) => status === 'succeeded');
  const overpaid = new Set(
    (await overpaidShares(received.map(({ id }) => id))).map(({ paymentId }) => paymentId),
  );
  return lines.flatMap((line) => {
    const payment = ours.get(line.outTradeNo);
    if (payment === undefined || !overpaid.has(payment.id) || line.tradeState !== 'SUCCESS') return [];
    return [
      finding('payment_double', line.outTradeNo, {
        outTradeNo: line.outTradeNo,
        transactionId: line.transactionId,
        theirStatus: line.tradeState,
        theirAmount: fenToYuan(line.amountFen),
        ourStatus: payment.status,
        ourAmount: payment.amount,
        paymentId: payment.id,
      }),
    ];
  });
}

/** Ids of the orders of a received payment that another payment pays and whose share of this one does not go back yet. */
export async function findOverpaid(paymentId: number): Promise<Set<number>> {
  return new Set((await overpaidShares([paymentId])).map(({ orderId }) => orderId));
}
