import type { Context } from 'koa';

import { PRODUCTS, productTag, SALES, STOCK } from '../../../domain/catalogue-tags';
import { answerCached, LIVE } from '../../../platform/cache';
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

const tagsOf = (products: { documentId: string }[], ...more: string[]): string[] => [
  PRODUCTS,
  ...more,
  ...products.map(({ documentId }) => productTag(documentId)),
];

export default {
  async find(ctx: Context): Promise<void> {
    const request = readProductListRequest(ctx.query);
    const chosenBy = [
      ...(request.inStock === undefined ? [] : [STOCK]),
      ...(request.list.sort.some(({ field }) => field === 'salesCount') ? [SALES] : []),
    ];
    await answerCached(ctx, {
      life: LIVE,
      load: async () => {
        const { products, pagination } = await findProducts(request);
        return { body: page(products, pagination), tags: tagsOf(products, ...chosenBy) };
      },
    });
  },

  async findOne(ctx: Context): Promise<void> {
    const id = idOf(ctx);
    const request = readProductRequest(ctx.query);
    await answerCached(ctx, {
      life: LIVE,
      load: async () => {
        const product = await findProduct(id, request);
        return { body: one(product), tags: tagsOf([product]) };
      },
      afterServe: () => countView(id),
    });
  },

  async related(ctx: Context): Promise<void> {
    const id = idOf(ctx);
    const request = readSuggestionRequest(ctx.query);
    await answerCached(ctx, {
      life: LIVE,
      load: async () => {
        const products = await findRelatedProducts(id, request);
        return { body: one(products), tags: tagsOf(products, SALES) };
      },
    });
  },

  async recommended(ctx: Context): Promise<void> {
    const request = readSuggestionRequest(ctx.query);
    await answerCached(ctx, {
      life: LIVE,
      load: async () => {
        const products = await findRecommendedProducts(request);
        return { body: one(products), tags: tagsOf(products, SALES) };
      },
    });
  },

  async availability(ctx: Context): Promise<void> {
    ctx.body = one(await readAvailability(idOf(ctx), readAvailabilityRequest(ctx.query)));
  },
};
