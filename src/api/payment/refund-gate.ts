/**
 * Who must be asked before all the money of an order goes back: whoever already has the order. Payment knows nothing of them;
 * they connect themselves here.
 */
import type { Tx } from '../../platform/database';
import type { Actor, OrderRow } from '../order/order-rows';

export interface RefundAsked {
  actor: Actor;
  reason?: string;
  /** The goods are back already. */
  isGoodsReturned?: boolean;
}

export interface RefundGate {
  /**
   * Called with the order locked, in the transaction that decides to give all its money back. `wait`: the decision stands, and
   * the money stays until `releaseHeldRefund` or `refuseHeldRefund` (`services/held-refunds`). The order comes back as it is now.
   */
  ask(tx: Tx, order: OrderRow, asked: RefundAsked): Promise<{ verdict: 'go' | 'wait'; order: OrderRow }>;
}

const OPEN: RefundGate = { ask: (_tx, order) => Promise.resolve({ verdict: 'go', order }) };

let gate = OPEN;

/** Connects whoever must be asked; called once at start. Without an argument nobody needs to be any more. */
export function connectRefundGate(connected: RefundGate = OPEN): void {
  gate = connected;
}

export const refundGate = (): RefundGate => gate;
