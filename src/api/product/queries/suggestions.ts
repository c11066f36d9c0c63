import { connectionFor, query } from '../../../platform/database';
import { DEFAULT_LOCALE } from '../../../platform/locale';
import { PRODUCT_UID } from '../product-rows';
import { whereLinked } from './product-rows';

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

/** Row ids of a product's own categories, or of their parents with all that stand below those. */
async function categoriesNear(documentId: string, within: 'category' | 'parent'): Promise<number[]> {
  const connection = connectionFor();
  const own = connection('products_category_lnk as own_link')
    .join('products as own', 'own.id', 'own_link.product_id')
    .where({ 'own.document_id': documentId, 'own.locale': DEFAULT_LOCALE })
    .select('own_link.category_id as id');
  if (within === 'category') return ((await own) as { id: number }[]).map(({ id }) => id);
  const parents = connection('categories_parent_lnk as up')
    .whereIn('up.category_id', own)
    .leftJoin('categories_parent_lnk as down', 'down.inv_category_id', 'up.inv_category_id')
    .select('up.inv_category_id as parent', 'down.category_id as id');
  const rows = (await parents) as { parent: number; id: number | null }[];
  return [...new Set(rows.flatMap(({ parent, id }) => (id === null ? [parent] : [parent, id])))];
}

/**
 * The best sellers near a product, without itself and those already known: of its own category, or of all that stand in
 * that category's parent or beside it. The categories are asked for first: among ids it sees, PostgreSQL knows how many
 * products to expect.
 */
export async function sameCategory(
  documentId: string,
  known: string[],
  { limit, within }: { limit: number; within: 'category' | 'parent' },
): Promise<string[]> {
  const near = await categoriesNear(documentId, within);
  if (near.length === 0) return [];
  const products = activeProducts();
  whereLinked(products, 'category', near);
  return documentIds(
    products
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
