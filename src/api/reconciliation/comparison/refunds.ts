/** Refunds: the bill's rows against ours by number, then ours of that time the bill does not have. */
import { beijingDay, DAY_MS, startOfBeijingDay } from '../../../domain/beijing-day';
import { fenToYuan, yuanToFen } from '../../../domain/money';
import { compareRefund, EDGE_MS, type Stretch } from '../../../domain/reconciliation';
import { fetchRows, query } from '../../../platform/database';
import { PAYMENT_UID, REFUND_UID, type RefundRow } from '../../payment/payment-rows';
import type { Claim } from './claim';
import { type Finding, finding } from './finding';
import { billedNumbers, linePages, PAGE, type StagedLine } from './lines';
import { KEEP_LINES_DAYS } from './stage';

/** Our refunds of these numbers, by number. */
async function ourRefunds(numbers: string[]): Promise<Map<string, RefundRow>> {
  const rows = await fetchRows<RefundRow>(
    REFUND_UID,
    query(REFUND_UID)
      .whereIn('refund_number', numbers)
      .select('id', 'refund_number', 'payment_id', 'status', 'amount', 'succeeded_at'),
  );
  return new Map(rows.map((row) => [row.refundNumber, row]));
}

/** Ids of our payments of these numbers, which may have refunds we do not know. */
async function paymentIds(numbers: string[]): Promise<Map<string, number>> {
  const rows = (await query(PAYMENT_UID)
    .whereIn('payment_number', numbers)
    .select('id', 'payment_number')) as { id: number; payment_number: string }[];
  return new Map(rows.map((row) => [row.payment_number, row.id]));
}

function compareLine(line: StagedLine, ours: RefundRow | undefined, dayEnd: Date): Finding | undefined {
  const kind = compareRefund(line, ours && { ...ours, amountFen: yuanToFen(ours.amount) }, dayEnd);
  if (kind === undefined) return undefined;
  // A refund made in WeChat's console may have no number of the merchant's; then its payment names it.
  return finding(kind, line.outRefundNo ?? line.outTradeNo, {
    outTradeNo: line.outTradeNo,
    outRefundNo: line.outRefundNo,
    transactionId: line.transactionId,
    theirStatus: line.refundState,
    theirAmount: fenToYuan(line.refundFen),
    ourStatus: ours?.status ?? null,
    ourAmount: ours?.amount ?? null,
    refundId: ours?.id ?? null,
    paymentId: ours?.paymentId ?? null,
  });
}

/** What differs in the refund rows of the bill, in pages. */
export async function* compareBilledRefunds(claim: Claim): AsyncGenerator<Finding[]> {
  const dayEnd = new Date(startOfBeijingDay(claim.billDate).getTime() + DAY_MS);
  for await (const lines of linePages(claim, 'refund')) {
    const ours = await ourRefunds(lines.flatMap((line) => line.outRefundNo ?? []));
    const findings = lines
      .map((line) => compareLine(line, ours.get(line.outRefundNo ?? ''), dayEnd))
      .filter((found) => found !== undefined);
    const unknown = findings.filter((found) => found.paymentId === null);
    const payments = await paymentIds(unknown.map((found) => found.outTradeNo ?? ''));
    for (const found of unknown) found.paymentId = payments.get(found.outTradeNo ?? '') ?? null;
    yield findings;
  }
}

const ACCEPTED = new Set(['processing', 'abnormal', 'succeeded']);

/**
 * Between when and when WeChat accepted a refund. The bill has it under the moment of acceptance, of which we know when
 * we first asked and when we first heard of it; after a lost answer these lie hours apart.
 */
function acceptance(refund: RefundRow): Stretch {
  const from = refund.submittedAt ?? refund.decidedAt ?? refund.createdAt;
  const heard = refund.logs?.find(({ event }) => ACCEPTED.has(event))?.at;
  const until = heard === undefined ? (refund.succeededAt ?? refund.updatedAt) : new Date(heard);
  return { from: from < until ? from : until, until };
}

/** True when the bills of all days in which WeChat may have accepted it are known, so that its absence means something. */
function isJudgeable({ from, until }: Stretch, time: Stretch, knownDays: ReadonlySet<string>): boolean {
  if (until < time.from || until >= time.until) return false;
  const last = beijingDay(new Date(until.getTime() + EDGE_MS));
  for (let day = new Date(from.getTime() - EDGE_MS); ; day = new Date(day.getTime() + DAY_MS)) {
    const name = beijingDay(day);
    if (name > last) return true;
    if (!knownDays.has(name)) return false;
  }
}

/** Refunds WeChat accepted in `time` and that none of the bills of `knownDays` has, in pages. */
export async function* findUnbilledRefunds(
  time: Stretch,
  knownDays: ReadonlySet<string>,
): AsyncGenerator<Finding[]> {
  const since = new Date(time.from.getTime() - KEEP_LINES_DAYS * DAY_MS);
  for (let after = 0; ;) {
    const rows = await fetchRows<RefundRow>(
      REFUND_UID,
      query(REFUND_UID)
        .whereIn('status', [...ACCEPTED])
        .andWhereRaw('coalesce(submitted_at, decided_at, created_at) >= ?', [since])
        .andWhere('created_at', '<', time.until)
        .andWhere('id', '>', after)
        .orderBy('id')
        .limit(PAGE),
    );
    const judged = rows.filter((row) => isJudgeable(acceptance(row), time, knownDays));
    const billed = await billedNumbers(
      'outRefundNo',
      'refund',
      judged.map((row) => row.refundNumber),
    );
    yield judged
      .filter((row) => !billed.has(row.refundNumber))
      .map((row) =>
        finding('refund_missing_there', row.refundNumber, {
          outRefundNo: row.refundNumber,
          ourStatus: row.status,
          ourAmount: row.amount,
          refundId: row.id,
          paymentId: row.paymentId,
        }),
      );
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = last.id;
  }
}
