/**
 * Keeps Haier's products as Haier has them: many at once, with a handful of statements whatever their number. Rows that do
 * not differ are not written. Everything joins the transaction that is open around it.
 */
import {
  inTransaction,
  isConstraintViolation,
  isDataException,
  query,
  type Tx,
} from '../../../platform/database';
import { DEFAULT_LOCALE } from '../../../platform/locale';
import { setSuppliedStock } from '../../inventory/services/supplied-stock';
import {
  applyFeed,
  checkCode,
  compareFacts,
  type FeedUpdate,
  type KnownProduct,
  NO_FACTS,
  proposedName,
  proposedPrice,
  takenOffSale,
  UnusableFeed,
} from '../haier/feed';
import {
  type FeedChange,
  findTargets,
  insertProducts,
  type NewProduct,
  readStored,
  type StoredProduct,
  updateProducts,
} from '../haier/feed-rows';
import { isTrue, PRODUCT_UID } from '../product-rows';

export type { FeedUpdate } from '../haier/feed';

export type FeedResult =
  | { productCode: string; outcome: 'created' | 'unchanged' }
  | { productCode: string; outcome: 'changed'; fields: string[] }
  | { productCode: string; outcome: 'failed'; reason: string };

/** Who stands beside the ledger rows of a synchronisation. */
const OPERATOR = 'system:haier-sync';

/** What one update comes to, before anything is written. */
type Plan =
  | { kind: 'create'; update: FeedUpdate; product: NewProduct }
  | { kind: 'update'; update: FeedUpdate; change: FeedChange; fields: string[]; isWritten: boolean }
  | { kind: 'fail'; update: FeedUpdate; reason: string };

function planOne(update: FeedUpdate, stored: StoredProduct | undefined): Plan {
  checkCode(update.productCode);
  if (stored === undefined) {
    if (update.product === undefined)
      throw new UnusableFeed('本店没有该编码的商品 no product of the shop has this code');
    if (update.price === undefined)
      throw new UnusableFeed('未取得价格，暂不创建 no price is known yet, so it is not created');
    const product: NewProduct = {
      productCode: update.productCode,
      name: proposedName(update),
      price: proposedPrice(update),
      facts: applyFeed(NO_FACTS, update),
    };
    return { kind: 'create', update, product };
  }
  if (stored.source !== 'haier')
    throw new UnusableFeed('该编码属于本店自营商品 the code belongs to goods of the shop itself');
  const next = applyFeed(stored.facts, update);
  const { fields, isInnerOnly } = compareFacts(stored.facts, next);
  return {
    kind: 'update',
    update,
    change: { stored, next },
    fields,
    isWritten: fields.length > 0 || isInnerOnly,
  };
}

function planSafely(update: FeedUpdate, stored: StoredProduct | undefined): Plan {
  try {
    return planOne(update, stored);
  } catch (error) {
    if (error instanceof UnusableFeed) return { kind: 'fail', update, reason: error.message };
    throw error;
  }
}

/** The mapping may still name a brand or category that staff have deleted: then nothing is mapped. */
async function withLivingTargets(tx: Tx, updates: FeedUpdate[]): Promise<FeedUpdate[]> {
  const named = (name: 'brand' | 'category'): string[] => [
    ...new Set(updates.flatMap(({ product }) => product?.[name] ?? [])),
  ];
  const brands = await findTargets(tx, 'brand', named('brand'));
  const categories = await findTargets(tx, 'category', named('category'));
  const living = (target: string | null, known: Set<string>): string | null =>
    target !== null && known.has(target) ? target : null;
  return updates.map((update) =>
    update.product === undefined
      ? update
      : {
          ...update,
          product: {
            ...update.product,
            brand: living(update.product.brand, brands),
            category: living(update.product.category, categories),
          },
        },
  );
}

async function writeStock(
  tx: Tx,
  plans: Plan[],
  made: Map<string, { id: number; documentId: string }>,
): Promise<Set<string>> {
  const lines = plans.flatMap((plan) => {
    const { pieces, productCode } = plan.update;
    if (pieces === undefined || plan.kind === 'fail') return [];
    const row = plan.kind === 'create' ? made.get(productCode) : plan.change.stored;
    return row === undefined ? [] : [{ productDocumentId: row.documentId, productId: row.id, pieces }];
  });
  return setSuppliedStock(tx, lines, OPERATOR);
}

function resultOf(plan: Plan, restocked: Set<string>): FeedResult {
  const { productCode } = plan.update;
  if (plan.kind === 'fail') return { productCode, outcome: 'failed', reason: plan.reason };
  if (plan.kind === 'create') return { productCode, outcome: 'created' };
  const fields = restocked.has(plan.change.stored.documentId) ? [...plan.fields, 'stock'] : plan.fields;
  return fields.length === 0
    ? { productCode, outcome: 'unchanged' }
    : { productCode, outcome: 'changed', fields };
}

async function writeAll(tx: Tx, updates: FeedUpdate[]): Promise<FeedResult[]> {
  const stored = await readStored(
    tx,
    updates.map(({ productCode }) => productCode),
  );
  const living = await withLivingTargets(tx, updates);
  const plans = living.map((update) => planSafely(update, stored.get(update.productCode)));
  const made = await insertProducts(
    tx,
    plans.flatMap((plan) => (plan.kind === 'create' ? [plan.product] : [])),
  );
  await updateProducts(
    tx,
    plans.flatMap((plan) => (plan.kind === 'update' && plan.isWritten ? [plan.change] : [])),
  );
  const restocked = await writeStock(tx, plans, made);
  return plans.map((plan) => resultOf(plan, restocked));
}

/** True for a row the database will not take; anything else is trouble of the database and not of a product. */
const isRowsFault = (error: unknown): boolean => isConstraintViolation(error) || isDataException(error);

/** Undone as one when it fails, also inside a larger transaction. */
const atSavepoint = <T>(tx: Tx, work: (savepoint: Tx) => Promise<T>): Promise<T> => tx.transaction(work);

async function writeOneByOne(tx: Tx, updates: FeedUpdate[]): Promise<FeedResult[]> {
  const results: FeedResult[] = [];
  for (const update of updates) {
    try {
      results.push(...(await atSavepoint(tx, (savepoint) => writeAll(savepoint, [update]))));
    } catch (error) {
      if (!isRowsFault(error)) throw error;
      const { productCode } = update;
      results.push({
        productCode,
        outcome: 'failed',
        reason: '数据库不接受该商品的数据 the database refused this row',
      });
    }
  }
  return results;
}

/**
 * Writes what differs. New products are not listed and carry a proposed price; the price, name and listing of a product that
 * exists are never touched. One result for each update, in their order; a product that cannot be written fails alone.
 */
export async function applyFeedUpdates(updates: FeedUpdate[]): Promise<FeedResult[]> {
  if (updates.length === 0) return [];
  if (new Set(updates.map(({ productCode }) => productCode)).size < updates.length)
    throw new Error('one product twice in one batch');
  return inTransaction(async (tx) => {
    try {
      return await atSavepoint(tx, (savepoint) => writeAll(savepoint, updates));
    } catch (error) {
      if (!isRowsFault(error)) throw error;
      return writeOneByOne(tx, updates);
    }
  });
}

/** Takes goods Haier no longer offers off sale. Returns the codes of those that were on sale until now. */
export async function takeHaierGoodsOffSale(productCodes: string[], reason: string): Promise<string[]> {
  return inTransaction(async (tx) => {
    const stored = [...(await readStored(tx, productCodes)).values()];
    const changes = stored.flatMap((product): FeedChange[] => {
      const { source, facts } = product;
      if (source !== 'haier' || !facts.isSales) return [];
      const next: KnownProduct = { ...facts, ...takenOffSale(facts, reason) };
      return [{ stored: product, next }];
    });
    await updateProducts(tx, changes);
    return changes.map((change) => change.stored.productCode);
  });
}

/** Codes of Haier's goods in the shop, in order, after `after`, and whether they are for sale. */
export async function listHaierCodes(
  after: string | null,
  limit: number,
): Promise<{ productCode: string; isOnSale: boolean }[]> {
  const builder = query(PRODUCT_UID)
    .where({ locale: DEFAULT_LOCALE, source: 'haier' })
    .whereNotNull('product_code')
    .orderBy('product_code')
    .limit(limit)
    .select('product_code', 'is_sales');
  if (after !== null) builder.where('product_code', '>', after);
  const rows = (await builder) as { product_code: string; is_sales: boolean | number | null }[];
  return rows.map((row) => ({ productCode: row.product_code, isOnSale: isTrue(row.is_sales) }));
}

/** What a name of Haier's may be mapped to. */
export async function listMappingTargets(
  kind: 'brand' | 'category',
): Promise<{ documentId: string; name: string }[]> {
  const rows = (await query(kind === 'brand' ? 'api::brand.brand' : 'api::category.category')
    .where('locale', DEFAULT_LOCALE)
    .orderBy(['order', 'id'])
    .select('document_id', 'name')) as { document_id: string; name: string }[];
  return rows.map((row) => ({ documentId: row.document_id, name: row.name }));
}

export default () => ({ applyFeedUpdates, takeHaierGoodsOffSale, listHaierCodes, listMappingTargets });
