import type { Context } from 'koa';
import { z } from 'zod';

import { requirePort } from '../domain/connection';
import { PluginRefusal } from '../domain/refusal';
import { connectedPorts, HAIER_STATUSES, type HaierOrderView, type OrderPort } from '../ports';
import { panelActor, parseBody, parseQuery } from './request';

const MAX_PAGE_SIZE = 100;
const page = z.coerce.number().int().min(1).max(100_000);

const listSchema = z.strictObject({
  view: z.enum(['all', 'work-list']).default('all'),
  haierStatus: z.enum(HAIER_STATUSES).optional(),
  search: z.string().trim().max(100).optional(),
  page: page.default(1),
  pageSize: page.max(MAX_PAGE_SIZE).default(20),
});

const reason = z.string().trim().min(1).max(200);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day, YYYY-MM-DD');
const nothing = z.strictObject({});
const reasonSchema = z.strictObject({ reason });
const handledSchema = z.strictObject({ note: z.string().trim().min(1).max(200).optional() });
const rescheduleSchema = z.strictObject({ distributionDate: day, installDate: day.optional() });

/** Throws PluginRefusal `NOT_CONNECTED`. */
const orders = (): OrderPort => requirePort(connectedPorts(), 'orders');

const idOf = (ctx: Context): string => String((ctx.params as { id?: unknown }).id);

const answer = (data: HaierOrderView): { data: HaierOrderView; meta: Record<string, never> } => ({
  data,
  meta: {},
});

export default {
  async find(ctx: Context) {
    const query = parseQuery(listSchema, ctx);
    const [{ rows, total }, counts] = [await orders().list(query), await orders().count()];
    const { page: number, pageSize } = query;
    const pageCount = Math.ceil(total / pageSize);
    return { data: rows, meta: { pagination: { page: number, pageSize, pageCount, total }, ...counts } };
  },

  async findOne(ctx: Context) {
    const found = await orders().find(idOf(ctx));
    if (found === undefined) throw new PluginRefusal('NOT_FOUND');
    return answer(found);
  },

  async push(ctx: Context) {
    parseBody(nothing, ctx);
    return answer(await orders().push(idOf(ctx), panelActor(ctx)));
  },

  async cancel(ctx: Context) {
    return answer(await orders().cancel(idOf(ctx), parseBody(reasonSchema, ctx), panelActor(ctx)));
  },

  async reschedule(ctx: Context) {
    return answer(await orders().reschedule(idOf(ctx), parseBody(rescheduleSchema, ctx), panelActor(ctx)));
  },

  async refresh(ctx: Context) {
    parseBody(nothing, ctx);
    return answer(await orders().refresh(idOf(ctx), panelActor(ctx)));
  },

  async refund(ctx: Context) {
    return answer(await orders().refund(idOf(ctx), parseBody(reasonSchema, ctx), panelActor(ctx)));
  },

  async handled(ctx: Context) {
    return answer(await orders().markHandled(idOf(ctx), parseBody(handledSchema, ctx), panelActor(ctx)));
  },
};
