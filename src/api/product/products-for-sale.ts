import { fenToYuan, yuanToFen } from '../../domain/money';
import { notFound, Refusal } from '../../domain/refusal';
import { createBatcher } from '../../platform/batching';
import { connectionFor, fetchRow, isInTransaction, query, type Tx } from '../../platform/database';
import { DEFAULT_LOCALE } from '../../platform/locale';
import { haierPictures, isTrue, PRODUCT_UID, type ProductSource } from './product-rows';

/** A product as placing an order needs it, read from its one row in the default language. */
export interface ProductForSale {
  id: number;
  documentId: string;
  name: string;
  code: string | null;
  source: ProductSource;
  unitPriceFen: number;
  isOnSale: boolean;
  noSalesReason: string | null;
  picture: string | null;
  /** On hand − locked at the moment of reading; the truth is decided when stock is locked. */
  stock: number;
}

interface ProductRow {
  id: number;
  document_id: string;
  name: string;
  product_code: string | null;
  source: ProductSource;
  price: number | string;
  is_active: boolean | number | null;
  is_sales: boolean | number | null;
  no_sales_reason: string | null;
  picture: string | null;
  haier_images: unknown;
  onHand: number | null;
  locked: number | null;
}

function toProductForSale(row: ProductRow): ProductForSale {
  const unitPriceFen = yuanToFen(Number(row.price));
  return {
    id: row.id,
    documentId: row.document_id,
    name: row.name,
    code: row.product_code,
    source: row.source,
    unitPriceFen,
    isOnSale: isTrue(row.is_active) && isTrue(row.is_sales) && unitPriceFen > 0,
    noSalesReason: row.no_sales_reason,
    picture: row.picture ?? haierPictures(row.haier_images).mainImages[0] ?? null,
    stock: (row.onHand ?? 0) - (row.locked ?? 0),
  };
}

/** Reads products by documentId with one statement, stock and first picture included. */
async function selectProducts(documentIds: string[], tx?: Tx): Promise<Map<string, ProductForSale>> {
  const connection = connectionFor(tx);
  const picture = connection('files_related_mph as related')
    .join('files', 'files.id', 'related.file_id')
    .where({ 'related.related_type': PRODUCT_UID, 'related.field': 'mainImages' })
    .whereRaw('related.related_id = products.id')
    .orderBy('related.order')
    .limit(1)
    .select('files.url');
  const rows = (await query(PRODUCT_UID, tx)
    .leftJoin('inventory_items', 'inventory_items.product_document_id', 'products.document_id')
    .whereIn('products.document_id', documentIds)
    .where('products.locale', DEFAULT_LOCALE)
    .select(
      'products.id',
      'products.document_id',
      'products.name',
      'products.product_code',
      'products.source',
      'products.price',
      'products.is_active',
      'products.is_sales',
      'products.no_sales_reason',
      'products.haier_images',
      'inventory_items.on_hand as onHand',
      'inventory_items.locked as locked',
      picture.as('picture'),
    )) as ProductRow[];
  return new Map(rows.map((row) => [row.document_id, toProductForSale(row)]));
}

const askForProduct = createBatcher<string, ProductForSale | undefined>({
  name: 'product-for-sale',
  work: async (documentIds) => {
    const products = await selectProducts([...new Set(documentIds)]);
    return documentIds.map((documentId) => products.get(documentId));
  },
  maxSize: 200,
  maxInFlight: 1,
});

/**
 * Products by documentId, as they are now; those that do not exist are left out. One statement, which requests that
 * arrive together share; inside a transaction one of its own.
 */
export async function readProductsForSale(
  documentIds: string[],
  tx?: Tx,
): Promise<Map<string, ProductForSale>> {
  if (tx !== undefined || isInTransaction()) return selectProducts(documentIds, tx);
  const products = await Promise.all(documentIds.map(askForProduct));
  return new Map(
    products.flatMap((product) => (product === undefined ? [] : [[product.documentId, product]])),
  );
}

/** The row of a product in the default language, which stock points at, also when it is not on sale. Throws NOT_FOUND. */
export async function readProductId(documentId: string, tx?: Tx): Promise<number> {
  const row = await fetchRow<{ id: number }>(
    PRODUCT_UID,
    query(PRODUCT_UID, tx).where({ document_id: documentId, locale: DEFAULT_LOCALE }).select('id'),
  );
  if (row === undefined) throw notFound();
  return row.id;
}

/** The refusal of a product that is there but cannot be bought. */
export const notForSale = (product: { documentId: string; noSalesReason: string | null }): Refusal =>
  new Refusal('NOT_FOR_SALE', { details: { product: product.documentId, reason: product.noSalesReason } });

/** `PRICE_CHANGED` with the amount that would be asked now. */
export const priceChanged = (actualFen: number): Refusal =>
  new Refusal('PRICE_CHANGED', { details: { actualAmount: fenToYuan(actualFen) } });
