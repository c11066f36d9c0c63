import { notFound, Refusal, validationFailed } from '../../../domain/refusal';
import { isDocumentId } from '../../../platform/request';
import { DEFAULT_LOCALE } from '../../../platform/locale';
import { isAvailable } from '../presenters/product';
import type { ProductRow } from '../product-rows';
import { activeProducts, dressProducts } from '../queries/product-rows';

/** Whether a product can be bought for delivery to a district, and how many. */
export interface Availability {
  available: boolean;
  stock: number;
  /** When the goods would arrive, in the supplier's words. */
  deliveryPromise?: string;
}

/** Who knows the stock of goods that are not in our own house. */
export interface SupplierStock {
  /** Asks live. Throws UPSTREAM_UNAVAILABLE, UPSTREAM_FAILED, REGION_UNKNOWN or NOT_FOR_SALE. */
  readAvailability(request: {
    productDocumentId: string;
    productCode: string;
    districtCode: string;
  }): Promise<Availability>;
}

/** Until a supplier is connected nobody can answer for its goods. */
const NOT_CONNECTED: SupplierStock = {
  readAvailability: () => Promise.reject(new Refusal('UPSTREAM_UNAVAILABLE')),
};

let haierStock = NOT_CONNECTED;

/** Connects whoever answers for Haier's goods; called once at start. */
export function connectHaierStock(supplier: SupplierStock): void {
  haierStock = supplier;
}

async function readProduct(
  documentId: string,
): Promise<(ProductRow & { product_code: string | null }) | undefined> {
  if (!isDocumentId(documentId)) return undefined;
  const options = {
    locale: DEFAULT_LOCALE,
    selection: { fields: new Set<never>(), relations: new Set<never>() },
  } as const;
  const page = activeProducts(options)
    .where('products.document_id', documentId)
    .select('products.product_code');
  const [row] = (await dressProducts(page, [], options)) as (ProductRow & { product_code: string | null })[];
  return row;
}

/**
 * What is available of a product, in a district when one is given; goods of our own are sent anywhere. Throws NOT_FOUND,
 * VALIDATION_FAILED when Haier's goods are asked for without a district, and what the supplier refuses.
 */
export async function readAvailability(
  documentId: string,
  { districtCode }: { districtCode?: string },
): Promise<Availability> {
  const product = await readProduct(documentId);
  if (product === undefined) throw notFound();
  if (product.source === 'local') return { available: isAvailable(product), stock: Number(product.stock) };
  if (districtCode === undefined)
    throw validationFailed([{ path: ['districtCode'], message: 'is needed for this product' }]);
  if (!isAvailable(product)) return { available: false, stock: 0 };
  // Haier knows its goods by their code; about one without nobody can be asked.
  if (product.product_code === null) throw new Refusal('UPSTREAM_UNAVAILABLE');
  return haierStock.readAvailability({
    productDocumentId: documentId,
    productCode: product.product_code,
    districtCode,
  });
}

export default () => ({ readAvailability, connectHaierStock });
