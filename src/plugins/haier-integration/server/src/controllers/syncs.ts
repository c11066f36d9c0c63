import type { Context } from 'koa';
import { z } from 'zod';

import { notFound } from '../domain/refusal';
import { SYNC_KINDS, type SyncRunView } from '../domain/sync';
import { getService } from '../plugin-services';
import { panelActor, parseBody, parseQuery } from './request';

const listQuery = z.strictObject({
  kind: z.enum(SYNC_KINDS).optional(),
  page: z.coerce.number().int().min(1).max(10_000).default(1),
  pageSize: z.coerce.number().int().min(1).max(100).default(20),
});

function pathId(ctx: Context): number {
  const { id } = ctx.params as { id: string };
  if (!/^\d{1,9}$/.test(id)) throw notFound();
  return Number(id);
}

function answer(ctx: Context, run: SyncRunView | undefined): void {
  if (run === undefined) throw notFound();
  ctx.body = { data: run };
}

/** What a list shows: the errors are for the page of the one run. */
const inList = ({ errors: _errors, productCodes, ...run }: SyncRunView) => ({
  ...run,
  productCount: productCodes?.length ?? null,
});

export default {
  /** Asks for a run: `{kind, productCodes?, allowsDrop?}`; 202, for it is done elsewhere. */
  async create(ctx: Context) {
    const run = await getService('syncs').request(parseBody(z.unknown(), ctx), panelActor(ctx));
    ctx.status = 202;
    ctx.body = { data: run };
  },

  /** The newest first. */
  async find(ctx: Context) {
    const { page, pageSize, kind } = parseQuery(listQuery, ctx);
    const { rows, total } = await getService('syncs').list({ kind, page, pageSize });
    const pageCount = Math.ceil(total / pageSize);
    ctx.body = { data: rows.map(inList), meta: { pagination: { page, pageSize, pageCount, total } } };
  },

  /** One run with its report, also while it runs. */
  async findOne(ctx: Context) {
    answer(ctx, await getService('syncs').find(pathId(ctx)));
  },

  /** Asks a run to end; it does between two batches. One that has ended stays as it is. */
  async cancel(ctx: Context) {
    answer(ctx, await getService('syncs').cancel(pathId(ctx), panelActor(ctx)));
  },
};
