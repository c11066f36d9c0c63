import { AT_HAIER } from '../../../domain/haier-states';
import { allowedEvents } from '../../../domain/order-states';
import { isoTime } from '../../../platform/request';
import type { InventoryLogRow } from '../../inventory/inventory-rows';
import type { PaymentRow, RefundRow } from '../../payment/payment-rows';
import type { OrderFile } from '../queries/order-desk';
import type { ProductStock } from '../queries/product-stock';
import type { WorkList } from '../queries/work-list';

export const presentRefund = (refund: RefundRow & { isRetried?: boolean }) => ({
  documentId: refund.documentId,
  refundNumber: refund.refundNumber,
  kind: refund.kind,
  status: refund.status,
  amount: refund.amount,
  reason: refund.reason,
  requestedBy: refund.requestedBy,
  decidedBy: refund.decidedBy,
  decisionReason: refund.decisionReason,
  /** Agreed to, and held until the supplier has let the order go. */
  isHeld: refund.status === 'requested' && refund.decidedAt !== null,
  /** Tried again under another number already. */
  isRetried: refund.isRetried ?? false,
  createdAt: isoTime(refund.createdAt),
  succeededAt: isoTime(refund.succeededAt),
});

/** A payment as the panel's buttons answer it: how it stands, nothing of what was sent to WeChat. */
export const presentPayment = ({ documentId, paymentNumber, status, amount }: PaymentRow) => ({
  documentId,
  paymentNumber,
  status,
  amount,
});

/** Where an order stands, what staff may do with it now, and how it came there (newest first). */
export const presentOrderFile = ({ order, history, refunds }: OrderFile) => ({
  documentId: order.documentId,
  orderNumber: order.orderNumber,
  status: order.status,
  allowed: allowedEvents(order.status, 'staff'),
  /** Haier has the order or is about to: its own logistics say when the goods are under way. */
  isShippedByHaier: order.haierStatus === 'push_pending' || AT_HAIER.includes(order.haierStatus),
  /** Goods left the house, so a refund may bring them back. */
  isShipped: order.shippedAt !== null,
  shippingCompany: order.shippingCompany,
  trackingNumber: order.trackingNumber,
  shippingUploadedAt: isoTime(order.shippingUploadedAt),
  shippingUploadNote: order.shippingUploadNote,
  refunds: refunds.map(presentRefund),
  history: history.map((row) => ({
    event: row.event,
    from: row.from,
    to: row.to,
    actorType: row.actorType,
    actorName: row.actorName,
    reason: row.reason,
    createdAt: isoTime(row.createdAt),
  })),
});

const presentLogLine = (row: InventoryLogRow) => ({
  changeType: row.changeType,
  quantity: row.quantity,
  onHandAfter: row.onHandAfter,
  lockedAfter: row.lockedAfter,
  reason: row.reason,
  operator: row.operator,
  createdAt: isoTime(row.createdAt),
});

export const presentStock = ({ onHand, locked, log }: ProductStock) => ({
  onHand,
  locked,
  stock: onHand - locked,
  log: log.map(presentLogLine),
});

export const presentWorkList = ({ notices, ...work }: WorkList) => ({
  ...work,
  notices: notices.map(({ documentId, type, title, content, createdAt }) => ({
    documentId,
    type,
    title,
    content,
    createdAt: isoTime(createdAt),
  })),
});
