/** Which answers of the catalogue a write makes worthless. */
import { PRODUCTS, productTag, SALES, STOCK, TAXONOMY } from './domain/catalogue-tags';
import type { TableWrite } from './platform/database';

/** Everything a shopper reads of products, categories and brands is made from these. */
const TABLES: readonly [pattern: RegExp, tags: readonly string[]][] = [
  [/^products(_\w+_lnk)?$/, [PRODUCTS]],
  [/^(categories|brands)(_\w+_lnk)?$/, [PRODUCTS, TAXONOMY]],
  [/^files(_related_mph)?$/, [PRODUCTS, TAXONOMY]],
];

const DOCUMENT_ID = /^[a-z0-9]{24,32}$/;

const productsNamed = ({ bindings }: TableWrite): string[] =>
  bindings.filter((value): value is string => typeof value === 'string' && DOCUMENT_ID.test(value));

/** True for an update of `products` that sets one column and nothing else. */
const setsOnly = ({ sql }: TableWrite, column: string): boolean =>
  new RegExp(`\\bset\\s+["\`]?${column}["\`]?\\s*=`, 'i').test(sql) && !/["`]?updated_at["`]?\s*=/i.test(sql);

/** A figure of products the statement names; of all of them when it names none. */
function figureTags(write: TableWrite, listsBy: string): readonly string[] {
  const products = productsNamed(write);
  return products.length === 0 ? [PRODUCTS] : [listsBy, ...products.map(productTag)];
}

function tagsOf(write: TableWrite): readonly string[] {
  const { table } = write;
  if (table === 'inventory_items') return figureTags(write, STOCK);
  if (table === 'products') {
    // Looks are counted every few seconds and written by the thousand; an answer is never that old.
    if (setsOnly(write, 'view_count')) return [];
    if (setsOnly(write, 'sales_count')) return figureTags(write, SALES);
  }
  return TABLES.find(([pattern]) => pattern.test(table))?.[1] ?? [];
}

/** True for a table the catalogue's answers are made from. */
export const isOfCatalogue = (table: string): boolean =>
  table === 'inventory_items' || TABLES.some(([pattern]) => pattern.test(table));

/** The tags of the answers these writes could change, each once. */
export const changedTags = (writes: TableWrite[]): string[] => [...new Set(writes.flatMap(tagsOf))];
