import type { Knex } from 'knex';

import { yuanToFen } from '../../domain/money';
import type { ApplicableDiscount } from '../../domain/pricing';
import { clock } from '../../platform/clock';
import { createBatcher } from '../../platform/batching';
import { isInTransaction, query, type Tx } from '../../platform/database';
import { DEFAULT_LOCALE } from '../../platform/locale';

export const DISCOUNT_UID = 'api::discount.discount';

interface DiscountRow {
  productDocumentId: string;
  audience: 'everyone' | 'selected';
  /** One of the shoppers who were asked for and whom the discount names. */
  namedUserId: number | null;
  name: string;
  kind: 'amount' | 'percent';
  value: number | string;
  min_quantity: number | null;
  priority: number | null;
}

/** The discounts that count now for one shopper and the products it was read for. */
export interface DiscountBook {
  /** Those that cover this product. */
  forProduct(product: { documentId: string }): ApplicableDiscount[];
}

function toApplicable({ name, kind, value, min_quantity, priority }: DiscountRow): ApplicableDiscount {
  return {
    name,
    kind,
    // Fen off one piece, or hundredths of a percent: both are the two-place value times one hundred. Rounded, because
    // SQLite keeps a third place that somebody wrote past the forms; PostgreSQL rounded it when it was written.
    value: yuanToFen(Number(value).toFixed(2)),
    minQuantity: min_quantity ?? 1,
    priority: priority ?? 0,
  };
}

/** The levels above the one a product stands in; the tree has three. */
const ABOVE = [
  ['shelf', 'middle'],
  ['middle', 'top'],
] as const;

/** Joins the category of each product and the categories above it: a category stands for everything below it. */
function joinCategories(builder: Knex.QueryBuilder): void {
  builder
    .leftJoin('products_category_lnk as shelf_link', 'shelf_link.product_id', 'products.id')
    .leftJoin('categories as shelf', 'shelf.id', 'shelf_link.category_id');
  for (const [below, above] of ABOVE) {
    builder
      // The row in the default language is the one whose place in the tree is kept.
      .leftJoin(`categories as ${below}_place`, (join) =>
        join
          .on(`${below}_place.document_id`, `${below}.document_id`)
          .andOnVal(`${below}_place.locale`, DEFAULT_LOCALE),
      )
      .leftJoin(`categories_parent_lnk as ${above}_link`, `${above}_link.category_id`, `${below}_place.id`)
      .leftJoin(`categories as ${above}`, `${above}.id`, `${above}_link.inv_category_id`);
  }
}

const namesProduct = (named: Knex.QueryBuilder): unknown =>
  named
    .from('discounts_products_lnk as product_link')
    .join('products as named_product', 'named_product.id', 'product_link.product_id')
    .whereRaw('product_link.discount_id = discounts.id')
    .whereRaw('named_product.document_id = products.document_id');

const namesCategory = (named: Knex.QueryBuilder): unknown =>
  named
    .from('discounts_categories_lnk as category_link')
    .join('categories as named_category', 'named_category.id', 'category_link.category_id')
    .whereRaw('category_link.discount_id = discounts.id')
    .whereRaw('named_category.document_id in (shelf.document_id, middle.document_id, top.document_id)');

/** The discounts in force now for these products, with those of the shoppers whom they name: one statement for all. */
async function selectDiscounts(
  users: number[],
  products: string[],
  now: Date,
  tx?: Tx,
): Promise<DiscountRow[]> {
  const builder = query(DISCOUNT_UID, tx)
    .join('products', (join) =>
      join.onIn('products.document_id', products).andOnVal('products.locale', DEFAULT_LOCALE),
    )
    .leftJoin('discounts_users_lnk as user_link', (join) =>
      join.on('user_link.discount_id', 'discounts.id').andOnIn('user_link.user_id', users),
    )
    .where('discounts.is_active', true)
    .where((start) => start.whereNull('discounts.starts_at').orWhere('discounts.starts_at', '<=', now))
    .where((end) => end.whereNull('discounts.ends_at').orWhere('discounts.ends_at', '>', now))
    .where((who) => who.where('discounts.audience', 'everyone').orWhereNotNull('user_link.user_id'))
    .where((what) =>
      what
        .where('discounts.applies_to', 'all')
        .orWhereExists(namesProduct as Knex.QueryCallback)
        .orWhereExists(namesCategory as Knex.QueryCallback),
    )
    .select(
      'products.document_id as productDocumentId',
      'discounts.audience',
      'user_link.user_id as namedUserId',
      'discounts.name',
      'discounts.kind',
      'discounts.value',
      'discounts.min_quantity',
      'discounts.priority',
    );
  joinCategories(builder);
  return (await builder) as DiscountRow[];
}

interface DiscountQuestion {
  userId: number | undefined;
  products: string[];
}

const unique = <T>(values: T[]): T[] => [...new Set(values)];

/** Rows of several shoppers' questions, handed out to each: what is meant for one must not reach another. */
function bookFor({ userId, products }: DiscountQuestion, rows: DiscountRow[]): DiscountBook {
  const covering = new Map<string, ApplicableDiscount[]>();
  for (const row of rows) {
    const isMeant = row.audience === 'everyone' || (userId !== undefined && row.namedUserId === userId);
    if (!isMeant || !products.includes(row.productDocumentId)) continue;
    const known = covering.get(row.productDocumentId) ?? [];
    covering.set(row.productDocumentId, [...known, toApplicable(row)]);
  }
  return { forProduct: ({ documentId }) => covering.get(documentId) ?? [] };
}

async function readBooks(questions: DiscountQuestion[], now: Date, tx?: Tx): Promise<DiscountBook[]> {
  const users = unique(questions.flatMap(({ userId }) => (userId === undefined ? [] : [userId])));
  const products = unique(questions.flatMap((question) => question.products));
  const rows = products.length === 0 ? [] : await selectDiscounts(users, products, now, tx);
  return questions.map((question) => bookFor(question, rows));
}

const askForBook = createBatcher<DiscountQuestion, DiscountBook>({
  name: 'discounts',
  work: (questions) => readBooks(questions, clock.now()),
  maxSize: 100,
  maxInFlight: 1,
});

/**
 * The discounts in force for a shopper and these products (documentIds). What a discount covers is what it states: one
 * for selected products whose last link is gone covers nothing. One statement, which requests that arrive together
 * share; inside a transaction, or for another moment than now, one of its own.
 */
export async function readDiscountBook(
  userId: number | undefined,
  products: string[],
  { tx, now }: { tx?: Tx; now?: Date } = {},
): Promise<DiscountBook> {
  const question = { userId, products };
  if (tx === undefined && now === undefined && !isInTransaction()) return askForBook(question);
  const [book] = await readBooks([question], now ?? clock.now(), tx);
  if (book === undefined) throw new Error('a discount book was not read');
  return book;
}
