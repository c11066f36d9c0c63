/**
 * What a day's bill of WeChat Pay says against what the books say, one payment or refund at a time. A difference is only
 * what somebody must look at: what may honestly differ (a refund that arrived after the bill was made) is none.
 */
export const DIFFERENCE_KINDS = [
  'payment_missing_here',
  'payment_missing_there',
  'payment_amount',
  'payment_state',
  'payment_double',
  'refund_missing_here',
  'refund_missing_there',
  'refund_amount',
  'refund_state',
] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

/** A payment as the bill has it; `tradeState` is SUCCESS, or REVOKED when the money went back at once. Fen. */
export interface BilledPayment {
  tradeState: string;
  amountFen: number;
  transactionId: string;
}

/** A payment as the books have it; `amountFen` is what is thought to have arrived. */
export interface BookedPayment {
  status: string;
  amountFen: number;
  transactionId: string | null;
}

/** How a payment of the bill differs from ours, if it does; its amount before its state. */
export function comparePayment(
  theirs: BilledPayment,
  ours: BookedPayment | undefined,
): DifferenceKind | undefined {
  if (theirs.tradeState !== 'SUCCESS') return ours?.status === 'succeeded' ? 'payment_state' : undefined;
  if (ours === undefined) return 'payment_missing_here';
  if (ours.amountFen !== theirs.amountFen) return 'payment_amount';
  if (ours.status !== 'succeeded' || ours.transactionId !== theirs.transactionId) return 'payment_state';
  return undefined;
}

export interface BilledRefund {
  /** SUCCESS, PROCESSING, FAIL (ended unpaid) or CHANGE (the account cannot be reached), and never updated. */
  refundState: string;
  refundFen: number;
}

export interface BookedRefund {
  status: string;
  amountFen: number;
  succeededAt: Date | null;
}

/** Where a refund of ours may honestly stand hours after the bill showed it like this. */
const FITTING: Readonly<Record<string, readonly string[]>> = {
  SUCCESS: ['succeeded'],
  PROCESSING: ['processing', 'abnormal', 'succeeded', 'failed'],
  CHANGE: ['abnormal', 'failed'],
  FAIL: ['failed'],
};

/** How a refund of the bill differs from ours, if it does. `dayEnd`: the first moment after the bill's day. */
export function compareRefund(
  theirs: BilledRefund,
  ours: BookedRefund | undefined,
  dayEnd: Date,
): DifferenceKind | undefined {
  if (ours === undefined) return 'refund_missing_here';
  if (ours.amountFen !== theirs.refundFen) return 'refund_amount';
  const fitting = FITTING[theirs.refundState] ?? FITTING.PROCESSING ?? [];
  if (fitting.includes(ours.status)) return undefined;
  // An account that could not be reached was perhaps mended by hand since.
  const wasMended =
    theirs.refundState === 'CHANGE' &&
    ours.status === 'succeeded' &&
    ours.succeededAt !== null &&
    ours.succeededAt >= dayEnd;
  return wasMended ? undefined : 'refund_state';
}

/** The clocks of two houses, and the seconds between a payment and its booking: what lies this near midnight may be in either day's bill. */
export const EDGE_MS = 10 * 60_000;

/** A stretch of time; its end is not part of it. */
export interface Stretch {
  from: Date;
  until: Date;
}

/**
 * Whose absence from a day's bill can be judged: everything of the day, but what lies near a midnight only when the bill
 * on the other side of it is known as well, and then on both of its sides.
 */
export function judgeable(day: Stretch, known: { dayBefore: boolean; dayAfter: boolean }): Stretch {
  return {
    from: new Date(day.from.getTime() + (known.dayBefore ? -EDGE_MS : EDGE_MS)),
    until: new Date(day.until.getTime() + (known.dayAfter ? EDGE_MS : -EDGE_MS)),
  };
}

/**
 * How a difference can be mended from the panel. ask_payment, ask_refund: WeChat is asked and its word taken over ·
 * return_surplus: the later of two payments goes back. Undefined where only a person can act, in WeChat's own console.
 */
export type Mend = 'ask_payment' | 'ask_refund' | 'return_surplus';

export function mendOf(kind: DifferenceKind, known: { payment: boolean; refund: boolean }): Mend | undefined {
  if (kind === 'payment_double') return known.payment ? 'return_surplus' : undefined;
  if (kind.startsWith('refund_')) return known.refund ? 'ask_refund' : undefined;
  return known.payment ? 'ask_payment' : undefined;
}
