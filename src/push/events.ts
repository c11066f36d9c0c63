/** Which change becomes which message, for whom: presented as the REST route presents it. */
import { NOTIFICATION_UID, type NotificationRow } from '../api/notification/notification-rows';
import { presentNotification } from '../api/notification/presenters/notification';
import { ORDER_UID, type OrderRow } from '../api/order/order-rows';
import { presentOrder } from '../api/order/presenters/order';
import { PAYMENT_UID, type PaymentRow, REFUND_UID, type RefundRow } from '../api/payment/payment-rows';
import { presentPayment, presentRefunds } from '../api/payment/presenters/payment';
import { presentTask } from '../api/task/presenters/task';
import { TASK_UID, type TaskRow } from '../api/task/task-rows';
import { clock } from '../platform/clock';
import { type BaseRow, fetchRows, query } from '../platform/database';
import type { Change, PushEvent } from '../platform/push';

/** The group of the shop's staff. */
export const STAFF = 'staff';

type Ids = Change['id'][];

const byId = <T extends BaseRow>(uid: string, ids: Ids): Promise<T[]> =>
  fetchRows<T>(uid, query(uid).whereIn('id', ids).orderBy('id'));

const event = (type: string, data: unknown, userId: number | null, groups: string[] = []): PushEvent => ({
  type,
  data,
  at: clock.now().toISOString(),
  audience: { users: userId === null ? [] : [userId], groups },
});

/** The rows as they stand now: of several changes in a moment the last is told. */
const READERS: Record<string, (ids: Ids) => Promise<PushEvent[]>> = {
  async order(ids) {
    const rows = await byId<OrderRow>(ORDER_UID, ids);
    return rows.map((row) => event('order.updated', presentOrder(row), row.userId, [STAFF]));
  },
  async payment(ids) {
    const rows = await byId<PaymentRow>(PAYMENT_UID, ids);
    return Promise.all(
      rows.map(async (row) => event('payment.succeeded', await presentPayment(row), row.userId)),
    );
  },
  async refund(ids) {
    const rows = await byId<RefundRow>(REFUND_UID, ids);
    const presented = await presentRefunds(rows);
    return rows.map((row, index) => event('refund.succeeded', presented[index], row.userId));
  },
  async task(ids) {
    const rows = await fetchRows<TaskRow>(TASK_UID, query(TASK_UID).whereIn('document_id', ids));
    return rows.map((row) => event('task.finished', presentTask(row), row.userId));
  },
  async notification(ids) {
    const rows = await byId<NotificationRow>(NOTIFICATION_UID, ids);
    return rows.map((row) =>
      event(
        'notification.created',
        presentNotification(row),
        row.userId,
        row.audience === 'staff' ? [STAFF] : [],
      ),
    );
  },
};

/** The messages about rows of one kind that have changed. Throws for a kind nobody presents. */
export function readEvents(subject: string, ids: Ids): Promise<PushEvent[]> {
  const read = READERS[subject];
  if (read === undefined) throw new Error(`nobody says how ${subject} is pushed`);
  return read(ids);
}
