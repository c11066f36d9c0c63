import type { Context } from 'koa';

import { TAXONOMY } from '../../../domain/catalogue-tags';
import { answerCached, CALM } from '../../../platform/cache';
import { one, page } from '../../../platform/request';
import { findCategories, findCategory, readCategoryTree } from '../services/category';
import { readCategoryListRequest, readCategoryRequest, readTreeRequest } from '../validation/category-query';

const answer = (ctx: Context, read: () => Promise<unknown>): Promise<void> =>
  answerCached(ctx, { life: CALM, load: async () => ({ body: await read(), tags: [TAXONOMY] }) });

export default {
  async find(ctx: Context): Promise<void> {
    const request = readCategoryListRequest(ctx.query);
    await answer(ctx, async () => {
      const { categories, pagination } = await findCategories(request);
      return page(categories, pagination);
    });
  },

  async findOne(ctx: Context): Promise<void> {
    const id = String((ctx.params as { id?: unknown }).id);
    const request = readCategoryRequest(ctx.query);
    await answer(ctx, async () => one(await findCategory(id, request)));
  },

  async tree(ctx: Context): Promise<void> {
    const request = readTreeRequest(ctx.query);
    await answer(ctx, async () => one(await readCategoryTree(request)));
  },
};
