import type { BaseRow } from '../../platform/database';

export const PAYMENT_UID = 'api::payment.payment';
export const ALLOCATION_UID = 'api::payment.payment-allocation';
export const REFUND_UID = 'api::payment.refund';
export const REFUND_ALLOCATION_UID = 'api::payment.refund-allocation';

/**
 * A payment is one attempt to collect. pending: a number exists and may be paid · succeeded: money arrived · closed:
 * can no longer be paid · failed: WeChat refused the attempt for good, and can no longer be paid · disputed: WeChat says
 * something of it that does not fit our row; nothing more may be collected for its orders until that is settled.
 */
export type PaymentStatus = 'pending' | 'succeeded' | 'closed' | 'failed' | 'disputed';

/** Payments for which money may still arrive: they are asked about, and ended before anything is given away. */
export const OPEN_PAYMENT_STATUSES: readonly PaymentStatus[] = ['pending', 'disputed'];

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
  /** What arrived, where that is not `amount`: all of it goes back. */
  receivedAmount: number | null;
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
 * abnormal: WeChat cannot reach the shopper's account, staff settle it there and it may still succeed · succeeded: money
 * is back · failed: WeChat has ended it without paying out, a new number may try again · rejected: staff said no.
 */
export type RefundStatus =
  'requested' | 'approved' | 'processing' | 'abnormal' | 'succeeded' | 'failed' | 'rejected';

/** Refunds that are not over: money may still leave with them. */
export const OPEN_REFUND_STATUSES: readonly RefundStatus[] = [
  'requested',
  'approved',
  'processing',
  'abnormal',
];

/** Refunds that have taken, or may yet take, money out of the payment. */
export const COUNTED_REFUND_STATUSES: readonly RefundStatus[] = [...OPEN_REFUND_STATUSES, 'succeeded'];

export interface RefundRow extends BaseRow {
  refundNumber: string;
  paymentId: number;
  /** Null when it is about several orders of the payment: its allocations say how much of each. */
  orderId: number | null;
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
  /** When WeChat was first told: it wants a minute between two refunds of one payment. */
  submittedAt: Date | null;
  /** The failed refund this one tries again. */
  retryOfId: number | null;
  wechatRefundId: string | null;
  succeededAt: Date | null;
  logs: LogEntry[] | null;
}

/** One order's part of a refund that is about several. */
export interface RefundAllocationRow extends BaseRow {
  refundId: number;
  orderId: number;
  amount: number;
}
