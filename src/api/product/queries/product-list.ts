import type { Knex } from 'knex';

import { type ListResult, runList, whereContains } from '../../../platform/listing';
import { DEFAULT_LOCALE } from '../../../platform/locale';
import type { ProductListRequest } from '../validation/product-query';
import { activeProducts, dressProducts, PRODUCT_COLUMNS, textTable } from './product-rows';

/** Categories with everything below them. `union` without `all` ends also on a tree that bites its tail. */
const BRANCH = `
  select category_link.product_id from products_category_lnk category_link
  join categories category on category.id = category_link.category_id
  where category.document_id in (
    with recursive branch(document_id) as (
      select document_id from categories where document_id = any_of
      union
      select child.document_id from branch
      join categories parent on parent.document_id = branch.document_id and parent.locale = ?
      join categories_parent_lnk parent_link on parent_link.inv_category_id = parent.id
      join categories child on child.id = parent_link.category_id
    )
    select document_id from branch
  )`;

const placeholders = (values: unknown[]): string => values.map(() => '?').join(', ');

function whereInCategory(builder: Knex.QueryBuilder, categories: string[]): void {
  const sql = BRANCH.replace('= any_of', `in (${placeholders(categories)})`);
  builder.whereRaw(`products.id in (${sql})`, [...categories, DEFAULT_LOCALE]);
}

function whereOfBrand(builder: Knex.QueryBuilder, brands: string[]): void {
  builder.whereIn('products.id', (linked: Knex.QueryBuilder) =>
    linked
      .from('products_brand_lnk')
      .join('brands', 'brands.id', 'products_brand_lnk.brand_id')
      .whereIn('brands.document_id', brands)
      .select('products_brand_lnk.product_id'),
  );
}

function whereInStock(builder: Knex.QueryBuilder, inStock: boolean): void {
  const stocked = strapi.db
    .connection('inventory_items')
    .whereRaw('inventory_items.product_document_id = products.document_id')
    .whereRaw('inventory_items.on_hand > inventory_items.locked');
  if (inStock) builder.whereExists(stocked);
  else builder.whereNotExists(stocked);
}

/**
 * One page of active products with stock, category and brand: one statement for the page and one for the count,
 * whatever the number of products.
 */
export async function listProducts(request: ProductListRequest): Promise<ListResult> {
  const builder = activeProducts(request);
  // An empty `$in` finds nothing, and `in ()` is no SQL.
  if ([...request.categories, ...request.brands].some((ids) => ids.length === 0)) builder.whereRaw('1 = 0');
  for (const ids of request.categories) if (ids.length > 0) whereInCategory(builder, ids);
  for (const ids of request.brands) whereOfBrand(builder, ids);
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
    dress: (page, sort) => dressProducts(page, sort, request),
  });
}
