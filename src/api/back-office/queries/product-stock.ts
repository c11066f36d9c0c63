import { fetchRow, fetchRows, query } from '../../../platform/database';
import {
  INVENTORY_ITEM_UID,
  INVENTORY_LOG_UID,
  type InventoryItemRow,
  type InventoryLogRow,
} from '../../inventory/inventory-rows';
import { readProductId } from '../../product/products-for-sale';

const SHOWN_LOG_LINES = 10;

export interface ProductStock {
  onHand: number;
  locked: number;
  log: InventoryLogRow[];
}

/** A product's figures and the last movements of its stock; zeroes for one that was never stocked. Throws NOT_FOUND. */
export async function readProductStock(documentId: string): Promise<ProductStock> {
  await readProductId(documentId);
  const item = await fetchRow<InventoryItemRow>(
    INVENTORY_ITEM_UID,
    query(INVENTORY_ITEM_UID).where('product_document_id', documentId),
  );
  const log = await fetchRows<InventoryLogRow>(
    INVENTORY_LOG_UID,
    query(INVENTORY_LOG_UID)
      .where('product_document_id', documentId)
      .orderBy('id', 'desc')
      .limit(SHOWN_LOG_LINES),
  );
  return { onHand: item?.onHand ?? 0, locked: item?.locked ?? 0, log };
}
