/**
 * Writes placements. Those that wait while another transaction is under way are written together in the next one: a
 * product everybody wants is then locked once for many buyers, and each pays a share of the round trips.
 */
import { Refusal } from '../../../domain/refusal';
import { createBatcher } from '../../../platform/batching';
import { inTransaction, insertRows, isOutcomeUnknown, query, type Tx } from '../../../platform/database';
import {
  claimAnswers,
  findAnswer,
  type IdempotentRequest,
  isSameKey,
  type StoredAnswer,
} from '../../../platform/idempotency';
import { enqueue, type NewMessage } from '../../../platform/outbox';
import { announce } from '../../../platform/push';
import { lockStock } from '../../inventory/services/stock';
import { actorLabel, ORDER_HISTORY_UID, ORDER_UID, type OrderRow, shopperActor } from '../order-rows';
import { stockLine } from './lifecycle';
import { isFree, type PreparedPlacement } from './new-orders';
import { settleFreeOrders } from './settlement-effects';
import { keepWithinAllowances, type Wanted } from './supplier-allowance';

/** A line of the cart is gone or holds another quantity than was read: the basket must be read again. */
export class CartChangedError extends Error {
  override name = 'CartChangedError';
}

export interface PlacedAnswer extends StoredAnswer {
  /** The same request had been answered before; this is that answer. */
  isReplayed?: boolean;
}

/** Waiting placements of one round: enough to share a round trip, few enough that a lock is not held for long. */
const MAX_ROUND = 32;
/** One round at a time costs each buyer the least; one that waits for a lock somebody else holds is overtaken. */
const MAX_ROUNDS_IN_FLIGHT = 4;
const OVERTAKE_AFTER_MS = 30;

const historyOf = (order: OrderRow, { placement }: PreparedPlacement) => {
  const actor = shopperActor(placement.shopper);
  return {
    orderId: order.id,
    from: null,
    to: 'pending',
    event: 'place',
    actorType: actor.type,
    actorId: actor.id,
    actorName: actor.name,
  };
};

const deadlineOf = (order: OrderRow, { origin }: PreparedPlacement): NewMessage => ({
  origin,
  topic: 'order.expire',
  payload: { orderId: order.id },
  availableAt: order.expiresAt ?? undefined,
});

const toWanted = ({ productDocumentId, productId, quantity }: OrderRow): Wanted => ({
  product: productDocumentId,
  productId: productId ?? 0,
  quantity,
});

/** Cart lines that somebody else's request has just ordered, or that were changed, must not be ordered as they were. */
async function removeCartLines(tx: Tx, prepared: PreparedPlacement[]): Promise<void> {
  const lines = prepared.flatMap(({ cartLines }) => cartLines.map(({ id, quantity }) => [id, quantity]));
  if (lines.length === 0) return;
  const removed = await query('api::cart.cart-item', tx).whereIn(['id', 'quantity'], lines).delete();
  if (removed !== lines.length) throw new CartChangedError('the cart was changed while it was being ordered');
}

async function write(tx: Tx, prepared: PreparedPlacement[]): Promise<void> {
  const owners = prepared.flatMap((one) => one.orders.map(() => one));
  const orders = await insertRows(
    ORDER_UID,
    tx,
    prepared.flatMap((one) => one.orders),
  );
  const owned = orders.map((order, index) => ({ order, owner: owners[index] as PreparedPlacement }));
  await insertRows(
    ORDER_HISTORY_UID,
    tx,
    owned.map(({ order, owner }) => historyOf(order, owner)),
  );
  const unpaid = owned.filter(({ order }) => !isFree(order));
  await enqueue(
    tx,
    unpaid.map(({ order, owner }) => deadlineOf(order, owner)),
  );
  await removeCartLines(tx, prepared);
  const supplied = orders.filter((order) => order.productSource !== 'local');
  await keepWithinAllowances(
    tx,
    supplied.map(toWanted),
    prepared.flatMap(({ allowances }) => allowances),
  );
  const local = owned.filter(({ order }) => order.productSource === 'local');
  const operators = new Map(
    local.map(({ order, owner }) => [order.id, actorLabel(shopperActor(owner.placement.shopper))]),
  );
  // Last, because the stock row is the one many buyers want at once: it is held until the commit and no longer.
  await lockStock(
    tx,
    local.map(({ order }) => stockLine(order)),
    ({ orderId }) => operators.get(orderId) ?? '',
  );
  await settleFreeOrders(tx, orders.filter(isFree));
  for (const { id } of orders) announce('order', id);
}

/** Writes them all or none of them. Those whose idempotency key is held by an earlier request are left out. */
async function writeTogether(prepared: PreparedPlacement[]): Promise<Set<IdempotentRequest>> {
  return inTransaction(async (tx) => {
    const held = await claimAnswers(
      tx,
      prepared.flatMap(({ placement: { idempotent }, answer }) =>
        idempotent === undefined ? [] : [{ request: idempotent, answer }],
      ),
    );
    const isOurs = ({ placement: { idempotent } }: PreparedPlacement) =>
      idempotent === undefined || !held.has(idempotent);
    const ours = prepared.filter(isOurs);
    if (ours.length > 0) await write(tx, ours);
    return held;
  });
}

async function answerOf(
  { placement: { idempotent }, answer }: PreparedPlacement,
  held: Set<IdempotentRequest>,
): Promise<PlacedAnswer> {
  if (idempotent === undefined || !held.has(idempotent)) return answer;
  const earlier = await findAnswer(idempotent);
  if (earlier === undefined) throw new Refusal('IDEMPOTENCY_CONFLICT');
  return { ...earlier, isReplayed: true };
}

async function writeAlone(prepared: PreparedPlacement): Promise<PlacedAnswer> {
  return answerOf(prepared, await writeTogether([prepared]));
}

const outcomeOf = (result: PromiseSettledResult<PlacedAnswer>): PlacedAnswer | Error => {
  if (result.status === 'fulfilled') return result.value;
  return result.reason instanceof Error ? result.reason : new Error(String(result.reason));
};

const settleEach = async (work: Promise<PlacedAnswer>[]): Promise<(PlacedAnswer | Error)[]> =>
  (await Promise.allSettled(work)).map(outcomeOf);

/** True for the second and later of several placements with one key: they take their answer from the first. */
function isRepeat(prepared: PreparedPlacement, index: number, all: PreparedPlacement[]): boolean {
  const { idempotent } = prepared.placement;
  if (idempotent === undefined) return false;
  return all
    .slice(0, index)
    .some(({ placement: earlier }) => earlier.idempotent && isSameKey(earlier.idempotent, idempotent));
}

async function writeRound(prepared: PreparedPlacement[]): Promise<(PlacedAnswer | Error)[]> {
  const first = prepared.filter((one, index, all) => !isRepeat(one, index, all));
  const outcomes = new Map<PreparedPlacement, PlacedAnswer | Error>();
  const keep = (of: PreparedPlacement[], results: (PlacedAnswer | Error)[]) =>
    of.forEach((one, index) => outcomes.set(one, results[index] as PlacedAnswer | Error));
  try {
    const held = await writeTogether(first);
    keep(first, await settleEach(first.map((one) => answerOf(one, held))));
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    // What may have been written is not written again: without a key it would be a second order.
    const isFinal = first.length === 1 || isOutcomeUnknown(error);
    // One that cannot be written (the last piece, a number that is taken) must not fail its neighbours.
    keep(first, isFinal ? first.map(() => failure) : await settleEach(first.map(writeAlone)));
  }
  const repeats = prepared.filter((one) => !outcomes.has(one));
  keep(repeats, await settleEach(repeats.map(writeAlone)));
  return prepared.map((one) => outcomes.get(one) as PlacedAnswer | Error);
}

/**
 * Writes a placement, or nothing of it: orders, history, ledger, deadline, cart, idempotency key. Resolves once the
 * commit is certain. Throws OUT_OF_STOCK, IDEMPOTENCY_CONFLICT, CartChangedError, and the driver's error for a number
 * that is taken. Not for use inside a transaction.
 */
export const writePlacement: (prepared: PreparedPlacement) => Promise<PlacedAnswer> = createBatcher({
  name: 'placement',
  work: writeRound,
  maxSize: MAX_ROUND,
  maxInFlight: MAX_ROUNDS_IN_FLIGHT,
  patienceMs: OVERTAKE_AFTER_MS,
});

export default () => ({ writePlacement });
