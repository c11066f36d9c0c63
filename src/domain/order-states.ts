/**
 * The life of an order: one table. The types, the guard and the answer `allowed[]` come from it; tests hold the enum in
 * the content type and the picture in docs/architecture.md to it. Events are what happened, statuses are what is; a
 * client never sends a status.
 */
import { Refusal } from './refusal';

export const ORDER_STATUSES = [
  'pending',
  'paid',
  'shipped',
  'completed',
  'cancelled',
  'refunding',
  'refunded',
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** Who may cause an event. `settlement` is the payment code acting on WeChat's word. */
export const ORDER_ACTORS = ['shopper', 'staff', 'system', 'settlement'] as const;
export type OrderActor = (typeof ORDER_ACTORS)[number];

interface Transition {
  from: readonly OrderStatus[];
  /** `previous`: back to the status the refund was asked from. */
  to: OrderStatus | 'previous';
  by: readonly OrderActor[];
}

export const ORDER_TRANSITIONS = {
  pay: { from: ['pending'], to: 'paid', by: ['settlement'] },
  cancel: { from: ['pending'], to: 'cancelled', by: ['shopper', 'staff'] },
  expire: { from: ['pending'], to: 'cancelled', by: ['system'] },
  // Late money for a dead order whose stock could be taken again.
  revive: { from: ['cancelled'], to: 'paid', by: ['settlement'] },
  ship: { from: ['paid'], to: 'shipped', by: ['staff', 'system'] },
  requestRefund: {
    from: ['paid', 'shipped', 'completed'],
    to: 'refunding',
    by: ['shopper', 'staff', 'system'],
  },
  // By the system when Haier refuses to cancel the order a refund waits for.
  refundRejected: { from: ['refunding'], to: 'previous', by: ['staff', 'system'] },
  refundFailed: { from: ['refunding'], to: 'previous', by: ['system', 'settlement'] },
  refundSucceeded: { from: ['refunding'], to: 'refunded', by: ['settlement'] },
  confirmReceipt: { from: ['shipped'], to: 'completed', by: ['shopper'] },
  autoComplete: { from: ['shipped'], to: 'completed', by: ['system'] },
} as const satisfies Record<string, Transition>;

export type OrderEvent = keyof typeof ORDER_TRANSITIONS;
export const ORDER_EVENTS = Object.keys(ORDER_TRANSITIONS) as OrderEvent[];

/** The events that may follow `status`, for the answer to a refused one. */
export function allowedEvents(status: OrderStatus, actor?: OrderActor): OrderEvent[] {
  return ORDER_EVENTS.filter((event) => {
    const transition: Transition = ORDER_TRANSITIONS[event];
    return transition.from.includes(status) && (actor === undefined || transition.by.includes(actor));
  });
}

/** Where an order stands, as far as the table needs to know it. */
export interface OrderPosition {
  status: OrderStatus;
  /** The status a refund in progress was asked from. */
  statusBeforeRefund?: OrderStatus | null;
}

/**
 * The status after `event`. Throws ORDER_STATE_CONFLICT, with the present status and what this actor may do now, when
 * the table has no such move.
 */
export function nextStatus(position: OrderPosition, event: OrderEvent, actor: OrderActor): OrderStatus {
  const transition: Transition = ORDER_TRANSITIONS[event];
  if (!transition.from.includes(position.status) || !transition.by.includes(actor)) {
    throw orderStateConflict(position.status, actor);
  }
  if (transition.to !== 'previous') return transition.to;
  if (position.statusBeforeRefund === undefined || position.statusBeforeRefund === null) {
    throw new Error('an order in refund does not know the status it came from');
  }
  return position.statusBeforeRefund;
}

/** The refusal of an event the order's status does not allow. */
export function orderStateConflict(status: OrderStatus, actor: OrderActor): Refusal {
  return new Refusal('ORDER_STATE_CONFLICT', { details: { status, allowed: allowedEvents(status, actor) } });
}
