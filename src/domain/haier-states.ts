/**
 * What Haier makes of an order: one table. `haierStatus` is beside the order's own status and never in its place: a call-back
 * that has no move here changes nothing, so a late confirmation cannot undo a cancel.
 */
import { Refusal } from './refusal';

export const HAIER_STATUSES = [
  'none',
  'push_pending',
  'push_failed',
  'pushed',
  'confirmed',
  'confirm_refused',
  'out_of_stock',
  'cancel_pending',
  'cancelled',
  'cancel_refused',
] as const;
export type HaierStatus = (typeof HAIER_STATUSES)[number];

interface Transition {
  from: readonly HaierStatus[];
  to: HaierStatus;
}

export const HAIER_TRANSITIONS = {
  promisePush: { from: ['none'], to: 'push_pending' },
  pushed: { from: ['push_pending', 'push_failed'], to: 'pushed' },
  pushFailed: { from: ['push_pending'], to: 'push_failed' },
  pushAgain: { from: ['push_failed', 'confirm_refused', 'out_of_stock'], to: 'push_pending' },
  // YLH may call back before it has answered the push.
  confirmed: { from: ['push_pending', 'push_failed', 'pushed'], to: 'confirmed' },
  refused: { from: ['push_pending', 'push_failed', 'pushed', 'cancel_refused'], to: 'confirm_refused' },
  outOfStock: {
    from: ['push_pending', 'push_failed', 'pushed', 'confirmed', 'cancel_refused'],
    to: 'out_of_stock',
  },
  askCancel: {
    from: ['push_pending', 'push_failed', 'pushed', 'confirmed', 'cancel_refused'],
    to: 'cancel_pending',
  },
  cancelDone: {
    from: [
      'push_pending',
      'push_failed',
      'pushed',
      'confirmed',
      'confirm_refused',
      'out_of_stock',
      'cancel_pending',
      'cancel_refused',
    ],
    to: 'cancelled',
  },
  cancelRefused: { from: ['cancel_pending'], to: 'cancel_refused' },
  // Never sent, or certainly refused: nobody needs to be asked.
  withdraw: { from: ['push_pending', 'push_failed'], to: 'cancelled' },
} as const satisfies Record<string, Transition>;

export type HaierEvent = keyof typeof HAIER_TRANSITIONS;
export const HAIER_EVENTS = Object.keys(HAIER_TRANSITIONS) as HaierEvent[];

/** What is written down about an order at Haier without moving it. */
export const HAIER_NOTES = [
  'handled',
  'rescheduled',
  'askedAgain',
  'refundedAnyway',
  'partlyRejected',
  'unclear',
] as const;
export type HaierNote = (typeof HAIER_NOTES)[number];

/** How these stand in an order's history, apart from the events of its own life. */
export type HaierHistoryEvent = `haier:${HaierEvent | HaierNote}`;
export const HAIER_HISTORY_EVENTS: HaierHistoryEvent[] = [...HAIER_EVENTS, ...HAIER_NOTES].map(
  (event) => `haier:${event}` as const,
);

/** The status after `event`; undefined when the table has no such move. */
export function nextHaierStatus(status: HaierStatus, event: HaierEvent): HaierStatus | undefined {
  const { from, to }: Transition = HAIER_TRANSITIONS[event];
  return from.includes(status) ? to : undefined;
}

/** YLH has the order, or may have it, and has not let go of it. */
export const AT_HAIER: readonly HaierStatus[] = ['pushed', 'confirmed', 'cancel_refused'];

/** Nothing comes of the order at Haier any more. */
export const ENDED_AT_HAIER: readonly HaierStatus[] = [
  'none',
  'confirm_refused',
  'out_of_stock',
  'cancelled',
];

/** The refusal of what the order's state at Haier does not allow. */
export const haierStateConflict = (haierStatus: HaierStatus, status: string): Refusal =>
  new Refusal('ORDER_STATE_CONFLICT', {
    sentence: {
      zh: '订单在海尔的当前状态不能进行此操作',
      en: 'The order is not in a state at Haier that allows this',
    },
    details: { status, haierStatus, allowed: [] },
  });
