/**
 * Handing paid orders to YLH. The so id stands on the order before anything is sent, and a repeat with it is no second order: what
 * dies on the way is simply tried again.
 */
import { clock } from '../../../platform/clock';
import { fetchRow, inTransaction, query, type Tx } from '../../../platform/database';
import { ORDER_UID, type OrderRow } from '../../order/order-rows';
import { lockOrder } from '../../order/services/lifecycle';
import { type PushOutcome, supplier } from '../supplier';
import { letGoUnsent } from './cancelling';
import { applyHaierEvent, HAIER, keepFacts, promisePush, toWords } from './haier-lifecycle';
import { buildPush, missingForPush } from './push-payload';
import { tellStaff } from './telling';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
/** A push is done or in the work list four minutes after its promise; the last try may itself take most of a minute. */
const GIVE_UP_MS = 3 * MINUTE_MS;
const FIRST_PAUSE_MS = 5 * SECOND_MS;
const LONGEST_PAUSE_MS = 45 * SECOND_MS;
/** From the work list it goes on by itself, for a day. */
const RETRY_FROM_LIST_MS = 15 * MINUTE_MS;
const RETRY_FOR_MS = 24 * 60 * MINUTE_MS;
/** While a refund is asked for, nobody knows yet whether the order is to be delivered. */
const LOOK_AGAIN_MS = 5 * MINUTE_MS;

const after = (ms: number): Date => new Date(clock.now().getTime() + ms);

const ageMs = ({ haierPushPromisedAt, paidAt, createdAt }: OrderRow): number =>
  clock.now().getTime() - (haierPushPromisedAt ?? paidAt ?? createdAt).getTime();

const isPushable = ({ haierStatus }: OrderRow): boolean =>
  haierStatus === 'push_pending' || haierStatus === 'push_failed';

interface Attempt {
  order: OrderRow;
  /** An earlier try may have been taken, so a no of this one is not certain. */
  wasUncertain: boolean;
}

/** What the lock on the order reveals: something to push, a later look, or nothing to do. */
async function begin(tx: Tx, orderId: number): Promise<Attempt | Date | undefined> {
  let order = await lockOrder(tx, { id: orderId });
  // Paid before pushes were promised with the money.
  if (order.haierStatus === 'none' && order.status === 'paid') order = await promisePush(tx, order);
  if (!isPushable(order)) return undefined;
  if (order.status === 'refunding') return after(LOOK_AGAIN_MS);
  if (order.status !== 'paid') return undefined;
  const missing = missingForPush(order);
  if (missing !== undefined) {
    await fail(tx, order, missing);
    return undefined;
  }
  const wasUncertain = order.haierPushAttemptedAt !== null;
  // Written before YLH hears of it: whoever cancels from now on asks YLH first.
  const haierPushAttemptedAt = order.haierPushAttemptedAt ?? clock.now();
  return { order: await keepFacts(tx, order, { haierPushAttemptedAt }), wasUncertain };
}

/** Into the work list, with the words of whoever said no; staff are told once. */
async function fail(tx: Tx, order: OrderRow, message: string): Promise<void> {
  const facts = { haierFailMessage: message };
  const failed = await applyHaierEvent(tx, order, {
    event: 'pushFailed',
    actor: HAIER,
    words: message,
    facts,
  });
  if (failed === undefined) await keepFacts(tx, order, { haierFailMessage: toWords(message) });
  else await tellStaff(tx, failed, '订单推送海尔失败，请处理', toWords(message));
}

/** When to try again what did not get through; undefined when a day has passed. */
function nextTry(order: OrderRow): Date | undefined {
  const age = ageMs(order);
  if (age >= RETRY_FOR_MS) return undefined;
  if (age >= GIVE_UP_MS) return after(RETRY_FROM_LIST_MS);
  return after(Math.min(Math.max(age / 2, FIRST_PAUSE_MS), LONGEST_PAUSE_MS));
}

async function concludePushed(
  tx: Tx,
  order: OrderRow,
  { haierOrderNo, wasThere }: Extract<PushOutcome, { kind: 'pushed' }>,
): Promise<void> {
  const facts = { haierOrderNo: order.haierOrderNo ?? haierOrderNo };
  const words = wasThere ? '此前已推送' : undefined;
  const pushed = await applyHaierEvent(tx, order, {
    event: 'pushed',
    actor: HAIER,
    words,
    facts: { ...facts, haierFailMessage: null },
  });
  // A call-back or a cancel came first; the number is worth keeping all the same.
  if (pushed === undefined) await keepFacts(tx, order, facts);
}

/** Lets the outcome of one try have its effect; returns when to try again. */
async function conclude(
  tx: Tx,
  { order: begun, wasUncertain }: Attempt,
  outcome: PushOutcome,
): Promise<Date | undefined> {
  let order = await lockOrder(tx, { id: begun.id });
  // Another push than the one that was tried: staff began it anew meanwhile.
  if (order.haierSoId !== begun.haierSoId) return undefined;
  if (outcome.kind === 'pushed') {
    await concludePushed(tx, order, outcome);
    return undefined;
  }
  const isCertain = outcome.kind !== 'unknown' && !wasUncertain;
  if (isCertain) order = await keepFacts(tx, order, { haierPushAttemptedAt: null });
  if (order.haierStatus === 'cancel_pending' && isCertain) {
    await letGoUnsent(tx, order, outcome.message);
    return undefined;
  }
  if (!isPushable(order)) return undefined;
  const again = outcome.kind === 'refused' ? undefined : nextTry(order);
  const isGivenUp = outcome.kind === 'refused' || ageMs(order) >= GIVE_UP_MS;
  if (isGivenUp) await fail(tx, order, outcome.message);
  else await keepFacts(tx, order, { haierFailMessage: toWords(outcome.message) });
  return again;
}

/**
 * Hands one paid order to YLH. Applied twice it is one push. Until YLH has taken or refused it the answer is when to try again;
 * an order that is not paid, or not to be delivered any more, is left alone.
 */
export async function pushOrder(orderId: number): Promise<Date | void> {
  const found = await fetchRow<OrderRow>(ORDER_UID, query(ORDER_UID).where({ id: orderId }));
  if (found?.productSource !== 'haier') return;
  const begun = await inTransaction((tx) => begin(tx, orderId));
  if (begun === undefined || begun instanceof Date) return begun;
  const outcome = await supplier().pushOrder(buildPush(begun.order));
  return inTransaction((tx) => conclude(tx, begun, outcome));
}

export default () => ({ pushOrder });
