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

/** The best sellers of a product's own category, without itself and those already known. */
export function sameCategory(documentId: string, known: string[], limit: number): Promise<string[]> {
  const { connection } = strapi.db;
  const own = connection('products_category_lnk as own_link')
    .join('products as own', 'own.id', 'own_link.product_id')
    .where({ 'own.document_id': documentId, 'own.locale': DEFAULT_LOCALE })
    .select('own_link.category_id');
  return documentIds(
    activeProducts()
      .whereIn(
        'products.id',
        connection('products_category_lnk').whereIn('category_id', own).select('product_id'),
      )
      .whereNotIn('products.document_id', [documentId, ...known])
      .orderBy([
        { column: 'products.sales_count', order: 'desc' },
        { column: 'products.id', order: 'desc' },
      ])
      .limit(limit)
      .select('products.document_id'),
  );
}

/** The shop's best sellers; among equals the newest. */
export const bestSellers = (limit: number): Promise<string[]> =>
  documentIds(
    activeProducts()
      .orderBy([
        { column: 'products.sales_count', order: 'desc' },
        { column: 'products.created_at', order: 'desc' },
        { column: 'products.id', order: 'desc' },
      ])
      .limit(limit)
      .select('products.document_id'),
  );
