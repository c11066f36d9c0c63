import type { Context } from 'koa';

import { one, page } from '../../../platform/request';
import { readAvailability } from '../services/availability';
import { findProduct, findProducts, findRecommendedProducts, findRelatedProducts } from '../services/product';
import { countView } from '../services/view-counter';
import {
  readAvailabilityRequest,
  readProductListRequest,
  readProductRequest,
  readSuggestionRequest,
} from '../validation/product-query';

const idOf = (ctx: Context): string => String((ctx.params as { id?: unknown }).id);

export default {
  async find(ctx: Context): Promise<void> {
    const { products, pagination } = await findProducts(readProductListRequest(ctx.query));
    ctx.body = page(products, pagination);
  },

  async findOne(ctx: Context): Promise<void> {
    const product = await findProduct(idOf(ctx), readProductRequest(ctx.query));
    // HEAD takes the same route and looks at nothing.
    if (ctx.method === 'GET') countView(product.documentId);
    ctx.body = one(product);
  },

  async related(ctx: Context): Promise<void> {
    ctx.body = one(await findRelatedProducts(idOf(ctx), readSuggestionRequest(ctx.query)));
  },

  async recommended(ctx: Context): Promise<void> {
    ctx.body = one(await findRecommendedProducts(readSuggestionRequest(ctx.query)));
  },

  async availability(ctx: Context): Promise<void> {
    ctx.body = one(await readAvailability(idOf(ctx), readAvailabilityRequest(ctx.query)));
  },
};
