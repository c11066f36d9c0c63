import { query } from '../../../platform/database';
import { DEFAULT_LOCALE } from '../../../platform/locale';
import { PRODUCT_UID } from '../product-rows';

/** Orders whose goods were really bought. */
const BOUGHT = ['paid', 'shipped', 'completed'];
/** Enough buyers to see a pattern; without a bound a best seller would read half of the orders. */
const RECENT_ORDERS = 500;

const documentIds = async (rows: PromiseLike<unknown>): Promise<string[]> =>
  ((await rows) as { document_id: string }[]).map((row) => row.document_id);

const activeProducts = () =>
  query(PRODUCT_UID).where({ 'products.locale': DEFAULT_LOCALE, 'products.is_active': true });

/** What recent buyers of a product bought too, most buyers first. */
export function boughtTogether(documentId: string, limit: number): Promise<string[]> {
  const { connection } = strapi.db;
  const buyers = connection('orders')
    .where('product_document_id', documentId)
    .whereIn('status', BOUGHT)
    .whereNotNull('user_id')
    .orderBy('id', 'desc')
    .limit(RECENT_ORDERS)
    .select('user_id');
  return documentIds(
    activeProducts()
      .join('orders', 'orders.product_document_id', 'products.document_id')
      .whereIn('orders.user_id', connection.select('user_id').from(buyers.as('buyers')))
      .whereIn('orders.status', BOUGHT)
      .whereNot('products.document_id', documentId)
      .groupBy('products.id', 'products.document_id', 'products.sales_count')
      .orderByRaw('count(distinct orders.user_id) desc, products.sales_count desc, products.id desc')
      .limit(limit)
      .select('products.document_id'),
  );
}

/**
 * The best sellers near a product, without itself and those already known: of its own category, or of all that stand in
 * that category's parent or beside it.
 */
export function sameCategory(
  documentId: string,
  known: string[],
  { limit, within }: { limit: number; within: 'category' | 'parent' },
): Promise<string[]> {
  const { connection } = strapi.db;
  const own = connection('products_category_lnk as own_link')
    .join('products as own', 'own.id', 'own_link.product_id')
    .where({ 'own.document_id': documentId, 'own.locale': DEFAULT_LOCALE })
    .select('own_link.category_id');
  const parents = connection('categories_parent_lnk').whereIn('category_id', own).select('inv_category_id');
  const siblings = connection('categories_parent_lnk')
    .whereIn('inv_category_id', parents)
    .select('category_id');
  const near = connection('products_category_lnk').select('product_id');
  if (within === 'category') void near.whereIn('category_id', own);
  else void near.whereIn('category_id', parents).orWhereIn('category_id', siblings);
  return documentIds(
    activeProducts()
      .whereIn('products.id', near)
      .whereNotIn('products.document_id', [documentId, ...known])
      .orderBy([
        { column: 'products.sales_count', order: 'desc' },
        { column: 'products.id', order: 'desc' },
      ])
      .limit(limit)
      .select('products.document_id'),
  );
}

/** The shop's best sellers, without those already known; among equals the newest. */
export const bestSellers = (limit: number, known: string[] = []): Promise<string[]> =>
  documentIds(
    activeProducts()
      .whereNotIn('products.document_id', known)
      .orderBy([
        { column: 'products.sales_count', order: 'desc' },
        { column: 'products.created_at', order: 'desc' },
        { column: 'products.id', order: 'desc' },
      ])
      .limit(limit)
      .select('products.document_id'),
  );
