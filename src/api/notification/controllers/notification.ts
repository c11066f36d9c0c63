import type { Context } from 'koa';
import { z } from 'zod';

import { readListQuery, select } from '../../../platform/listing';
import { noBody, one, page, parseAction, parseValue, pathId, signedInUser } from '../../../platform/request';
import { presentNotification } from '../presenters/notification';
import { listNotifications, markRead, NOTIFICATION_LIST } from '../services/notifications';

const unreadSchema = z
  .enum(['true', 'false'], { error: 'must be true or false' })
  .transform((value) => value === 'true')
  .optional();

export default {
  async find(ctx: Context) {
    const request = readListQuery(ctx.query, NOTIFICATION_LIST);
    const isUnread = parseValue(unreadSchema, ctx.query.unread, ['unread']);
    const { notifications, pagination } = await listNotifications(signedInUser(ctx), request, isUnread);
    ctx.body = page(
      notifications.map((notification) => select(presentNotification(notification), request)),
      pagination,
    );
  },

  async markRead(ctx: Context) {
    parseAction(noBody, ctx);
    ctx.body = one(presentNotification(await markRead(signedInUser(ctx), pathId(ctx))));
  },
};
