import { isoTime } from '../../../platform/request';
import type { NotificationRow } from '../notification-rows';

/** What `fields` may name of a notification. */
export const NOTIFICATION_FIELDS = [
  'audience',
  'type',
  'title',
  'content',
  'data',
  'readAt',
  'createdAt',
] as const satisfies readonly (keyof ReturnType<typeof presentNotification>)[];

export const presentNotification = (notification: NotificationRow) => ({
  documentId: notification.documentId,
  audience: notification.audience,
  type: notification.type,
  title: notification.title,
  content: notification.content,
  data: notification.data,
  readAt: isoTime(notification.readAt),
  createdAt: isoTime(notification.createdAt),
});
