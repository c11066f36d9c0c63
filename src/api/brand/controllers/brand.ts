import type { Context } from 'koa';

import { TAXONOMY } from '../../../domain/catalogue-tags';
import { answerCached, CALM } from '../../../platform/cache';
import { one, page } from '../../../platform/request';
import { findBrand, findBrands } from '../services/brand';
import { readBrandListRequest, readBrandRequest } from '../validation/brand-query';

const answer = (ctx: Context, read: () => Promise<unknown>): Promise<void> =>
  answerCached(ctx, { life: CALM, load: async () => ({ body: await read(), tags: [TAXONOMY] }) });

export default {
  async find(ctx: Context): Promise<void> {
    const request = readBrandListRequest(ctx.query);
    await answer(ctx, async () => {
      const { brands, pagination } = await findBrands(request);
      return page(brands, pagination);
    });
  },

  async findOne(ctx: Context): Promise<void> {
    const id = String((ctx.params as { id?: unknown }).id);
    const request = readBrandRequest(ctx.query);
    await answer(ctx, async () => one(await findBrand(id, request)));
  },
};
