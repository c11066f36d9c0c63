/** What the catalogue's answers are made from, as the cache names it. */

/** Any product's own data, its category, brand or pictures. */
export const PRODUCTS = 'products';
/** Categories and brands. */
export const TAXONOMY = 'taxonomy';
/** Which products are in stock: lists that choose by it. */
export const STOCK = 'stock';
/** How often products were sold: lists in that order, and suggestions. */
export const SALES = 'sales';

/** The figures of one product. */
export const productTag = (documentId: string): string => `product:${documentId}`;
