import { formatFen, yuanToFen } from '../../../domain/money';
import { pick } from '../../../platform/listing';
import type { Locale } from '../../../platform/locale';
import type { Picture, Pictures } from '../../../platform/pictures';
import { isoTime } from '../../../platform/request';
import { BRAND_UID, haierPictures, isTrue, PRODUCT_UID, type ProductRow } from '../product-rows';
import type { ProductField, ProductRelation, ProductSelection } from '../validation/product-query';

interface Named {
  documentId: string;
  name: string;
}

/** A product as shoppers see it. Costs, rebates and the supplier's code are not among its fields, whatever is asked. */
export interface PresentedProduct {
  documentId: string;
  name?: string;
  description?: string | null;
  category?: Named | null;
  brand?: (Named & { logo: Picture | null }) | null;
  /** Yuan. */
  price?: number;
  /** The same price as a text with two places, ready to be shown: "2999.00". */
  displayPrice?: string;
  source?: string;
  productModel?: string | null;
  productGroup?: string | null;
  specifications?: unknown;
  mainImages?: Picture[];
  detailImages?: Picture[];
  isActive?: boolean;
  isSales?: boolean;
  noSalesReason?: string | null;
  /** It can be put into an order now; of Haier's goods only Haier can say whether there is stock in a district. */
  isAvailable?: boolean;
  /** On hand − locked. */
  stock?: number;
  salesCount?: number;
  viewCount?: number;
  createdAt?: string | null;
  updatedAt?: string | null;
  locale?: string;
}

const toTime = (value: Date | number): string | null =>
  isoTime(value instanceof Date ? value : new Date(value));

/** True when a shopper can order this product now, as far as the shop's own books say. */
export function isAvailable(
  row: Pick<ProductRow, 'is_active' | 'is_sales' | 'price' | 'source' | 'stock'>,
): boolean {
  const isOnSale = isTrue(row.is_active) && isTrue(row.is_sales) && yuanToFen(Number(row.price)) > 0;
  return isOnSale && (row.source !== 'local' || Number(row.stock) > 0);
}

/** SQLite keeps JSON as text, PostgreSQL hands jsonb over as text. */
const parseJson = (value: unknown): unknown =>
  typeof value === 'string' ? (JSON.parse(value) as unknown) : (value ?? null);

const FIELDS: Record<ProductField, (row: ProductRow, locale: Locale) => unknown> = {
  name: (row) => row.name,
  description: (row) => row.description ?? null,
  price: (row) => Number(row.price),
  displayPrice: (row) => formatFen(yuanToFen(Number(row.price))),
  source: (row) => row.source,
  productModel: (row) => row.product_model,
  productGroup: (row) => row.product_group,
  specifications: (row) => parseJson(row.specifications),
  isActive: (row) => isTrue(row.is_active),
  isSales: (row) => isTrue(row.is_sales),
  noSalesReason: (row) => row.no_sales_reason,
  isAvailable,
  stock: (row) => Number(row.stock),
  salesCount: (row) => row.sales_count ?? 0,
  viewCount: (row) => row.view_count ?? 0,
  createdAt: (row) => toTime(row.created_at),
  updatedAt: (row) => toTime(row.updated_at),
  locale: (_row, locale) => locale,
};

const named = (documentId: string | null, name: string | null): Named | null =>
  documentId === null ? null : { documentId, name: name ?? '' };

/** The product's own pictures, else Haier's, whose size nobody here knows. */
function picturesOf(row: ProductRow, field: 'mainImages' | 'detailImages', pictures: Pictures): Picture[] {
  const own = pictures.of(PRODUCT_UID, field, row.id);
  if (own.length > 0) return own;
  return haierPictures(row.haier_images)[field].map((url) => ({
    ...{ url, width: null, height: null },
    alternativeText: row.name,
  }));
}

const RELATIONS: Record<ProductRelation, (row: ProductRow, pictures: Pictures) => unknown> = {
  category: (row) => named(row.category_document_id, row.category_name),
  brand: (row, pictures) => {
    const brand = named(row.brand_document_id, row.brand_name);
    return brand === null
      ? null
      : { ...brand, logo: pictures.of(BRAND_UID, 'logo', row.brand_id)[0] ?? null };
  },
  mainImages: (row, pictures) => picturesOf(row, 'mainImages', pictures),
  detailImages: (row, pictures) => picturesOf(row, 'detailImages', pictures),
};

/** The parts of a product that were asked for; its documentId always. */
export function presentProduct(
  row: ProductRow,
  { pictures, locale, selection }: { pictures: Pictures; locale: Locale; selection: ProductSelection },
): PresentedProduct {
  const parts: Record<string, unknown> = { documentId: row.document_id };
  for (const field of selection.fields) parts[field] = FIELDS[field](row, locale);
  for (const relation of selection.relations) {
    const shown = RELATIONS[relation](row, pictures);
    const wanted = selection.nested?.get(relation);
    parts[relation] = wanted === undefined ? shown : pick(shown, wanted);
  }
  // Built from the two tables above, whose keys are the names in the interface.
  return parts as unknown as PresentedProduct;
}
