import type { Context } from 'koa';

import { one, page } from '../../../platform/request';
import { findBrand, findBrands } from '../services/brand';
import { readBrandListRequest, readBrandRequest } from '../validation/brand-query';

export default {
  async find(ctx: Context): Promise<void> {
    const { brands, pagination } = await findBrands(readBrandListRequest(ctx.query));
    ctx.body = page(brands, pagination);
  },

  async findOne(ctx: Context): Promise<void> {
    const id = String((ctx.params as { id?: unknown }).id);
    ctx.body = one(await findBrand(id, readBrandRequest(ctx.query)));
  },
};
