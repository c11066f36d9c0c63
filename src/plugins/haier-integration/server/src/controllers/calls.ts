import type { Context } from 'koa';

import { callQuerySchema } from '../domain/call-log';
import { notFound } from '../domain/refusal';
import { getService } from '../plugin-services';
import { listed, parseQuery, rowId } from './request';

export default {
  async find(ctx: Context) {
    const query = parseQuery(callQuerySchema, ctx);
    const { rows, total, isTotalCapped } = await getService('calls').list(query);
    return listed(rows, { ...query, total, isTotalCapped });
  },

  async findOne(ctx: Context) {
    const call = await getService('calls').find(rowId(ctx));
    if (call === undefined) throw notFound();
    return { data: call, meta: {} };
  },
};
