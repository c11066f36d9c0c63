import type { Context } from 'koa';

import { one, pathId, signedInUser } from '../../../platform/request';
import { presentTask } from '../presenters/task';
import { findTask } from '../services/tasks';

export default {
  async findOne(ctx: Context) {
    ctx.body = one(presentTask(await findTask(pathId(ctx), signedInUser(ctx).id)));
  },
};
