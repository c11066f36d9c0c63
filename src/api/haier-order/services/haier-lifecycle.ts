/**
 * The one writer of what Haier makes of an order. Every move is one row of the table in `domain/haier-states`, written with the
 * order's row locked, together with its history row.
 */
import {
  type HaierEvent,
  type HaierHistoryEvent,
  type HaierNote,
  haierStateConflict,
  nextHaierStatus,
} from '../../../domain/haier-states';
import { clock } from '../../../platform/clock';
import { insertRow, query, toColumns, type Tx } from '../../../platform/database';
import { enqueue } from '../../../platform/outbox';
import { announce } from '../../../platform/push';
import { type Actor, ORDER_HISTORY_UID, ORDER_UID, type OrderRow } from '../../order/order-rows';

/** Haier's and YLH's word, as far as orders know. */
export const HAIER: Actor = { type: 'system', id: 'haier', name: '海尔' };

/** What a history row's reason holds. */
const MAX_REASON = 255;
const MAX_MESSAGE = 500;
/** Of somebody else's words, in what people are told. */
const MAX_WORDS = 200;

/** What may change on the order beside its status at Haier. */
export type HaierFacts = Partial<
  Pick<
    OrderRow,
    | 'haierOrderNo'
    | 'haierSoId'
    | 'haierFailMessage'
    | 'haierPushPromisedAt'
    | 'haierPushAttemptedAt'
    | 'haierCancelAttemptedAt'
    | 'haierConcern'
    | 'haierConcernAt'
    | 'haierHandledAt'
    | 'haierQuantities'
    | 'distributionTime'
    | 'installTime'
    | 'isDeliveryInstall'
    | 'logistics'
    | 'deliveryImages'
  >
>;

const cut = (text: string, max: number): string =>
  [...text.replaceAll(/\p{Cc}+/gu, ' ').trim()].slice(0, max).join('');

/** Words of the other side as people are told them: on one line, and not endless. */
export const toWords = (text: string): string => cut(text, MAX_WORDS);

/** The messages about one order at Haier are worked one after the other. */
export const haierKey = (order: Pick<OrderRow, 'id'>): string => `order:${order.id}`;

async function write(
  tx: Tx,
  order: OrderRow,
  changes: Partial<OrderRow>,
  history: { event: HaierHistoryEvent; actor: Actor; reason: string },
): Promise<OrderRow> {
  const written = { ...changes, version: order.version + 1, updatedAt: clock.now() };
  const changed = await query(ORDER_UID, tx)
    .where({ id: order.id, haier_status: order.haierStatus, version: order.version })
    .update(toColumns(ORDER_UID, written));
  if (changed !== 1) throw new Error(`order ${order.orderNumber} was changed without its lock`);
  await insertRow(ORDER_HISTORY_UID, tx, {
    orderId: order.id,
    from: order.status,
    to: order.status,
    event: history.event,
    actorType: history.actor.type,
    actorId: history.actor.id,
    actorName: history.actor.name,
    reason: cut(history.reason, MAX_REASON),
  });
  announce('order', order.id);
  return { ...order, ...written };
}

export interface HaierHappening {
  event: HaierEvent;
  actor: Actor;
  /** Haier's words, or a person's. */
  words?: string;
  facts?: HaierFacts;
}

/**
 * Lets an event happen to a locked order. Undefined when the table has no such move: nothing is written, and whoever brought
 * the event keeps it.
 */
export async function applyHaierEvent(
  tx: Tx,
  order: OrderRow,
  { event, actor, words, facts = {} }: HaierHappening,
): Promise<OrderRow | undefined> {
  const to = nextHaierStatus(order.haierStatus, event);
  if (to === undefined) return undefined;
  const { haierFailMessage } = facts;
  const changes: Partial<OrderRow> = {
    ...facts,
    haierStatus: to,
    haierStatusAt: clock.now(),
    ...(typeof haierFailMessage === 'string' ? { haierFailMessage: cut(haierFailMessage, MAX_MESSAGE) } : {}),
  };
  const reason = `${order.haierStatus} → ${to}${words === undefined ? '' : `: ${words}`}`;
  return write(tx, order, changes, { event: `haier:${event}`, actor, reason });
}

/** The same for whoever may not be ignored. Throws ORDER_STATE_CONFLICT. */
export async function moveAtHaier(tx: Tx, order: OrderRow, happening: HaierHappening): Promise<OrderRow> {
  const moved = await applyHaierEvent(tx, order, happening);
  if (moved === undefined) throw haierStateConflict(order.haierStatus, order.status);
  return moved;
}

/** Writes down what was done about a locked order without moving it at Haier. */
export const noteAtHaier = (
  tx: Tx,
  order: OrderRow,
  note: { note: HaierNote; actor: Actor; words: string; facts?: HaierFacts },
): Promise<OrderRow> =>
  write(tx, order, note.facts ?? {}, {
    event: `haier:${note.note}`,
    actor: note.actor,
    reason: note.words,
  });

/** Keeps what has been learnt about a locked order, without a word in its history. */
export async function keepFacts(tx: Tx, order: OrderRow, facts: HaierFacts): Promise<OrderRow> {
  const changes = { ...facts, updatedAt: clock.now() };
  await query(ORDER_UID, tx).where({ id: order.id }).update(toColumns(ORDER_UID, changes));
  announce('order', order.id);
  return { ...order, ...changes };
}

/** A paid Haier order is promised to YLH, in the transaction that takes its money. */
export async function promisePush(tx: Tx, order: OrderRow): Promise<OrderRow> {
  const promised = await moveAtHaier(tx, order, {
    event: 'promisePush',
    actor: HAIER,
    facts: { haierPushPromisedAt: clock.now(), haierSoId: order.orderNumber },
  });
  await enqueue(tx, [{ topic: 'haier.push', payload: { orderId: order.id }, key: haierKey(order) }]);
  return promised;
}

export default () => ({ applyHaierEvent, moveAtHaier, noteAtHaier, keepFacts, promisePush });
