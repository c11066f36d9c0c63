/** Findings become rows staff work: a fact is one row however often it is found, and closes by itself when it is gone. */
import { clock } from '../../../platform/clock';
import {
  fetchRows,
  inTransaction,
  insertRows,
  query,
  toColumns,
  type Tx,
  updateRow,
} from '../../../platform/database';
import { DIFFERENCE_UID, type DifferenceFacts, type DifferenceRow } from '../reconciliation-rows';
import { type Claim, updateClaimed } from './claim';
import type { Finding } from './finding';

const FACTS = [
  'outTradeNo',
  'outRefundNo',
  'transactionId',
  'ourStatus',
  'theirStatus',
  'ourAmount',
  'theirAmount',
] as const satisfies readonly (keyof DifferenceFacts)[];

const isSame = (row: DifferenceRow, found: Finding): boolean =>
  FACTS.every((fact) => row[fact] === found[fact]);

export const BY_COMPARISON = 'system:reconciliation';

/**
 * Whether a row that was closed and is found again must be looked at again: a bill never changes, so what a person has
 * closed stays closed as long as the facts are the ones they saw.
 */
const isNewsAgain = (row: DifferenceRow, found: Finding): boolean =>
  row.status !== 'open' && (row.resolvedBy === BY_COMPARISON || !isSame(row, found));

const keyOf = ({ kind, subject }: { kind: string; subject: string }): string => `${kind} ${subject}`;

/** One of several findings with the same name: a number three times in a bill is still one matter. */
const distinct = (findings: Finding[]): Finding[] => [
  ...new Map(findings.map((found) => [keyOf(found), found])).values(),
];

async function updateKnown(tx: Tx, claim: Claim, row: DifferenceRow, found: Finding): Promise<boolean> {
  const isNews = isNewsAgain(row, found);
  await updateRow(DIFFERENCE_UID, tx, row.id, {
    ...found,
    runId: claim.runId,
    billDate: claim.billDate,
    foundAttempt: claim.attempt,
    ...(isNews ? { status: 'open', resolvedAt: null, resolvedBy: null } : {}),
  });
  return isNews;
}

/** Writes one page of findings; returns how many of them staff have not seen before. Throws LeaseLostError. */
export async function recordFindings(
  claim: Claim,
  findings: Finding[],
): Promise<{ found: number; news: number }> {
  const page = distinct(findings);
  if (page.length === 0) return { found: 0, news: 0 };
  return inTransaction(async (tx) => {
    // Also the lock on the day: an attempt that lost it must not write over the one that has it.
    await updateClaimed(tx, claim, {});
    const known = await fetchRows<DifferenceRow>(
      DIFFERENCE_UID,
      query(DIFFERENCE_UID, tx)
        .whereIn(
          'subject',
          page.map(({ subject }) => subject),
        )
        .whereIn('kind', [...new Set(page.map(({ kind }) => kind))]),
    );
    const byKey = new Map(known.map((row) => [keyOf(row), row]));
    let news = 0;
    for (const found of page) {
      const row = byKey.get(keyOf(found));
      if (row !== undefined && (await updateKnown(tx, claim, row, found))) news += 1;
    }
    const fresh = page.filter((found) => !byKey.has(keyOf(found)));
    for (let start = 0; start < fresh.length; start += 200) {
      await insertRows(
        DIFFERENCE_UID,
        tx,
        fresh.slice(start, start + 200).map((found) => ({
          ...found,
          runId: claim.runId,
          billDate: claim.billDate,
          foundAttempt: claim.attempt,
          status: 'open',
        })),
      );
    }
    return { found: page.length, news: news + fresh.length };
  });
}

/** Closes what this attempt no longer found among the day's open differences. */
export async function closeVanished(tx: Tx, { runId, attempt }: Claim): Promise<void> {
  await query(DIFFERENCE_UID, tx)
    .where({ run_id: runId, status: 'open' })
    .andWhere('found_attempt', '<', attempt)
    .update(
      toColumns(DIFFERENCE_UID, {
        status: 'resolved',
        resolvedAt: clock.now(),
        resolvedBy: BY_COMPARISON,
        note: '再次核对时已一致',
        updatedAt: clock.now(),
      }),
    );
}

/** How many differences of a day wait for somebody. */
export async function countOpen(tx: Tx, runId: number): Promise<number> {
  const [row] = (await query(DIFFERENCE_UID, tx)
    .where({ run_id: runId, status: 'open' })
    .count({ total: '*' })) as { total: number | string }[];
  return Number(row?.total ?? 0);
}
