/** Another day for the delivery of an order Haier has. */
import { AT_HAIER, haierStateConflict } from '../../../domain/haier-states';
import { Refusal } from '../../../domain/refusal';
import { inTransaction } from '../../../platform/database';
import type { Actor, OrderRow } from '../../order/order-rows';
import { findOrder } from '../../order/services/cancellation';
import { lockOrder } from '../../order/services/lifecycle';
import { type RequestOutcome, supplier } from '../supplier';
import type { Reschedule } from '../validation';
import { noteAtHaier, toWords } from './haier-lifecycle';

/** YLH keeps a booked day by its last second in Beijing (its interface description, 2.2). */
const endOfDay = (day: string): Date => new Date(`${day}T23:59:59+08:00`);

/** True while Haier has the order, and it is on its way or about to be. */
export const canReschedule = ({ haierStatus, haierOrderNo, status, productSource }: OrderRow): boolean =>
  productSource === 'haier' &&
  AT_HAIER.includes(haierStatus) &&
  haierOrderNo !== null &&
  (status === 'paid' || status === 'shipped');

function assertAccepted(outcome: RequestOutcome): void {
  if (outcome.kind === 'accepted') return;
  const words = toWords(outcome.message);
  if (outcome.kind === 'refused')
    throw new Refusal('UPSTREAM_FAILED', {
      sentence: {
        zh: `海尔未接受改约：${words}`,
        en: `Haier has not accepted the new day: ${words}`,
      },
    });
  throw new Refusal('UPSTREAM_UNAVAILABLE', {
    sentence: {
      zh: '海尔暂时没有答复改约，请稍后再试',
      en: 'Haier has not answered about the new day, please try again later',
    },
  });
}

/**
 * Books another day with YLH and keeps it on the order. Booking the same day again does no harm. Throws NOT_FOUND,
 * ORDER_STATE_CONFLICT, UPSTREAM_FAILED (Haier says no), UPSTREAM_UNAVAILABLE (it may or may not have heard).
 */
export async function rescheduleOrder(
  documentId: string,
  { distributionDate, installDate }: Reschedule,
  by: { actor: Actor; userId?: number },
): Promise<OrderRow> {
  const found = await findOrder(documentId, by.userId);
  if (!canReschedule(found) || found.haierOrderNo === null)
    throw haierStateConflict(found.haierStatus, found.status);
  assertAccepted(
    await supplier().reschedule({
      retailOrderNo: found.haierOrderNo,
      distributionDate,
      ...(installDate === undefined ? {} : { installDate }),
    }),
  );
  return inTransaction(async (tx) => {
    const order = await lockOrder(tx, { id: found.id });
    return noteAtHaier(tx, order, {
      note: 'rescheduled',
      actor: by.actor,
      words: `配送 ${distributionDate}${installDate === undefined ? '' : `，安装 ${installDate}`}`,
      facts: {
        distributionTime: endOfDay(distributionDate),
        installTime: installDate === undefined ? null : endOfDay(installDate),
        isDeliveryInstall: installDate === distributionDate,
      },
    });
  });
}

export default () => ({ rescheduleOrder });
