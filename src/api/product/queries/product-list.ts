import type { Knex } from 'knex';

import { PRODUCTS, STOCK } from '../../../domain/catalogue-tags';
import { CALM, keptTotal, LIVE } from '../../../platform/cache';
import { connectionFor } from '../../../platform/database';
import { type ListResult, runList, whereContains } from '../../../platform/listing';
import { DEFAULT_LOCALE } from '../../../platform/locale';
import type { ProductListRequest } from '../validation/product-query';
import { activeProducts, dressProducts, PRODUCT_COLUMNS, textTable, whereLinked } from './product-rows';

const placeholders = (values: unknown[]): string => values.map(() => '?').join(', ');

/**
 * Row ids of categories with everything below them. `union` without `all` ends also on a tree that bites its tail. Asked for
 * by itself: of ids it can see PostgreSQL knows how many products they have, and whether to begin with those or with the order.
 */
async function branchIds(categories: string[]): Promise<number[]> {
  const sql = `
    with recursive branch(document_id) as (
      select document_id from categories where document_id in (${placeholders(categories)})
      union
      select child.document_id from branch
      join categories parent on parent.document_id = branch.document_id and parent.locale = ?
      join categories_parent_lnk parent_link on parent_link.inv_category_id = parent.id
      join categories child on child.id = parent_link.category_id
    )
    select id from categories where document_id in (select document_id from branch)`;
  const connection = connectionFor();
  const rows = (await connection
    .select('id')
    .from(connection.raw(`(${sql}) as branch`, [...categories, DEFAULT_LOCALE]))) as { id: number }[];
  return rows.map(({ id }) => id);
}

async function brandIds(brands: string[]): Promise<number[]> {
  const rows = (await connectionFor()('brands').whereIn('document_id', brands).select('id')) as {
    id: number;
  }[];
  return rows.map(({ id }) => id);
}

function whereInStock(builder: Knex.QueryBuilder, inStock: boolean): void {
  const stocked = strapi.db
    .connection('inventory_items')
    .whereRaw('inventory_items.product_document_id = products.document_id')
    .whereRaw('inventory_items.on_hand > inventory_items.locked');
  if (inStock) builder.whereExists(stocked);
  else builder.whereNotExists(stocked);
}

/** Everything the number of products depends on; not which page of them is read, in what order, or what is shown of them. */
const choiceOf = ({ locale, categories, brands, inStock, words, list }: ProductListRequest): string =>
  JSON.stringify([locale, categories, brands, inStock, words, list.filters]);

/**
 * One page of active products with stock, category and brand: one statement,
 * whatever the number of products, and one before it for each filter by category or brand.
 */
export async function listProducts(request: ProductListRequest): Promise<ListResult> {
  const byFigures = request.inStock !== undefined || request.list.filters.length > 0;
  const total = keptTotal(choiceOf(request), {
    tags: request.inStock === undefined ? [PRODUCTS] : [PRODUCTS, STOCK],
    // Who chooses by stock or price is told of them.
    life: byFigures ? LIVE : CALM,
  });
  const builder = activeProducts(request);
  // An empty `$in` finds nothing, and `in ()` is no SQL.
  if ([...request.categories, ...request.brands].some((ids) => ids.length === 0)) builder.whereRaw('1 = 0');
  for (const ids of request.categories)
    if (ids.length > 0) whereLinked(builder, 'category', await branchIds(ids));
  for (const ids of request.brands) if (ids.length > 0) whereLinked(builder, 'brand', await brandIds(ids));
  if (request.inStock !== undefined) whereInStock(builder, request.inStock);
  for (const word of request.words) {
    builder.where((any) => {
      for (const column of [
        `${textTable(request.locale)}.name`,
        'products.product_model',
        'products.product_code',
      ]) {
        whereContains(any, column, word);
      }
    });
  }
  return runList(builder, request.list, {
    ...PRODUCT_COLUMNS,
    total,
    dress: (page, sort) => dressProducts(page, sort, request),
  });
}
