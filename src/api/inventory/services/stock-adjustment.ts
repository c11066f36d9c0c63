/** Stock that staff change by hand or by count. */
import { Refusal } from '../../../domain/refusal';
import { clock } from '../../../platform/clock';
import {
  insertRow,
  isCheckViolation,
  newDocument,
  query,
  toColumns,
  type Tx,
} from '../../../platform/database';
import { INVENTORY_ITEM_UID, INVENTORY_LOG_UID } from '../inventory-rows';
import type { StockFigures } from './stock';

export interface Adjustment {
  productDocumentId: string;
  /** The product's row in the default language, so that the panel can show its name. */
  productId: number;
  /** Pieces to add or take away, or the number that was counted. Exactly one of the two. */
  delta?: number;
  onHand?: number;
  reason: string;
  operator: string;
}

/** The refusal of figures that would fall below what is promised to orders. */
const belowLocked = (figures: StockFigures): Refusal =>
  new Refusal('OUT_OF_STOCK', {
    sentence: {
      zh: `库存不能低于已锁定数量（现有 ${figures.onHand}，已锁定 ${figures.locked}）`,
      en: `Stock cannot fall below what is locked for orders (on hand ${figures.onHand}, locked ${figures.locked})`,
    },
    details: { onHand: figures.onHand, locked: figures.locked },
  });

async function readFigures(tx: Tx, productDocumentId: string): Promise<StockFigures> {
  const [row] = (await query(INVENTORY_ITEM_UID, tx)
    .where('product_document_id', productDocumentId)
    .forUpdate()
    .select('on_hand', 'locked')) as { on_hand: number; locked: number }[];
  return { onHand: row?.on_hand ?? 0, locked: row?.locked ?? 0 };
}

/**
 * Changes stock by hand or by count, with a reason. Makes the inventory item on a product's first adjustment. Throws
 * OUT_OF_STOCK when the result would be below what is locked.
 */
export async function adjustStock(tx: Tx, adjustment: Adjustment): Promise<StockFigures> {
  const { productDocumentId, productId, reason, operator } = adjustment;
  await query(INVENTORY_ITEM_UID, tx)
    .insert(
      toColumns(INVENTORY_ITEM_UID, { ...newDocument(), productDocumentId, productId, onHand: 0, locked: 0 }),
    )
    .onConflict('product_document_id')
    .ignore();
  const before = await readFigures(tx, productDocumentId);
  const delta = adjustment.delta ?? (adjustment.onHand ?? before.onHand) - before.onHand;
  const after = { onHand: before.onHand + delta, locked: before.locked };
  if (after.onHand < after.locked) throw belowLocked(before);
  try {
    await query(INVENTORY_ITEM_UID, tx)
      .where('product_document_id', productDocumentId)
      .update({ on_hand: tx.raw('on_hand + ?', [delta]), updated_at: clock.now() });
  } catch (error) {
    if (isCheckViolation(error)) throw belowLocked(before);
    throw error;
  }
  await insertRow(INVENTORY_LOG_UID, tx, {
    productDocumentId,
    changeType: 'adjust',
    quantity: delta,
    onHandDelta: delta,
    lockedDelta: 0,
    onHandAfter: after.onHand,
    lockedAfter: after.locked,
    reason,
    operator,
  });
  return after;
}

export default () => ({ adjustStock });
