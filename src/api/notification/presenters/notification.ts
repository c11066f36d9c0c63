import { isoTime } from '../../../platform/request';
import type { NotificationRow } from '../notification-rows';

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
