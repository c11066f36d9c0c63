import { mendOf } from '../../../domain/reconciliation';
import { isoTime } from '../../../platform/request';
import type { RunRow } from '../../reconciliation/reconciliation-rows';
import type { DifferenceFile, ReconciliationDesk } from '../queries/reconciliation-desk';

export const presentRun = (run: RunRow) => ({
  documentId: run.documentId,
  billDate: run.billDate,
  status: run.status,
  openCount: run.openCount,
  differenceCount: run.differenceCount,
  paymentCount: run.paymentCount,
  paymentAmount: run.paymentAmount,
  refundCount: run.refundCount,
  refundAmount: run.refundAmount,
  error: run.error,
  finishedAt: isoTime(run.finishedAt),
});

/** A difference, and what may be done about it now: `mend` is null where only a person can, outside the shop. */
export const presentDifference = ({ difference, run, payment, refund }: DifferenceFile) => ({
  documentId: difference.documentId,
  billDate: difference.billDate,
  kind: difference.kind,
  status: difference.status,
  outTradeNo: difference.outTradeNo,
  outRefundNo: difference.outRefundNo,
  transactionId: difference.transactionId,
  ourStatus: difference.ourStatus,
  theirStatus: difference.theirStatus,
  ourAmount: difference.ourAmount,
  theirAmount: difference.theirAmount,
  run,
  payment,
  refund,
  mend:
    difference.status === 'open'
      ? (mendOf(difference.kind, {
          payment: difference.paymentId !== null,
          refund: difference.refundId !== null,
        }) ?? null)
      : null,
  note: difference.note,
  resolvedBy: difference.resolvedBy,
  resolvedAt: isoTime(difference.resolvedAt),
});

export const presentReconciliationDesk = ({ openDifferences, runs }: ReconciliationDesk) => ({
  openDifferences,
  runs: runs.map(presentRun),
});
