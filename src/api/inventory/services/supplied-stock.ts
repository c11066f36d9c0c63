/** Stock of goods somebody else keeps, as their owner counts it; written by the synchronisation. */
import { clock } from '../../../platform/clock';
import { insertRows, newDocument, query, toColumns, type Tx } from '../../../platform/database';
import { INVENTORY_ITEM_UID, INVENTORY_LOG_UID } from '../inventory-rows';
import { byProduct } from './stock';

export interface SuppliedStock {
  productDocumentId: string;
  /** The product's row in the default language. */
  productId: number;
  /** What the supplier has. */
  pieces: number;
}

interface ItemRow {
  product_document_id: string;
  on_hand: number;
  locked: number;
}

const lockItems = async (tx: Tx, products: string[]): Promise<Map<string, ItemRow>> => {
  const rows = (await query(INVENTORY_ITEM_UID, tx)
    .whereIn('product_document_id', products)
    .orderBy('product_document_id')
    .forUpdate()
    .select('product_document_id', 'on_hand', 'locked')) as ItemRow[];
  return new Map(rows.map((row) => [row.product_document_id, row]));
};

async function makeMissingItems(tx: Tx, lines: SuppliedStock[]): Promise<void> {
  if (lines.length === 0) return;
  await query(INVENTORY_ITEM_UID, tx)
    .insert(
      lines.map(({ productDocumentId, productId }) =>
        toColumns(INVENTORY_ITEM_UID, {
          ...newDocument(),
          productDocumentId,
          productId,
          onHand: 0,
          locked: 0,
        }),
      ),
    )
    .onConflict('product_document_id')
    .ignore();
}

/**
 * Sets on hand to the supplier's figure, never below what is promised to orders, with a ledger row `sync` for each figure
 * that changes and nothing for the others. Returns the products whose figure changed.
 */
export async function setSuppliedStock(
  tx: Tx,
  lines: SuppliedStock[],
  operator: string,
): Promise<Set<string>> {
  const sorted = byProduct(lines);
  const products = sorted.map(({ productDocumentId }) => productDocumentId);
  if (products.length === 0) return new Set();
  let items = await lockItems(tx, products);
  const missing = sorted.filter((line) => line.pieces > 0 && !items.has(line.productDocumentId));
  if (missing.length > 0) {
    await makeMissingItems(tx, missing);
    items = await lockItems(tx, products);
  }
  const moves = sorted.flatMap((line) => {
    const item = items.get(line.productDocumentId);
    if (item === undefined) return [];
    const onHand = Math.max(line.pieces, item.locked);
    return onHand === item.on_hand ? [] : [{ product: line.productDocumentId, onHand, before: item }];
  });
  if (moves.length === 0) return new Set();
  const cases = moves.map(() => 'when ? then cast(? as integer)').join(' ');
  const moved = moves.map(({ product }) => product);
  await query(INVENTORY_ITEM_UID, tx)
    .whereIn('product_document_id', moved)
    .update({
      on_hand: tx.raw(
        `case product_document_id ${cases} end`,
        moves.flatMap(({ product, onHand }) => [product, onHand]),
      ),
      updated_at: clock.now(),
    });
  await insertRows(
    INVENTORY_LOG_UID,
    tx,
    moves.map(({ product, onHand, before }) => ({
      productDocumentId: product,
      changeType: 'sync',
      quantity: onHand - before.on_hand,
      onHandDelta: onHand - before.on_hand,
      lockedDelta: 0,
      onHandAfter: onHand,
      lockedAfter: before.locked,
      operator,
    })),
  );
  return new Set(moved);
}

export default () => ({ setSuppliedStock });
