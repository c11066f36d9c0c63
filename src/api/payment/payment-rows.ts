import type { BaseRow } from '../../platform/database';

export const PAYMENT_UID = 'api::payment.payment';
export const ALLOCATION_UID = 'api::payment.payment-allocation';
export const REFUND_UID = 'api::payment.refund';

/**
 * A payment is one attempt to collect. pending: a number exists and may be paid · succeeded: money arrived · closed:
 * can no longer be paid · failed: WeChat refused the attempt for good.
 */
export type PaymentStatus = 'pending' | 'succeeded' | 'closed' | 'failed';

/** An event in a payment's or refund's own log. */
export interface LogEntry {
  event: string;
  at: string;
  detail?: string;
}

export interface PaymentRow extends BaseRow {
  paymentNumber: string;
  userId: number;
  checkoutNumber: string | null;
  amount: number;
  method: 'wechat';
  status: PaymentStatus;
  transactionId: string | null;
  payerOpenId: string;
  /** The exact bytes asked of WeChat: an attempt whose outcome is unknown is repeated with the same. */
  request: string;
  prepayId: string | null;
  prepayAt: Date | null;
  expiresAt: Date;
  paidAt: Date | null;
  logs: LogEntry[] | null;
}

/** One order's share of a payment. */
export interface AllocationRow extends BaseRow {
  paymentId: number;
  orderId: number;
  amount: number;
}

/**
 * requested: asked by a shopper, staff decide · approved: decided, WeChat not yet told · processing: WeChat accepted ·
 * succeeded: money is back · failed: it cannot go back by itself · rejected: staff said no.
 */
export type RefundStatus = 'requested' | 'approved' | 'processing' | 'succeeded' | 'failed' | 'rejected';

/** Refunds that have taken, or may yet take, money out of the payment. */
export const COUNTED_REFUND_STATUSES: RefundStatus[] = ['requested', 'approved', 'processing', 'succeeded'];

export interface RefundRow extends BaseRow {
  refundNumber: string;
  paymentId: number;
  orderId: number;
  userId: number;
  amount: number;
  /** full: ends the order · partial: gives some money back · surplus: money that should not have arrived. */
  kind: 'full' | 'partial' | 'surplus';
  status: RefundStatus;
  reason: string | null;
  requestedBy: string | null;
  decidedBy: string | null;
  decidedAt: Date | null;
  decisionReason: string | null;
  isGoodsReturned: boolean | null;
  request: string | null;
  wechatRefundId: string | null;
  succeededAt: Date | null;
  logs: LogEntry[] | null;
}
