/** The staged rows of a bill, read a page at a time. */
import { columnName, query } from '../../../platform/database';
import { BILL_LINE_UID } from '../reconciliation-rows';
import type { Claim } from './claim';

/**
 * Rows compared in one go. What belongs to them is asked for by number, which every plan does by index: right after a
 * bill has been written the database does not know yet how large it is, and would join badly.
 */
export const PAGE = 2_000;

export interface StagedLine {
  id: number;
  outTradeNo: string;
  transactionId: string;
  tradeState: string;
  amountFen: number;
  outRefundNo: string | null;
  refundState: string;
  refundFen: number;
}

const column = (attribute: string): string => columnName(BILL_LINE_UID, attribute);

/** The lines of one kind, in the order of the bill. */
export async function* linePages(
  { runId, attempt }: Claim,
  kind: 'payment' | 'refund',
): AsyncGenerator<StagedLine[]> {
  for (let after = 0; ;) {
    const rows = (await query(BILL_LINE_UID)
      .where({ run_id: runId, attempt, kind })
      .andWhere('id', '>', after)
      .orderBy('id')
      .limit(PAGE)
      .select({
        id: 'id',
        outTradeNo: column('outTradeNo'),
        transactionId: column('transactionId'),
        tradeState: column('tradeState'),
        amountFen: column('amountFen'),
        outRefundNo: column('outRefundNo'),
        refundState: column('refundState'),
        refundFen: column('refundFen'),
      })) as StagedLine[];
    // Big integers come as texts from PostgreSQL.
    if (rows.length > 0)
      yield rows.map((row) => ({
        ...row,
        amountFen: Number(row.amountFen),
        refundFen: Number(row.refundFen),
      }));
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = last.id;
  }
}

/** Which of these numbers stand in any bill whose lines are at hand. */
export async function billedNumbers(
  attribute: 'outTradeNo' | 'outRefundNo',
  kind: 'payment' | 'refund',
  numbers: string[],
): Promise<Set<string>> {
  const rows = (await query(BILL_LINE_UID)
    .where('kind', kind)
    .whereIn(column(attribute), numbers)
    .distinct({ number: column(attribute) })) as { number: string }[];
  return new Set(rows.map((row) => row.number));
}
