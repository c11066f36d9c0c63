/** How the rest of the shop tells somebody something: a row in the transaction that causes it, so told exactly when it happened. */
import { insertRow, insertRows, type Tx } from '../../platform/database';
import { announce } from '../../platform/push';
import { NOTIFICATION_UID, type NotificationType } from './notification-rows';

export interface Notice {
  type: NotificationType;
  title: string;
  content?: string;
  /** What a program needs to open the right page, e.g. `{order: documentId}`. No personal data. */
  data?: Record<string, unknown>;
}

const MAX_TITLE = 100;

const toRow = ({ type, title, content, data }: Notice) => ({
  type,
  title: [...title].slice(0, MAX_TITLE).join(''),
  content: content ?? null,
  data: data ?? null,
  readAt: null,
});

/** Tells one shopper; written in `tx`. */
export async function notifyUser(tx: Tx, { userId, ...notice }: Notice & { userId: number }): Promise<void> {
  const { id } = await insertRow(NOTIFICATION_UID, tx, { ...toRow(notice), userId, audience: 'user' });
  announce('notification', id);
}

/** Tells many shoppers, with one statement. */
export async function notifyUsers(tx: Tx, notices: (Notice & { userId: number })[]): Promise<void> {
  const rows = await insertRows(
    NOTIFICATION_UID,
    tx,
    notices.map(({ userId, ...notice }) => ({ ...toRow(notice), userId, audience: 'user' })),
  );
  for (const { id } of rows) announce('notification', id);
}

/**
 * Tells the staff: one row they share, shown to each of them and on the panel's home page, read once one of them has
 * read it; written in `tx`.
 */
export async function notifyStaff(tx: Tx, notice: Notice): Promise<void> {
  const { id } = await insertRow(NOTIFICATION_UID, tx, { ...toRow(notice), userId: null, audience: 'staff' });
  announce('notification', id);
}
