import type { DifferenceKind } from '../../domain/reconciliation';
import type { BaseRow } from '../../platform/database';

export const RUN_UID = 'api::reconciliation.reconciliation-run';
export const DIFFERENCE_UID = 'api::reconciliation.reconciliation-difference';
export const BILL_LINE_UID = 'api::reconciliation.bill-line';

/**
 * waiting: to be done, perhaps because WeChat is still making the bill or is away · running: somebody is at it until the
 * lease ends · completed: compared, whatever was found · failed: the bill could not be believed or was refused.
 */
export type RunStatus = 'waiting' | 'running' | 'completed' | 'failed';

/** One Beijing day. Running it again updates this row; `attempt` counts the times and tells them apart. */
export interface RunRow extends BaseRow {
  billDate: string;
  status: RunStatus;
  attempt: number;
  leaseUntil: Date | null;
  /** Differences the last attempt found, and how many of this day still wait for somebody. */
  differenceCount: number;
  openCount: number;
  paymentCount: number | null;
  paymentAmount: number | null;
  refundCount: number | null;
  refundAmount: number | null;
  /** Null after an empty day, which has no bill. */
  billHash: string | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  requestedBy: string | null;
  error: string | null;
}

/** open: somebody must look · resolved: it is gone · ignored: a person has dealt with it elsewhere and says so. */
export type DifferenceStatus = 'open' | 'resolved' | 'ignored';

/** What a difference is about, in both houses' words. Amounts in yuan, as all columns; null where there is nothing. */
export interface DifferenceFacts {
  outTradeNo: string | null;
  outRefundNo: string | null;
  transactionId: string | null;
  ourStatus: string | null;
  theirStatus: string | null;
  ourAmount: number | null;
  theirAmount: number | null;
}

/** One finding. `kind` and `subject` (the number it is about) name it for good: found again it is the same row. */
export interface DifferenceRow extends BaseRow, DifferenceFacts {
  runId: number;
  billDate: string;
  kind: DifferenceKind;
  subject: string;
  status: DifferenceStatus;
  paymentId: number | null;
  refundId: number | null;
  foundAttempt: number;
  resolvedAt: Date | null;
  resolvedBy: string | null;
  note: string | null;
}
