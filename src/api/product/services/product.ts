/** What shoppers read of the catalogue's products. */
import { notFound } from '../../../domain/refusal';
import { isDocumentId, type Pagination } from '../../../platform/request';
import { readPictures, type Pictures } from '../../../platform/pictures';
import type { Locale } from '../../../platform/locale';
import { createReader } from '../../../platform/read-together';
import { presentProduct, type PresentedProduct } from '../presenters/product';
import { BRAND_UID, PRODUCT_UID, type ProductRow } from '../product-rows';
import { listProducts } from '../queries/product-list';
import { activeProducts, dressProducts, type ReadOptions } from '../queries/product-rows';
import { bestSellers, boughtTogether, sameCategory } from '../queries/suggestions';
import type {
  ProductListRequest,
  ProductRequest,
  ProductSelection,
  SuggestionRequest,
} from '../validation/product-query';

/** Pictures of all products of an answer, and the logos of their brands, with one statement. */
function readProductPictures(rows: ProductRow[], { selection }: ReadOptions): Promise<Pictures> {
  const ids = rows.map((row) => row.id);
  const brandIds = rows.flatMap((row) => (row.brand_id == null ? [] : [row.brand_id]));
  return readPictures([
    { uid: PRODUCT_UID, field: 'mainImages', ids: selection.relations.has('mainImages') ? ids : [] },
    { uid: PRODUCT_UID, field: 'detailImages', ids: selection.relations.has('detailImages') ? ids : [] },
    { uid: BRAND_UID, field: 'logo', ids: selection.relations.has('brand') ? brandIds : [] },
  ]);
}

async function present(rows: ProductRow[], options: ReadOptions): Promise<PresentedProduct[]> {
  const pictures = await readProductPictures(rows, options);
  return rows.map((row) => presentProduct(row, { ...options, pictures }));
}

/** One page of active products and where it stands. */
export async function findProducts(
  request: ProductListRequest,
): Promise<{ products: PresentedProduct[]; pagination: Pagination }> {
  const { rows, pagination } = await listProducts(request);
  return { products: await present(rows as unknown as ProductRow[], request), pagination };
}

async function readByDocumentIds(documentIds: string[], options: ReadOptions): Promise<ProductRow[]> {
  if (documentIds.length === 0) return [];
  const page = activeProducts(options).whereIn('products.document_id', documentIds);
  const rows = (await dressProducts(page, [], options)) as ProductRow[];
  const byDocument = new Map(rows.map((row) => [row.document_id, row]));
  return documentIds.flatMap((documentId) => byDocument.get(documentId) ?? []);
}

interface ProductQuestion extends ReadOptions {
  documentId: string;
}
/** The row of a product, and pictures among which its own are. */
interface FoundProduct {
  row: ProductRow;
  pictures: Pictures;
}

/** Everything that any of them wants; what a caller has not asked for is not shown to it. */
const allWanted = (questions: ProductQuestion[]): ProductSelection => ({
  fields: new Set(questions.flatMap(({ selection }) => [...selection.fields])),
  relations: new Set(questions.flatMap(({ selection }) => [...selection.relations])),
});

async function findTogether(
  questions: ProductQuestion[],
  locale: Locale,
): Promise<Map<string, FoundProduct>> {
  const options = { locale, selection: allWanted(questions) };
  const rows = await readByDocumentIds([...new Set(questions.map(({ documentId }) => documentId))], options);
  const pictures = await readProductPictures(rows, options);
  return new Map(rows.map((row) => [row.document_id, { row, pictures }]));
}

const askForProduct = createReader<ProductQuestion, FoundProduct | undefined>({
  name: 'product',
  maxSize: 100,
  work: async (questions) => {
    const locales = [...new Set(questions.map(({ locale }) => locale))];
    const found = new Map(
      await Promise.all(
        locales.map(async (locale) => {
          const ofLocale = questions.filter((question) => question.locale === locale);
          return [locale, await findTogether(ofLocale, locale)] as const;
        }),
      ),
    );
    return questions.map(({ documentId, locale }) => found.get(locale)?.get(documentId));
  },
});

/** An active product. Throws NOT_FOUND for any other. Requests that come at the same time share their statements. */
export async function findProduct(documentId: string, request: ProductRequest): Promise<PresentedProduct> {
  const found = isDocumentId(documentId) ? await askForProduct({ ...request, documentId }) : undefined;
  if (found === undefined) throw notFound();
  return presentProduct(found.row, { ...request, pictures: found.pictures });
}

/**
 * Products to show beside this one: what its buyers bought too, then best sellers of its category, of that category's
 * parent and of the shop; never itself. Throws NOT_FOUND when there is no such active product.
 */
export async function findRelatedProducts(
  documentId: string,
  request: SuggestionRequest,
): Promise<PresentedProduct[]> {
  await findProduct(documentId, {
    locale: request.locale,
    selection: { fields: new Set(), relations: new Set() },
  });
  const { limit } = request;
  const found = await boughtTogether(documentId, limit);
  for (const more of [
    (missing: number) => sameCategory(documentId, found, { limit: missing, within: 'category' }),
    (missing: number) => sameCategory(documentId, found, { limit: missing, within: 'parent' }),
    (missing: number) => bestSellers(missing, [documentId, ...found]),
  ]) {
    if (found.length < limit) found.push(...(await more(limit - found.length)));
  }
  return present(await readByDocumentIds(found, request), request);
}

/** Best sellers, then the newest. */
export async function findRecommendedProducts(request: SuggestionRequest): Promise<PresentedProduct[]> {
  return present(await readByDocumentIds(await bestSellers(request.limit), request), request);
}
