import { publicUrl } from '../../../platform/http';
import { isoTime } from '../../../platform/request';
import type { OrderHistoryRow, OrderRow } from '../order-rows';

/** An order as its shopper and staff see it. Codes and costs stay inside. */
export const presentOrder = (order: OrderRow) => ({
  documentId: order.documentId,
  orderNumber: order.orderNumber,
  checkoutNumber: order.checkoutNumber,
  status: order.status,
  product: order.productDocumentId,
  productName: order.productName,
  productPicture: publicUrl(order.productPicture),
  productSource: order.productSource,
  quantity: order.quantity,
  unitPrice: order.unitPrice,
  totalAmount: order.totalAmount,
  discountAmount: order.discountAmount,
  discountName: order.discountName,
  actualAmount: order.actualAmount,
  note: order.note,
  snapshotContactName: order.snapshotContactName,
  snapshotPhone: order.snapshotPhone,
  snapshotAddress: order.snapshotAddress,
  snapshotProvince: order.snapshotProvince,
  snapshotCity: order.snapshotCity,
  snapshotDistrict: order.snapshotDistrict,
  snapshotDistrictCode: order.snapshotDistrictCode,
  snapshotTown: order.snapshotTown,
  expiresAt: isoTime(order.expiresAt),
  paidAt: isoTime(order.paidAt),
  shippedAt: isoTime(order.shippedAt),
  completedAt: isoTime(order.completedAt),
  cancelledAt: isoTime(order.cancelledAt),
  cancelReason: order.cancelReason,
  shippingCompany: order.shippingCompany,
  trackingNumber: order.trackingNumber,
  haierOrderNo: order.haierOrderNo,
  haierStatus: order.haierStatus,
  distributionTime: isoTime(order.distributionTime),
  installTime: isoTime(order.installTime),
  createdAt: isoTime(order.createdAt),
  updatedAt: isoTime(order.updatedAt),
});

/** One line of an order's history. A shopper learns that staff acted, not who. */
export const presentHistory = (row: OrderHistoryRow, viewer: 'shopper' | 'staff') => ({
  from: row.from,
  to: row.to,
  event: row.event,
  actor:
    viewer === 'staff'
      ? { type: row.actorType, id: row.actorId, name: row.actorName }
      : { type: row.actorType },
  reason: row.reason,
  createdAt: isoTime(row.createdAt),
});
