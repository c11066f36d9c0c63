/**
 * Goods of a supplier are sold against its word, which is up to a minute old and knows nothing of what this shop has sold and
 * not yet handed on. Here the shop counts that itself.
 */
import { isPostgres, query, type Tx } from '../../../platform/database';
import { outOfStock, type Shortage } from '../../inventory/services/stock';
import type { SupplierAllowance } from '../../product/supplier-stock';
import { ORDER_HISTORY_UID, ORDER_UID } from '../order-rows';

/** Class of the advisory locks on a supplier's products; the second key is the product's id. */
const PRODUCT_LOCK = 7_210_441;

/** Not handed on: waiting for its turn, or in the work list from which it may be pushed again. */
const NOT_PUSHED = ['none', 'push_pending', 'push_failed'];
/** The moves with which the supplier knows of an order, and its own figure counts it. */
const HANDED_ON = ['haier:pushed', 'haier:confirmed'];

/**
 * Pieces of each product that this shop has promised and the supplier's figure of that moment does not count: orders not
 * yet paid, paid and not pushed, and pushed since. Of all districts, because one warehouse may serve several.
 */
export async function countPromised(
  asked: { product: string; askedAt: Date }[],
  tx?: Tx,
): Promise<Map<string, number>> {
  if (asked.length === 0) return new Map();
  const rows = (await query(ORDER_UID, tx)
    .whereIn('orders.product_source', ['haier'])
    .where((anyOf) => {
      for (const { product, askedAt } of asked) {
        const pushedSince = query(ORDER_HISTORY_UID, tx)
          .whereRaw('order_histories.order_id = orders.id')
          .whereIn('order_histories.event', HANDED_ON)
          .where('order_histories.created_at', '>=', askedAt)
          .select('order_histories.id');
        anyOf.orWhere((one) =>
          one.where('orders.product_document_id', product).where((state) =>
            state
              .where('orders.status', 'pending')
              .orWhere((paid) =>
                paid
                  .whereIn('orders.status', ['paid', 'refunding'])
                  .whereIn('orders.haier_status', NOT_PUSHED),
              )
              .orWhere((pushed) =>
                pushed
                  .whereIn('orders.status', ['paid', 'refunding', 'shipped', 'completed'])
                  .where('orders.updated_at', '>=', askedAt)
                  .whereExists(pushedSince),
              ),
          ),
        );
      }
    })
    .groupBy('orders.product_document_id')
    .select('orders.product_document_id as product')
    .sum('orders.quantity as pieces')) as { product: string; pieces: number | string }[];
  return new Map(rows.map(({ product, pieces }) => [product, Number(pieces)]));
}

/** New orders of one product, counted together. */
export interface Wanted {
  product: string;
  productId: number;
  quantity: number;
}

/**
 * Whoever writes orders of one of these products waits here for whoever is writing some, until that has committed and can
 * be counted. SQLite has one writer anyway.
 */
async function takeTurns(tx: Tx, wanted: Wanted[]): Promise<void> {
  if (!isPostgres()) return;
  const ids = wanted.map(({ productId }) => productId).sort((one, other) => one - other);
  await tx.raw('select pg_advisory_xact_lock(?, id) from unnest(?::int[]) as id', [PRODUCT_LOCK, ids]);
}

function sumByProduct(wanted: Wanted[]): Wanted[] {
  const sums = new Map<string, Wanted>();
  for (const one of wanted)
    sums.set(one.product, { ...one, quantity: (sums.get(one.product)?.quantity ?? 0) + one.quantity });
  return [...sums.values()];
}

/** The oldest word of each product: what was promised since then is promised since the younger ones or counted by them. */
function oldestOf(allowances: SupplierAllowance[]): { product: string; askedAt: Date }[] {
  const oldest = new Map<string, Date>();
  for (const { product, askedAt } of allowances) {
    const known = oldest.get(product);
    if (known === undefined || askedAt < known) oldest.set(product, askedAt);
  }
  return [...oldest].map(([product, askedAt]) => ({ product, askedAt }));
}

/**
 * To be called with the new orders written, before the commit: counts them with all others against what the supplier had.
 * One shopper's word is for one district, and every word must hold. Throws OUT_OF_STOCK, which rolls all of it back.
 */
export async function keepWithinAllowances(
  tx: Tx,
  lines: Wanted[],
  allowances: SupplierAllowance[],
): Promise<void> {
  if (lines.length === 0) return;
  const wanted = sumByProduct(lines);
  await takeTurns(tx, wanted);
  const promised = await countPromised(oldestOf(allowances), tx);
  const shortages = wanted.flatMap(({ product, quantity }): Shortage[] => {
    const words = allowances.filter((allowance) => allowance.product === product);
    if (words.length === 0) throw new Error(`nobody was asked about the stock of ${product}`);
    const left = Math.min(...words.map(({ pieces }) => pieces)) - (promised.get(product) ?? 0);
    return left >= 0 ? [] : [{ product, requested: quantity, available: Math.max(left + quantity, 0) }];
  });
  if (shortages.length > 0) throw outOfStock(shortages);
}

export default () => ({ countPromised, keepWithinAllowances });
