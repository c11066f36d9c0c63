import type { ApplicableDiscount } from '../../domain/pricing';
import { yuanToFen } from '../../domain/money';
import { clock } from '../../platform/clock';
import { connectionFor, query, type Tx } from '../../platform/database';

const DISCOUNT_UID = 'api::discount.discount';

interface DiscountRow {
  id: number;
  name: string;
  kind: 'amount' | 'percent';
  value: number;
  min_quantity: number | null;
  priority: number | null;
}

interface DiscountScope {
  row: DiscountRow;
  /** documentIds of products and categories it is limited to; both empty = everything. */
  products: Set<string>;
  categories: Set<string>;
}

export interface PricedProduct {
  documentId: string;
  categoryDocumentId: string | null;
}

/** The discounts that count now for one shopper, with what each is limited to. */
export interface DiscountBook {
  /** Those that cover this product. */
  forProduct(product: PricedProduct): ApplicableDiscount[];
}

async function linkedDocuments(
  ids: number[],
  link: string,
  target: string,
  column: string,
  tx?: Tx,
): Promise<Map<number, Set<string>>> {
  const rows = (await connectionFor(tx)(link)
    .join(target, `${target}.id`, `${link}.${column}`)
    .whereIn(`${link}.discount_id`, ids)
    .select(`${link}.discount_id as discountId`, `${target}.document_id as documentId`)) as {
    discountId: number;
    documentId: string;
  }[];
  const result = new Map<number, Set<string>>();
  for (const { discountId, documentId } of rows) {
    const known = result.get(discountId) ?? new Set<string>();
    result.set(discountId, known.add(documentId));
  }
  return result;
}

function toApplicable({ name, kind, value, min_quantity, priority }: DiscountRow): ApplicableDiscount {
  return {
    name,
    kind,
    // Fen off one piece, or hundredths of a percent: both are the two-place value times one hundred.
    value: yuanToFen(Number(value)),
    minQuantity: min_quantity ?? 1,
    priority: priority ?? 0,
  };
}

/** A category stands for everything below it: each scope also gets the categories under its own. */
async function addDescendants(scopes: Iterable<Set<string>>, tx?: Tx): Promise<void> {
  const rows = (await connectionFor(tx)('categories_parent_lnk')
    .join('categories as child', 'child.id', 'categories_parent_lnk.category_id')
    .join('categories as parent', 'parent.id', 'categories_parent_lnk.inv_category_id')
    .distinct('child.document_id as child', 'parent.document_id as parent')) as {
    child: string;
    parent: string;
  }[];
  for (const scope of scopes) {
    // The tree has three levels, so two passes reach everything.
    for (let pass = 0; pass < 2; pass += 1) {
      for (const { child, parent } of rows) if (scope.has(parent)) scope.add(child);
    }
  }
}

/**
 * Reads the discounts in force now for a shopper (those for everyone and those naming them). One statement when there
 * are none, four at most when there are some, whatever the size of the basket.
 */
export async function readDiscountBook(userId: number | undefined, tx?: Tx): Promise<DiscountBook> {
  const now = clock.now();
  const links = 'discounts_users_lnk';
  const rows = (await query(DISCOUNT_UID, tx)
    .where('is_active', true)
    .where((start) => start.whereNull('starts_at').orWhere('starts_at', '<=', now))
    .where((end) => end.whereNull('ends_at').orWhere('ends_at', '>', now))
    .where((who) => {
      who.whereNotExists((named) => named.from(links).whereRaw(`${links}.discount_id = discounts.id`));
      if (userId !== undefined) {
        who.orWhereExists((named) =>
          named.from(links).whereRaw(`${links}.discount_id = discounts.id`).where(`${links}.user_id`, userId),
        );
      }
    })
    .select('id', 'name', 'kind', 'value', 'min_quantity', 'priority')) as DiscountRow[];
  if (rows.length === 0) return { forProduct: () => [] };

  const ids = rows.map((row) => row.id);
  const products = await linkedDocuments(ids, 'discounts_products_lnk', 'products', 'product_id', tx);
  const categories = await linkedDocuments(ids, 'discounts_categories_lnk', 'categories', 'category_id', tx);
  if (categories.size > 0) await addDescendants(categories.values(), tx);
  const scopes: DiscountScope[] = rows.map((row) => ({
    row,
    products: products.get(row.id) ?? new Set(),
    categories: categories.get(row.id) ?? new Set(),
  }));
  return {
    forProduct: ({ documentId, categoryDocumentId }) =>
      scopes
        .filter(
          (scope) =>
            (scope.products.size === 0 && scope.categories.size === 0) ||
            scope.products.has(documentId) ||
            (categoryDocumentId !== null && scope.categories.has(categoryDocumentId)),
        )
        .map((scope) => toApplicable(scope.row)),
  };
}
