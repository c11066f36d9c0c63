/**
 * YLH's call-backs. Inbox row, move and effect are one transaction, order by order: a repetition finds the row and changes nothing,
 * and what the table of states has no move for is kept and changes nothing either.
 */
import type { HaierStatus } from '../../../domain/haier-states';
import { clock } from '../../../platform/clock';
import { fetchRow, inTransaction, query, type Tx } from '../../../platform/database';
import { receiveCallback, recordRubbish, setOutcome } from '../../callback/inbox';
import { notifyStaff } from '../../notification/notify';
import { ORDER_HISTORY_UID, ORDER_UID, type OrderRow } from '../../order/order-rows';
import { lockOrder } from '../../order/services/lifecycle';
import { type RefusalPolicy, supplier } from '../supplier';
import { concludeRefused, releaseMoney } from './cancelling';
import { applyHaierEvent, HAIER, type HaierFacts, keepFacts, noteAtHaier, toWords } from './haier-lifecycle';
import { applyLoss } from './losses';

/** A call-back whose signature and age are right. */
export interface CallbackDelivery {
  /** The same for every repetition of one event. */
  eventId: string;
  event: 'confirm' | 'cancel' | 'out_of_stock';
  /** Ours; never blank. */
  orderNumber: string;
  /** Null when blank: it matches nothing. */
  haierOrderNo: string | null;
  state: 'done' | 'failed' | 'partly';
  failMessage: string | null;
  /** Totals as of now; null where the call-back has none. */
  quantities: { productCode: string; received: number; returned: number; rejected: number }[] | null;
  sentAt: Date;
  rawBody: string;
}

export type CallbackOutcome = 'applied' | 'repeated' | 'ignored' | 'unknown_order';

const SOURCE = 'ylh';
/** Each of these is a new question, and an answer in the same words is another event. */
const QUESTIONS = ['haier:promisePush', 'haier:pushAgain', 'haier:askCancel', 'haier:askedAgain'];

/** Our number, or the so id of a later push; Haier's own number is never looked up by. */
async function findCalledOrder(tx: Tx, number: string): Promise<OrderRow | undefined> {
  const haierOrders = () => query(ORDER_UID, tx).where('product_source', 'haier');
  return (
    (await fetchRow<OrderRow>(ORDER_UID, haierOrders().where('order_number', number))) ??
    (await fetchRow<OrderRow>(ORDER_UID, haierOrders().where('haier_so_id', number)))
  );
}

async function countQuestions(tx: Tx, order: OrderRow): Promise<number> {
  const [row] = (await query(ORDER_HISTORY_UID, tx)
    .where('order_id', order.id)
    .whereIn('event', QUESTIONS)
    .count({ total: '*' })) as { total: number | string }[];
  return Number(row?.total ?? 0);
}

/** What a call-back teaches whatever it moves: Haier's number where we had none, and the quantities as they are now. */
function learn(order: OrderRow, delivery: CallbackDelivery): HaierFacts {
  const { quantities, haierOrderNo, sentAt } = delivery;
  const known = order.haierQuantities as { asOf?: string } | null;
  // An older call-back that comes later knows less.
  const isNews = quantities !== null && !((known?.asOf ?? '') > sentAt.toISOString());
  return {
    ...(order.haierOrderNo === null && haierOrderNo !== null ? { haierOrderNo } : {}),
    ...(isNews ? { haierQuantities: { asOf: sentAt.toISOString(), items: quantities } } : {}),
  };
}

async function raiseConcern(
  tx: Tx,
  order: OrderRow,
  concern: 'partly_rejected' | 'unclear_callback',
  words: string,
): Promise<void> {
  const facts = { haierConcern: concern, haierConcernAt: clock.now() };
  const note = concern === 'partly_rejected' ? 'partlyRejected' : 'unclear';
  await noteAtHaier(tx, order, { note, actor: HAIER, words, facts });
  const title = concern === 'partly_rejected' ? '海尔部分取消订单，请处理' : '海尔回调与订单不符，请核对';
  await notifyStaff(tx, {
    type: 'order',
    title,
    content: `订单 ${order.orderNumber}：${toWords(words)}`,
    data: { order: order.documentId },
  });
}

const OVER: readonly HaierStatus[] = ['none', 'cancelled'];

/**
 * A call-back nothing came of, and that does not fit what the shop believes: Haier goes on with an order nobody pushed or that
 * was withdrawn, or takes back what it confirmed. A late or doubled one says nothing new.
 */
function findContradiction(order: OrderRow, { event, state }: CallbackDelivery): string | undefined {
  const isGoing = event === 'confirm' && state === 'done';
  if (isGoing && OVER.includes(order.haierStatus) && order.haierOrderNo === null)
    return '海尔确认了一个未推送或已撤回的订单';
  if (event === 'confirm' && state === 'failed' && order.haierStatus === 'confirmed')
    return '海尔先确认后又拒绝了订单';
  if (event === 'confirm' && state === 'partly') return '海尔部分确认了订单';
  return undefined;
}

async function applyConfirm(
  tx: Tx,
  order: OrderRow,
  delivery: CallbackDelivery,
  policy: RefusalPolicy,
): Promise<boolean> {
  if (delivery.state === 'done') {
    const facts = { haierFailMessage: null };
    return (await applyHaierEvent(tx, order, { event: 'confirmed', actor: HAIER, facts })) !== undefined;
  }
  if (delivery.state === 'partly') return false;
  return applyLoss(tx, order, { loss: 'refused', message: delivery.failMessage ?? '海尔拒绝了订单', policy });
}

const isRejectedAtDoor = ({ quantities }: CallbackDelivery): boolean =>
  (quantities ?? []).some(({ returned, rejected }) => returned > 0 || rejected > 0);

async function applyCancel(
  tx: Tx,
  order: OrderRow,
  delivery: CallbackDelivery,
  policy: RefusalPolicy,
): Promise<boolean> {
  const message = delivery.failMessage ?? undefined;
  if (delivery.state === 'partly') {
    await raiseConcern(tx, order, 'partly_rejected', message ?? '海尔只取消了一部分');
    return true;
  }
  if (delivery.state === 'failed')
    return (await concludeRefused(tx, order, message ?? '海尔未说明原因')) !== undefined;
  if (order.haierStatus === 'cancel_pending') {
    const cancelled = await applyHaierEvent(tx, order, { event: 'cancelDone', actor: HAIER, words: message });
    if (cancelled !== undefined) await releaseMoney(tx, cancelled);
    return cancelled !== undefined;
  }
  const loss = isRejectedAtDoor(delivery) ? 'rejected' : 'cancelled';
  return applyLoss(tx, order, { loss, message: message ?? '海尔取消了订单', policy });
}

function apply(tx: Tx, order: OrderRow, delivery: CallbackDelivery, policy: RefusalPolicy): Promise<boolean> {
  switch (delivery.event) {
    case 'confirm':
      return applyConfirm(tx, order, delivery, policy);
    case 'cancel':
      return applyCancel(tx, order, delivery, policy);
    case 'out_of_stock':
      return applyLoss(tx, order, {
        loss: 'out_of_stock',
        message: delivery.failMessage ?? '海尔缺货',
        policy,
      });
  }
}

async function applyOnce(
  tx: Tx,
  order: OrderRow,
  delivery: CallbackDelivery,
  policy: RefusalPolicy,
): Promise<CallbackOutcome> {
  const { haierOrderNo } = delivery;
  if (order.haierOrderNo !== null && haierOrderNo !== null && order.haierOrderNo !== haierOrderNo) {
    await raiseConcern(tx, order, 'unclear_callback', `海尔订单号不符：${haierOrderNo}`);
    return 'ignored';
  }
  const facts = learn(order, delivery);
  const known = Object.keys(facts).length === 0 ? order : await keepFacts(tx, order, facts);
  if (await apply(tx, known, delivery, policy)) return 'applied';
  const contradiction = findContradiction(order, delivery);
  if (contradiction !== undefined) await raiseConcern(tx, known, 'unclear_callback', contradiction);
  return 'ignored';
}

async function keepUnknown(tx: Tx, delivery: CallbackDelivery): Promise<void> {
  await notifyStaff(tx, {
    type: 'order',
    title: '收到无法对应的易理货回调，请核对',
    content: `没有对应的订单：${toWords(delivery.orderNumber)}`,
    data: { event: delivery.eventId },
  });
}

/**
 * Lets a call-back have its effect, once. Resolves when it is kept and applied, also when nothing comes of it. Not inside a
 * transaction: the policy is read first.
 */
export async function receiveDelivery(delivery: CallbackDelivery): Promise<CallbackOutcome> {
  const { onRefusal } = await supplier().readPolicy();
  return inTransaction(async (tx) => {
    const found = await findCalledOrder(tx, delivery.orderNumber);
    // Copies that arrive together wait here for each other; the inbox tells the second one apart.
    const order = found === undefined ? undefined : await lockOrder(tx, { id: found.id });
    const questions = order === undefined ? 0 : await countQuestions(tx, order);
    const eventId = `${delivery.eventId}:${questions}`;
    const isFirst = await receiveCallback(tx, {
      source: SOURCE,
      eventId,
      rawBody: Buffer.from(delivery.rawBody),
      verified: true,
      outcome: 'received',
      detail: `${delivery.event} ${delivery.state} ${delivery.orderNumber}`.slice(0, 500),
    });
    if (!isFirst) return 'repeated';
    if (order === undefined) await keepUnknown(tx, delivery);
    const outcome = order === undefined ? 'unknown_order' : await applyOnce(tx, order, delivery, onRefusal);
    await setOutcome(tx, SOURCE, eventId, outcome);
    return outcome;
  });
}

/** Keeps a trace of a call nobody vouches for. */
export const recordRejectedCall = (rubbish: { rawBody: string; reason: string }): Promise<void> =>
  recordRubbish(SOURCE, Buffer.from(rubbish.rawBody), rubbish.reason);

export default () => ({ receiveDelivery, recordRejectedCall });
