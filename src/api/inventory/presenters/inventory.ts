import { isoTime } from '../../../platform/request';
import type { InventoryLogRow } from '../inventory-rows';

/** On hand − locked is what a shopper can buy. */
export const presentFigures = (product: string, { onHand, locked }: { onHand: number; locked: number }) => ({
  product,
  onHand,
  locked,
  stock: onHand - locked,
});

/** One movement, for staff. */
export const presentLog = (log: InventoryLogRow, order: string | null) => ({
  documentId: log.documentId,
  changeType: log.changeType,
  quantity: log.quantity,
  onHandAfter: log.onHandAfter,
  lockedAfter: log.lockedAfter,
  reason: log.reason,
  order,
  operator: log.operator,
  createdAt: isoTime(log.createdAt),
});
