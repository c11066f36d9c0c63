/** Payments: the bill's rows against ours by number, then ours of that time the bill does not have. */
import { fenToYuan, yuanToFen } from '../../../domain/money';
import { comparePayment, type Stretch } from '../../../domain/reconciliation';
import { fetchRows, query } from '../../../platform/database';
import { PAYMENT_UID, type PaymentRow } from '../../payment/payment-rows';
import { receivedYuan } from '../../payment/payment-store';
import type { Claim } from './claim';
import { findDoubles, findRepeated } from './doubles';
import { type Finding, finding } from './finding';
import { billedNumbers, linePages, PAGE, type StagedLine } from './lines';

const COLUMNS = ['id', 'payment_number', 'status', 'amount', 'received_amount', 'transaction_id', 'paid_at'];

/** Our payments of these numbers, by number. */
async function ourPayments(numbers: string[]): Promise<Map<string, PaymentRow>> {
  const rows = await fetchRows<PaymentRow>(
    PAYMENT_UID,
    query(PAYMENT_UID).whereIn('payment_number', numbers).select(COLUMNS),
  );
  return new Map(rows.map((row) => [row.paymentNumber, row]));
}

function compareLine(line: StagedLine, ours: PaymentRow | undefined): Finding | undefined {
  const arrived = ours === undefined ? null : receivedYuan(ours);
  const kind = comparePayment(line, ours && { ...ours, amountFen: yuanToFen(arrived ?? 0) });
  if (kind === undefined) return undefined;
  return finding(kind, line.outTradeNo, {
    outTradeNo: line.outTradeNo,
    transactionId: line.transactionId,
    theirStatus: line.tradeState,
    theirAmount: fenToYuan(line.amountFen),
    ourStatus: ours?.status ?? null,
    ourAmount: arrived,
    paymentId: ours?.id ?? null,
  });
}

/** What differs in the payment rows of the bill, in pages. */
export async function* compareBilledPayments(claim: Claim): AsyncGenerator<Finding[]> {
  for await (const lines of linePages(claim, 'payment')) {
    const ours = await ourPayments(lines.map((line) => line.outTradeNo));
    const differing = lines.map((line) => compareLine(line, ours.get(line.outTradeNo)));
    yield [
      ...differing.filter((found) => found !== undefined),
      ...(await findRepeated(claim, lines, ours)),
      ...(await findDoubles(lines, ours)),
    ];
  }
}

/** Payments that count as received in `time` and that no bill we know has, in pages. */
export async function* findUnbilledPayments({ from, until }: Stretch): AsyncGenerator<Finding[]> {
  let last: PaymentRow | undefined;
  for (;;) {
    const page = query(PAYMENT_UID)
      .where('status', 'succeeded')
      .andWhere('paid_at', '>=', from)
      .andWhere('paid_at', '<', until)
      .orderBy(['paid_at', 'id'])
      .limit(PAGE)
      .select(COLUMNS);
    if (last?.paidAt != null) page.whereRaw('(paid_at, id) > (?, ?)', [last.paidAt, last.id]);
    const rows = await fetchRows<PaymentRow>(PAYMENT_UID, page);
    const billed = await billedNumbers(
      'outTradeNo',
      'payment',
      rows.map((row) => row.paymentNumber),
    );
    yield rows
      .filter((row) => !billed.has(row.paymentNumber))
      .map((row) =>
        finding('payment_missing_there', row.paymentNumber, {
          outTradeNo: row.paymentNumber,
          transactionId: row.transactionId,
          ourStatus: row.status,
          ourAmount: receivedYuan(row),
          paymentId: row.id,
        }),
      );
    last = rows.at(-1);
    if (rows.length < PAGE) return;
  }
}
