export const PRODUCT_UID = 'api::product.product';
export const BRAND_UID = 'api::brand.brand';

/** A boolean column as the driver returns it: SQLite keeps 0 and 1. */
export const isTrue = (value: boolean | number | null): boolean => value === true || value === 1;

export type ProductSource = 'local' | 'haier';

/** Addresses of Haier's pictures of a product, as the row keeps them; shown where the product has none of its own. */
export function haierPictures(value: unknown): { mainImages: string[]; detailImages: string[] } {
  // SQLite keeps JSON as text, PostgreSQL hands jsonb over as text.
  const images = (typeof value === 'string' ? JSON.parse(value) : value) as {
    main?: string | null;
    pages?: string[];
  } | null;
  const { main = null, pages = [] } = images ?? {};
  return { mainImages: main === null ? pages.slice(0, 1) : [main], detailImages: pages };
}

/** A product as the catalogue reads it: default-language figures, texts in the language asked for. */
export interface ProductRow {
  id: number;
  document_id: string;
  name: string;
  /** Present when it was asked for. */
  description?: string | null;
  specifications: unknown;
  price: number | string;
  source: ProductSource;
  product_model: string | null;
  product_group: string | null;
  is_active: boolean | number | null;
  is_sales: boolean | number | null;
  no_sales_reason: string | null;
  /** Present when pictures were asked for. */
  haier_images?: unknown;
  sales_count: number | null;
  view_count: number | null;
  created_at: Date | number;
  updated_at: Date | number;
  /** On hand − locked; a product without an inventory item has none. */
  stock: number | string;
  category_document_id: string | null;
  category_name: string | null;
  brand_id: number | null;
  brand_document_id: string | null;
  brand_name: string | null;
}
