/** How the rest of the shop tells somebody something: a row in the transaction that causes it. */
import { insertRow, type Tx } from '../../../platform/database';
import { NOTIFICATION_UID, type NotificationType } from '../notification-rows';

export interface News {
  type: NotificationType;
  title: string;
  content?: string;
  /** What a program needs to open the right page, e.g. `{order: documentId}`. No personal data. */
  data?: Record<string, unknown>;
}

const MAX_TITLE = 100;

const toRow = ({ type, title, content, data }: News) => ({
  type,
  title: [...title].slice(0, MAX_TITLE).join(''),
  content: content ?? null,
  data: data ?? null,
  readAt: null,
});

/** Tells one shopper; written in `tx`. */
export async function notifyUser(tx: Tx, { userId, ...news }: News & { userId: number }): Promise<void> {
  await insertRow(NOTIFICATION_UID, tx, { ...toRow(news), userId, audience: 'user' });
}

/** Tells the staff: one row they share, read once one of them has read it; written in `tx`. */
export async function notifyStaff(tx: Tx, news: News): Promise<void> {
  await insertRow(NOTIFICATION_UID, tx, { ...toRow(news), userId: null, audience: 'staff' });
}
