import type { Knex } from 'knex';

import { connectionFor, query } from '../../../platform/database';
import type { Sort } from '../../../platform/listing';
import { DEFAULT_LOCALE, type Locale } from '../../../platform/locale';
import { PRODUCT_UID } from '../product-rows';
import type { ProductSelection } from '../validation/product-query';

export interface ReadOptions {
  locale: Locale;
  selection: ProductSelection;
}

/** Where the columns a list sorts and filters by are. */
export const PRODUCT_COLUMNS = {
  columns: {
    documentId: 'products.document_id',
    source: 'products.source',
    productModel: 'products.product_model',
    price: 'products.price',
    salesCount: 'products.sales_count',
    createdAt: 'products.created_at',
  },
  id: 'products.id',
};

const FIGURES = [
  'id',
  'document_id',
  'price',
  'source',
  'product_model',
  'product_group',
  'is_active',
  'is_sales',
  'no_sales_reason',
  'sales_count',
  'view_count',
  'created_at',
  'updated_at',
].map((column) => `products.${column}`);

/** The table whose row has the texts in this language. */
export const textTable = (locale: Locale): 'products' | 'translation' =>
  locale === DEFAULT_LOCALE ? 'products' : 'translation';

/**
 * Active products. A document has a row per language; everything that is not text comes from the one in the default
 * language, whatever copies the others carry. As in Strapi, a document without a row in the language is not there.
 */
export function activeProducts({ locale, selection }: ReadOptions): Knex.QueryBuilder {
  const text = textTable(locale);
  const texts = ['name', 'specifications', ...(selection.fields.has('description') ? ['description'] : [])];
  const builder = query(PRODUCT_UID)
    .where('products.locale', DEFAULT_LOCALE)
    .where('products.is_active', true)
    .select(...FIGURES, ...texts.map((column) => `${text}.${column}`));
  if (selection.relations.has('mainImages') || selection.relations.has('detailImages'))
    builder.select('products.haier_images');
  if (text === 'translation') {
    builder.join('products as translation', (join) =>
      join.on('translation.document_id', 'products.document_id').andOnVal('translation.locale', locale),
    );
  }
  return builder;
}

/** Products that stand in one of these categories, or are of one of these brands; none for no ids. */
export function whereLinked(builder: Knex.QueryBuilder, name: 'category' | 'brand', ids: number[]): void {
  const link = `products_${name}_lnk`;
  builder.whereExists((linked) =>
    linked
      .from(link)
      .whereRaw('?? = ??', [`${link}.product_id`, 'products.id'])
      .whereIn(`${link}.${name}_id`, ids)
      .select(strapi.db.connection.raw('1')),
  );
}

/** Names of category and brand, in the language when somebody wrote them in it, else in the default one. */
function joinNamed(builder: Knex.QueryBuilder, name: 'category' | 'brand', locale: Locale): void {
  const table = name === 'category' ? 'categories' : 'brands';
  builder
    .leftJoin(`products_${name}_lnk as ${name}_link`, `${name}_link.product_id`, 'page.id')
    .leftJoin(`${table} as ${name}`, (join) => {
      void join.on(`${name}.id`, `${name}_link.${name}_id`);
      // The page of a brand that is not active is not there: nothing may point to it.
      if (name === 'brand') void join.andOnVal('brand.is_active', true);
    })
    .select(`${name}.id as ${name}_id`, `${name}.document_id as ${name}_document_id`);
  if (locale === DEFAULT_LOCALE) {
    builder.select(`${name}.name as ${name}_name`);
    return;
  }
  const text = `${name}_text`;
  builder
    .leftJoin(`${table} as ${text}`, (join) =>
      join.on(`${text}.document_id`, `${name}.document_id`).andOnVal(`${text}.locale`, locale),
    )
    .select(
      strapi.db.connection.raw('coalesce(??, ??) as ??', [`${text}.name`, `${name}.name`, `${name}_name`]),
    );
}

/** Joins stock, category and brand to the products of a page, and keeps their order. */
export function dressProducts(
  page: Knex.QueryBuilder,
  sort: Sort[],
  { locale, selection }: ReadOptions,
): Knex.QueryBuilder {
  const connection = connectionFor();
  const builder = connection
    .queryBuilder()
    .from(page.as('page'))
    .leftJoin('inventory_items', 'inventory_items.product_document_id', 'page.document_id')
    .select(
      'page.*',
      connection.raw('coalesce(inventory_items.on_hand - inventory_items.locked, 0) as stock'),
    );
  if (selection.relations.has('category')) joinNamed(builder, 'category', locale);
  if (selection.relations.has('brand')) joinNamed(builder, 'brand', locale);
  for (const { field, direction } of sort) {
    const column = PRODUCT_COLUMNS.columns[field as keyof typeof PRODUCT_COLUMNS.columns]; // checked by the list's rules
    builder.orderBy(column.replace('products.', 'page.'), direction);
  }
  return builder.orderBy('page.id', sort.at(-1)?.direction ?? 'desc');
}
