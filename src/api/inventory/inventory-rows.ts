import type { BaseRow } from '../../platform/database';

export const INVENTORY_ITEM_UID = 'api::inventory.inventory-item';
export const INVENTORY_LOG_UID = 'api::inventory.inventory-log';

export const STOCK_CHANGE_TYPES = ['lock', 'release', 'deduct', 'restock', 'adjust', 'sync'] as const;
export type StockChangeType = (typeof STOCK_CHANGE_TYPES)[number];

export interface InventoryItemRow extends BaseRow {
  productDocumentId: string;
  onHand: number;
  locked: number;
}

export interface InventoryLogRow extends BaseRow {
  productDocumentId: string;
  changeType: StockChangeType;
  quantity: number;
  onHandDelta: number;
  lockedDelta: number;
  onHandAfter: number;
  lockedAfter: number;
  reason: string | null;
  orderId: number | null;
  life: number | null;
  operator: string | null;
}
