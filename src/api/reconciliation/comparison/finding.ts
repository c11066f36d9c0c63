import type { DifferenceKind } from '../../../domain/reconciliation';
import type { DifferenceFacts } from '../reconciliation-rows';

/** A difference as a comparison finds it, before it is a row. */
export interface Finding extends DifferenceFacts {
  kind: DifferenceKind;
  subject: string;
  paymentId: number | null;
  refundId: number | null;
}

const NOTHING: Omit<Finding, 'kind' | 'subject'> = {
  outTradeNo: null,
  outRefundNo: null,
  transactionId: null,
  ourStatus: null,
  theirStatus: null,
  ourAmount: null,
  theirAmount: null,
  paymentId: null,
  refundId: null,
};

export const finding = (
  kind: DifferenceKind,
  subject: string,
  facts: Partial<Omit<Finding, 'kind' | 'subject'>>,
): Finding => ({ ...NOTHING, kind, subject, ...facts });
