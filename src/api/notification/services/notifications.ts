import type { Knex } from 'knex';

import { notFound } from '../../../domain/refusal';
import { clock } from '../../../platform/clock';
import { fetchRow, fromColumns, inTransaction, query } from '../../../platform/database';
import { type ListColumns, type ListQuery, type ListRules, runList } from '../../../platform/listing';
import type { Pagination, SignedInUser } from '../../../platform/request';
import { NOTIFICATION_UID, type NotificationRow } from '../notification-rows';
import { NOTIFICATION_FIELDS } from '../presenters/notification';

export const NOTIFICATION_LIST: ListRules = {
  filters: { type: 'exact', readAt: 'time', createdAt: 'time' },
  sort: ['createdAt'],
  defaultSort: ['createdAt:desc'],
  extra: ['unread'],
  fields: NOTIFICATION_FIELDS,
};

const COLUMNS: ListColumns = {
  columns: { type: 'type', readAt: 'read_at', createdAt: 'created_at' },
  id: 'id',
};

/** What this user may read: their own; staff also what is meant for the staff. */
const visibleTo = (user: SignedInUser, builder: Knex.QueryBuilder): Knex.QueryBuilder =>
  builder.where((any) => {
    any.where({ audience: 'user', user_id: user.id });
    if (user.isStaff) any.orWhere('audience', 'staff');
  });

/**
 * Ids of what staff have not read, each half from its own index. An `or` of the two would be looked for among all there ever were,
 * by time: most of what is unread are shoppers'.
 */
const unreadOfStaff = (user: SignedInUser): Knex.QueryBuilder => {
  const unread = () => query(NOTIFICATION_UID).whereNull('read_at').select('id');
  return unread()
    .where('audience', 'staff')
    .unionAll(unread().where({ audience: 'user', user_id: user.id }));
};

/** A page of the user's notifications, newest first. */
export async function listNotifications(
  user: SignedInUser,
  request: ListQuery,
  isUnread?: boolean,
): Promise<{ notifications: NotificationRow[]; pagination: Pagination }> {
  const builder = visibleTo(user, query(NOTIFICATION_UID).select('*'));
  if (isUnread === true) {
    builder.whereNull('read_at');
    if (user.isStaff) builder.whereIn('id', unreadOfStaff(user));
  }
  if (isUnread === false) builder.whereNotNull('read_at');
  const { rows, pagination } = await runList(builder, request, COLUMNS);
  return {
    notifications: rows.map((row) => fromColumns<NotificationRow>(NOTIFICATION_UID, row)),
    pagination,
  };
}

/** Marks a notification as read; the first time counts. Throws NOT_FOUND, for somebody else's too. */
export async function markRead(user: SignedInUser, documentId: string): Promise<NotificationRow> {
  return inTransaction(async (tx) => {
    const own = () => visibleTo(user, query(NOTIFICATION_UID, tx).where('document_id', documentId));
    await own().whereNull('read_at').update({ read_at: clock.now() });
    const row = await fetchRow<NotificationRow>(NOTIFICATION_UID, own());
    if (row === undefined) throw notFound();
    return row;
  });
}
