import type { OutboxMessage } from './claim';

/**
 * Each lane has its own slots in every worker, so that work of one kind never waits behind another kind: a refund does
 * not stand behind a hundred thousand deadlines, and a slow WeChat does not keep orders from expiring. `ahead` is how
 * many messages a lane may hold beyond those in its slots: many for quick database work, where looking for the next ones
 * would cost as much as doing them, few for work that waits for others.
 */
export const LANES = {
  /** Somebody waits for the answer. */
  shopper: { slots: 4, ahead: 4 },
  /** Payments and refunds; most of it asks WeChat. */
  money: { slots: 4, ahead: 0 },
  /** Orders on their way to a supplier, who may be slow. */
  supplier: { slots: 8, ahead: 0 },
  /** What time does to orders. Many at once, because deadlines that fall together are met together. */
  deadline: { slots: 16, ahead: 48 },
  /** Jobs of the clock: long, rare, nobody waits. */
  upkeep: { slots: 3, ahead: 0 },
} as const;

export type Lane = keyof typeof LANES;

export interface Attempt {
  /** Aborted when the time limit is over, the worker stops, or the claim was lost to another worker. */
  signal: AbortSignal;
}

/**
 * Does what one message promises. It may run again after a crash, so applied twice it must change nothing the second
 * time. Returning a Date means "not settled, look again then" and does not count as a failure.
 */
export type MessageHandler = (message: OutboxMessage, attempt: Attempt) => Promise<Date | void>;

export interface Topic {
  lane: Lane;
  handle: MessageHandler;
  /** After this the attempt counts as failed, so that a handler that hangs does not keep its slot. */
  timeLimitMs?: number;
  /** For work that comes again by itself: given up, it is due next at this moment instead of being dead. */
  nextTurn?: () => Date;
}
