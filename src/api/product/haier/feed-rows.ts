/** The products Haier's feed is about, as rows: read with few statements, written with few, whatever their number. */
import { clock } from '../../../platform/clock';
import { fromColumns, insertRows, query, toColumns, type Tx } from '../../../platform/database';
import { DEFAULT_LOCALE } from '../../../platform/locale';
import { BRAND_UID, PRODUCT_UID, type ProductSource } from '../product-rows';
import { type FeedFacts, type HaierImages, type KnownProduct, NO_FACTS } from './feed';

const CATEGORY_UID = 'api::category.category';
/** SQLite takes at most 500 rows in one INSERT. */
const ROWS_PER_STATEMENT = 200;

const LINKS = {
  brand: { table: 'products_brand_lnk', column: 'brand_id', uid: BRAND_UID, target: 'brands' },
  category: {
    table: 'products_category_lnk',
    column: 'category_id',
    uid: CATEGORY_UID,
    target: 'categories',
  },
} as const;
type LinkName = keyof typeof LINKS;
const LINK_NAMES: readonly LinkName[] = ['brand', 'category'];

interface LocaleRow extends FeedFacts {
  id: number;
  documentId: string;
  locale: string;
  productCode: string;
  source: ProductSource;
}

/** A product of the shop with every language row it has. */
export interface StoredProduct {
  productCode: string;
  documentId: string;
  /** The row in the default language, which stock points at. */
  id: number;
  source: ProductSource;
  facts: KnownProduct;
  rows: { id: number; locale: string }[];
}

const FACT_NAMES = (Object.keys(NO_FACTS) as (keyof KnownProduct)[]).filter(
  (name): name is keyof FeedFacts => name !== 'brand' && name !== 'category',
);

async function readLinks(tx: Tx, name: LinkName, productIds: number[]): Promise<Map<number, string>> {
  const { table, column, target } = LINKS[name];
  const rows = (await tx(`${table} as link`)
    .join(`${target} as target`, 'target.id', `link.${column}`)
    .whereIn('link.product_id', productIds)
    .select('link.product_id as productId', 'target.document_id as documentId')) as {
    productId: number;
    documentId: string;
  }[];
  return new Map(rows.map(({ productId, documentId }) => [productId, documentId]));
}

const factsOf = (row: LocaleRow): FeedFacts => ({
  ...(Object.fromEntries(FACT_NAMES.map((name) => [name, row[name]])) as unknown as FeedFacts),
  // Null in rows from before the column was there.
  isSales: row.isSales === true,
  offSaleBySync: row.offSaleBySync === true,
  haierImages: orderedImages(row.haierImages),
});

/** PostgreSQL keeps the keys of an object in an order of its own. */
const orderedImages = (images: HaierImages | null): HaierImages | null =>
  images === null ? null : { main: images.main ?? null, pages: images.pages ?? [] };

/** The products with these codes, their rows locked until the transaction ends. */
export async function readStored(tx: Tx, codes: string[]): Promise<Map<string, StoredProduct>> {
  const found = (await query(PRODUCT_UID, tx)
    .whereIn('product_code', codes)
    .orderBy('id')
    .forUpdate()) as Record<string, unknown>[];
  const rows = found.map((row) => fromColumns<LocaleRow>(PRODUCT_UID, row));
  const byDocument = new Map<string, LocaleRow[]>();
  for (const row of rows) byDocument.set(row.documentId, [...(byDocument.get(row.documentId) ?? []), row]);
  const mains = [...byDocument.values()].flatMap(
    (group) => group.find(({ locale }) => locale === DEFAULT_LOCALE) ?? group[0] ?? [],
  );
  const ids = mains.map(({ id }) => id);
  const [brands, categories] = [
    await readLinks(tx, 'brand', ids),
    await readLinks(tx, 'category', ids),
  ] as const;
  return new Map(
    mains.map((main) => [
      main.productCode,
      {
        productCode: main.productCode,
        documentId: main.documentId,
        id: main.id,
        source: main.source,
        facts: {
          ...factsOf(main),
          brand: brands.get(main.id) ?? null,
          category: categories.get(main.id) ?? null,
        },
        rows: (byDocument.get(main.documentId) ?? []).map(({ id, locale }) => ({ id, locale })),
      },
    ]),
  );
}

function* slices<T>(rows: T[]): Generator<T[]> {
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT)
    yield rows.slice(start, start + ROWS_PER_STATEMENT);
}

const columnsOf = (facts: KnownProduct): Record<string, unknown> => {
  const { brand: _brand, category: _category, ...columns } = facts;
  return columns;
};

/** A change of one product: what it was, and what it must be. */
export interface FeedChange {
  stored: StoredProduct;
  next: KnownProduct;
}

/**
 * Writes the changes on every language row. An insert that always meets its row is an update of many rows with many values,
 * and both databases know the types of its columns.
 */
export async function updateProducts(tx: Tx, changes: FeedChange[]): Promise<void> {
  const now = clock.now();
  const rows = changes.flatMap(({ stored, next }) =>
    stored.rows.map(({ id }) => ({
      id,
      ...toColumns(PRODUCT_UID, { ...columnsOf(next), lastSyncAt: now, updatedAt: now }),
    })),
  );
  for (const slice of slices(rows)) {
    const columns = Object.keys(slice[0] ?? {}).filter((column) => column !== 'id');
    await query(PRODUCT_UID, tx).insert(slice).onConflict('id').merge(columns);
  }
  for (const name of LINK_NAMES) {
    const moved = changes.filter(({ stored, next }) => stored.facts[name] !== next[name]);
    await writeLinks(
      tx,
      name,
      moved.map(({ stored, next }) => ({ rows: stored.rows, target: next[name] })),
    );
  }
}

/** A new product: its values, and what it is linked to. */
export interface NewProduct {
  productCode: string;
  name: string;
  price: number;
  facts: KnownProduct;
}

/** Inserts products in the default language, not listed. Returns their numeric ids and documentIds by code. */
export async function insertProducts(
  tx: Tx,
  products: NewProduct[],
): Promise<Map<string, { id: number; documentId: string }>> {
  const now = clock.now();
  const made = new Map<string, { id: number; documentId: string }>();
  for (const slice of slices(products)) {
    const rows = await insertRows(
      PRODUCT_UID,
      tx,
      slice.map(({ productCode, name, price, facts }) => ({
        ...columnsOf(facts),
        productCode,
        name,
        price,
        source: 'haier',
        isActive: false,
        viewCount: 0,
        salesCount: 0,
        locale: DEFAULT_LOCALE,
        lastSyncAt: now,
      })),
    );
    rows.forEach(({ id, documentId }, index) =>
      made.set(slice[index]?.productCode ?? '', { id, documentId }),
    );
  }
  for (const name of LINK_NAMES) {
    await writeLinks(
      tx,
      name,
      products.flatMap(({ productCode, facts }) => {
        const row = made.get(productCode);
        return row === undefined || facts[name] === null
          ? []
          : [{ rows: [{ id: row.id, locale: DEFAULT_LOCALE }], target: facts[name] }];
      }),
    );
  }
  return made;
}

/** Links rows to the target's row in their own language, as Strapi does; to none where it has no such row. */
async function writeLinks(
  tx: Tx,
  name: LinkName,
  links: { rows: { id: number; locale: string }[]; target: string | null }[],
): Promise<void> {
  if (links.length === 0) return;
  const { table, column, uid } = LINKS[name];
  const documentIds = [...new Set(links.flatMap(({ target }) => target ?? []))];
  const targets = (await query(uid, tx)
    .whereIn('document_id', documentIds)
    .select('id', 'document_id', 'locale')) as { id: number; document_id: string; locale: string }[];
  const ids = new Map(targets.map((row) => [`${row.document_id} ${row.locale}`, row.id]));
  const rows = links.flatMap(({ rows, target }) =>
    rows.flatMap(({ id, locale }) => {
      const targetId = ids.get(`${target} ${locale}`);
      return targetId === undefined ? [] : [{ product_id: id, [column]: targetId }];
    }),
  );
  await tx(table)
    .whereIn(
      'product_id',
      links.flatMap((link) => link.rows.map(({ id }) => id)),
    )
    .delete();
  for (const slice of slices(rows)) await tx(table).insert(slice);
}

/** documentIds of these that still exist, of either kind. */
export async function findTargets(tx: Tx, name: LinkName, documentIds: string[]): Promise<Set<string>> {
  if (documentIds.length === 0) return new Set();
  const rows = (await query(LINKS[name].uid, tx)
    .whereIn('document_id', documentIds)
    .where('locale', DEFAULT_LOCALE)
    .select('document_id')) as { document_id: string }[];
  return new Set(rows.map((row) => row.document_id));
}
