import { insertRow, type Tx } from '../../platform/database';

const NOTIFICATION_UID = 'api::notification.notification';

export interface Notice {
  type: 'order' | 'payment' | 'refund' | 'system';
  title: string;
  content?: string;
  /** Facts for the mini-program, e.g. which order to open. No personal data. */
  data?: Record<string, unknown>;
}

/** Tells one shopper something, as a row in the caller's transaction: told exactly when it happened. */
export async function notifyUser(tx: Tx, { userId, ...notice }: Notice & { userId: number }): Promise<void> {
  await insertRow(NOTIFICATION_UID, tx, { ...notice, userId, audience: 'user' });
}

/** Tells the staff: shown to every staff member, and on the panel's home page. */
export async function notifyStaff(tx: Tx, notice: Notice): Promise<void> {
  await insertRow(NOTIFICATION_UID, tx, { ...notice, audience: 'staff' });
}
