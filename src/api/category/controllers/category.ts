import type { Context } from 'koa';

import { one, page } from '../../../platform/request';
import { findCategories, findCategory, readCategoryTree } from '../services/category';
import { readCategoryListRequest, readCategoryRequest, readTreeRequest } from '../validation/category-query';

export default {
  async find(ctx: Context): Promise<void> {
    const { categories, pagination } = await findCategories(readCategoryListRequest(ctx.query));
    ctx.body = page(categories, pagination);
  },

  async findOne(ctx: Context): Promise<void> {
    const id = String((ctx.params as { id?: unknown }).id);
    ctx.body = one(await findCategory(id, readCategoryRequest(ctx.query)));
  },

  async tree(ctx: Context): Promise<void> {
    ctx.body = one(await readCategoryTree(readTreeRequest(ctx.query)));
  },
};
