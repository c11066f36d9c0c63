/** A bill's rows in a table of their own, so that the database compares them and memory holds a few hundred at a time. */
import { beijingDay, startOfBeijingDay, DAY_MS } from '../../../domain/beijing-day';
import { query, toColumns } from '../../../platform/database';
import type { BillLine } from '../../../platform/wechat/bill-client';
import { BILL_LINE_UID, RUN_UID } from '../reconciliation-rows';
import type { Claim } from './claim';

/** SQLite takes no more than 500 rows in one statement. */
const BATCH = 500;
/** Lines of the days around a day are asked for again: near midnight, and for refunds WeChat accepted late. */
export const KEEP_LINES_DAYS = 10;

export interface BillTotals {
  paymentCount: number;
  paymentFen: number;
  refundCount: number;
  refundFen: number;
}

const toRow = ({ runId, attempt }: Claim, line: BillLine): Record<string, unknown> =>
  toColumns(BILL_LINE_UID, {
    runId,
    attempt,
    kind: line.kind,
    outTradeNo: line.outTradeNo,
    transactionId: line.transactionId,
    tradeState: line.tradeState,
    amountFen: line.amountFen,
    outRefundNo: line.outRefundNo,
    refundState: line.refundState,
    refundFen: line.refundFen,
  });

function addTo(totals: BillTotals, line: BillLine): void {
  if (line.kind === 'payment') {
    totals.paymentCount += 1;
    totals.paymentFen += line.amountFen;
  } else {
    totals.refundCount += 1;
    totals.refundFen += line.refundFen;
  }
}

/**
 * Writes a bill's rows under the claim's attempt and returns what they come to. Throws BillDamagedError, with rows
 * written that nobody will read.
 */
export async function stageBill(claim: Claim, lines: AsyncIterable<BillLine>): Promise<BillTotals> {
  const totals: BillTotals = { paymentCount: 0, paymentFen: 0, refundCount: 0, refundFen: 0 };
  let batch: Record<string, unknown>[] = [];
  const write = async (): Promise<void> => {
    if (batch.length === 0) return;
    await query(BILL_LINE_UID).insert(batch);
    batch = [];
    await claim.renew();
  };
  for await (const line of lines) {
    addTo(totals, line);
    batch.push(toRow(claim, line));
    if (batch.length === BATCH) await write();
  }
  await write();
  return totals;
}

/** Deletes what no comparison will ask for again: other attempts at this day, and days long past. */
export async function forgetLines({ runId, attempt, billDate, renew }: Claim): Promise<void> {
  const oldest = beijingDay(new Date(startOfBeijingDay(billDate).getTime() - KEEP_LINES_DAYS * DAY_MS));
  for (;;) {
    const old = (await query(BILL_LINE_UID)
      .where((stale) => stale.where('run_id', runId).whereNot('attempt', attempt))
      .orWhereIn('run_id', query(RUN_UID).where('bill_date', '<', oldest).select('id'))
      .select('id')
      .limit(BATCH * 4)) as { id: number }[];
    if (old.length === 0) return;
    await query(BILL_LINE_UID)
      .whereIn(
        'id',
        old.map(({ id }) => id),
      )
      .delete();
    await renew();
  }
}

/** Deletes the rows of an attempt whose bill turned out not to add up: nothing may be concluded from them. */
export async function forgetAttempt({ runId, attempt }: Claim): Promise<void> {
  await query(BILL_LINE_UID).where({ run_id: runId, attempt }).delete();
}
