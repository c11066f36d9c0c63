import { notFound } from '../../../domain/refusal';
import { fetchRow, fetchRows, query } from '../../../platform/database';
import { PAYMENT_UID, REFUND_UID } from '../../payment/payment-rows';
import {
  DIFFERENCE_UID,
  type DifferenceRow,
  RUN_UID,
  type RunRow,
} from '../../reconciliation/reconciliation-rows';

const SHOWN_RUNS = 7;

/** A difference with the rows of ours it is about, by documentId. */
export interface DifferenceFile {
  difference: DifferenceRow;
  run: string | null;
  payment: string | null;
  refund: string | null;
}

/** What waits, and how the last days went. */
export interface ReconciliationDesk {
  openDifferences: number;
  runs: RunRow[];
}

async function documentIdOf(uid: string, id: number | null): Promise<string | null> {
  if (id === null) return null;
  const row = await fetchRow<{ documentId: string }>(uid, query(uid).where('id', id).select('document_id'));
  return row?.documentId ?? null;
}

/** Reads a difference. Throws NOT_FOUND. */
export async function readDifference(documentId: string): Promise<DifferenceFile> {
  const difference = await fetchRow<DifferenceRow>(
    DIFFERENCE_UID,
    query(DIFFERENCE_UID).where('document_id', documentId),
  );
  if (difference === undefined) throw notFound();
  return {
    difference,
    run: await documentIdOf(RUN_UID, difference.runId),
    payment: await documentIdOf(PAYMENT_UID, difference.paymentId),
    refund: await documentIdOf(REFUND_UID, difference.refundId),
  };
}

/** Reads a day. Throws NOT_FOUND. */
export async function readRun(documentId: string): Promise<RunRow> {
  const run = await fetchRow<RunRow>(RUN_UID, query(RUN_UID).where('document_id', documentId));
  if (run === undefined) throw notFound();
  return run;
}

/** Reads the latest days and the number of differences that wait for somebody, of all days. */
export async function readReconciliationDesk(): Promise<ReconciliationDesk> {
  const [open] = (await query(DIFFERENCE_UID).where('status', 'open').count({ total: '*' })) as {
    total: number | string;
  }[];
  return {
    openDifferences: Number(open?.total ?? 0),
    runs: await fetchRows<RunRow>(RUN_UID, query(RUN_UID).orderBy('bill_date', 'desc').limit(SHOWN_RUNS)),
  };
}
