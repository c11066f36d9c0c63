import { notFound, Refusal, validationFailed } from '../../../domain/refusal';
import { isDocumentId } from '../../../platform/request';
import { DEFAULT_LOCALE } from '../../../platform/locale';
import { isAvailable } from '../presenters/product';
import type { ProductRow } from '../product-rows';
import { activeProducts, dressProducts } from '../queries/product-rows';
import { type Availability, supplierStock } from '../supplier-stock';

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
  return supplierStock.readAvailability({
    productDocumentId: documentId,
    productCode: product.product_code,
    districtCode,
  });
}
