import type { Context } from 'koa';
import { z } from 'zod';

import { requirePort } from '../domain/connection';
import { pagingShape } from '../domain/paging';
import { PluginRefusal } from '../domain/refusal';
import { connectedPorts } from '../ports';
import { listed, panelActor, parseBody, parseQuery } from './request';

const querySchema = z.strictObject(pagingShape);
const noBody = z.strictObject({});
const MAX_ID = 100;

export default {
  async find(ctx: Context) {
    const { page, pageSize } = parseQuery(querySchema, ctx);
    const { rows, total } = await requirePort(connectedPorts(), 'queue').listDead(page, pageSize);
    return listed(rows, { page, pageSize, total });
  },

  async replay(ctx: Context) {
    parseBody(noBody, ctx);
    const id = String(ctx.params.id);
    const queue = requirePort(connectedPorts(), 'queue');
    if (id.length > MAX_ID || !(await queue.replay(id, panelActor(ctx))))
      throw new PluginRefusal('NOT_FOUND', {
        sentence: {
          zh: '没有这条失败消息，或它已重新执行',
          en: 'There is no such dead message, or it has been run again already',
        },
      });
    ctx.status = 204;
  },
};
