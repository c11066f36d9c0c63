/** What staff do about Haier orders: the buttons of the work list. */
import { haierStateConflict } from '../../../domain/haier-states';
import { notFound } from '../../../domain/refusal';
import { clock } from '../../../platform/clock';
import { inTransaction, type Tx } from '../../../platform/database';
import { enqueue, hasten } from '../../../platform/outbox';
import { isDocumentId } from '../../../platform/request';
import type { Actor, OrderRow } from '../../order/order-rows';
import { lockOrder } from '../../order/services/lifecycle';
import { findAskedRefund, releaseHeldRefund } from '../../payment/services/held-refunds';
import { approveRefund, startRefund } from '../../payment/services/refund-requests';
import { allowedActions, findHaierOrder, type HaierOrder, type OrderAction } from '../queries/haier-orders';
import { promiseCancel } from './cancelling';
import { haierKey, moveAtHaier, noteAtHaier } from './haier-lifecycle';

/** Reads a Haier order. Throws NOT_FOUND. */
export async function readHaierOrder(documentId: string): Promise<HaierOrder> {
  const found = isDocumentId(documentId) ? await findHaierOrder(documentId) : undefined;
  if (found === undefined) throw notFound();
  return found;
}

/** Runs `work` with the order locked, when the action fits. Throws NOT_FOUND, ORDER_STATE_CONFLICT. */
async function act(
  documentId: string,
  action: OrderAction,
  work: (tx: Tx, order: OrderRow) => Promise<unknown>,
): Promise<void> {
  const { order: found } = await readHaierOrder(documentId);
  await inTransaction(async (tx) => {
    const order = await lockOrder(tx, { id: found.id });
    // Judged once more under the lock: two people press at once.
    const current = await readHaierOrder(documentId);
    if (!allowedActions(current).includes(action)) throw haierStateConflict(order.haierStatus, order.status);
    await work(tx, order);
  });
}

/** After a refusal the same so id would be taken for the refused push: the next push has a key of its own. */
function nextSoId({ orderNumber, haierSoId }: OrderRow): string {
  const [, count = '1'] = /-(\d+)$/.exec(haierSoId ?? '') ?? [];
  return `${orderNumber}-${Number(count) + 1}`;
}

const newPush = (order: OrderRow) => ({
  haierSoId: nextSoId(order),
  haierOrderNo: null,
  haierPushAttemptedAt: null,
});

/** Pushes an order again that did not get through, or that Haier refused. Throws NOT_FOUND, ORDER_STATE_CONFLICT. */
export const pushAgain = (documentId: string, actor: Actor): Promise<void> =>
  act(documentId, 'push', async (tx, order) => {
    if (order.haierStatus !== 'push_pending')
      await moveAtHaier(tx, order, {
        event: 'pushAgain',
        actor,
        facts: {
          haierPushPromisedAt: clock.now(),
          ...(order.haierStatus === 'push_failed' ? {} : newPush(order)),
        },
      });
    await enqueue(tx, [{ topic: 'haier.push', payload: { orderId: order.id }, key: haierKey(order) }]);
    await hasten(tx, haierKey(order));
  });

/**
 * Asks Haier to cancel, so that the money can go back on its yes; asks once more where the verdict is overdue. Throws NOT_FOUND,
 * ORDER_STATE_CONFLICT, PAYMENT_CONFLICT.
 */
export const cancelForStaff = (
  documentId: string,
  { reason }: { reason: string },
  actor: Actor,
): Promise<void> =>
  act(documentId, 'cancel', async (tx, order) => {
    if (order.haierStatus === 'cancel_pending') {
      await noteAtHaier(tx, order, { note: 'askedAgain', actor, words: reason });
      return promiseCancel(tx, order, reason);
    }
    const asked = await findAskedRefund(tx, order);
    if (asked !== undefined) await approveRefund(asked.documentId, { reason }, actor);
    else await startRefund(documentId, { reason }, actor);
  });

/** Where Haier has had its say, or had its time to: the money goes back without asking. */
const WITHOUT_ASKING = new Set<OrderRow['haierStatus']>(['cancel_refused', 'cancel_pending']);

/**
 * Gives the money of an order back that Haier does not deliver, or whose cancel it has refused or not answered. Throws NOT_FOUND,
 * ORDER_STATE_CONFLICT, PAYMENT_CONFLICT.
 */
export const refundForStaff = (
  documentId: string,
  { reason }: { reason: string },
  actor: Actor,
): Promise<void> =>
  act(documentId, 'refund', async (tx, order) => {
    const asked = await findAskedRefund(tx, order);
    if (asked !== undefined) return void (await approveRefund(asked.documentId, { reason }, actor));
    const withoutAsking = WITHOUT_ASKING.has(order.haierStatus);
    const current = withoutAsking
      ? await noteAtHaier(tx, order, { note: 'refundedAnyway', actor, words: reason })
      : order;
    if (await releaseHeldRefund(tx, current, actor)) return;
    await startRefund(documentId, { reason, withoutAsking }, actor);
  });

/** Staff have dealt with an order: it leaves the work list until something else happens. Throws NOT_FOUND, ORDER_STATE_CONFLICT. */
export const markHandled = (documentId: string, { note }: { note?: string }, actor: Actor): Promise<void> =>
  act(documentId, 'handled', (tx, order) =>
    noteAtHaier(tx, order, {
      note: 'handled',
      actor,
      words: note ?? '',
      facts: { haierHandledAt: clock.now() },
    }),
  );

export default () => ({ pushAgain, cancelForStaff, refundForStaff, markHandled });
