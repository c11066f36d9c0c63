import type { BaseRow } from '../../platform/database';

export const NOTIFICATION_UID = 'api::notification.notification';

export type NotificationType = 'order' | 'payment' | 'refund' | 'system';

export interface NotificationRow extends BaseRow {
  userId: number | null;
  audience: 'user' | 'staff';
  type: NotificationType;
  title: string;
  content: string | null;
  data: unknown;
  readAt: Date | null;
}
