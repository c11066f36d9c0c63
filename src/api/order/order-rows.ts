import type { HaierHistoryEvent, HaierStatus } from '../../domain/haier-states';
import type { OrderActor, OrderEvent, OrderStatus } from '../../domain/order-states';
import type { BaseRow } from '../../platform/database';

export const ORDER_UID = 'api::order.order';
export const ORDER_HISTORY_UID = 'api::order.order-history';

/** Who does something: a shopper, a member of staff (by REST or in the panel), the clock, or WeChat's word. */
export interface Actor {
  type: OrderActor;
  /** documentId of a shop user, `admin:<id>` of a panel user, or the name of the job. */
  id: string;
  name: string;
}

export const SYSTEM: Actor = { type: 'system', id: 'system', name: 'system' };
export const SETTLEMENT: Actor = { type: 'settlement', id: 'wechat-pay', name: 'WeChat Pay' };

/** A signed-in shopper, as far as orders know. */
export interface Shopper {
  id: number;
  documentId: string;
  username: string;
}

export const shopperActor = ({ documentId, username }: Shopper): Actor => ({
  type: 'shopper',
  id: documentId,
  name: username,
});

/** How an actor stands in ledgers and logs. */
export const actorLabel = ({ type, id }: Actor): string => `${type}:${id}`;

export type ProductSource = 'local' | 'haier';

/** The address and the product as they were when the order was placed. */
export interface OrderSnapshot {
  productDocumentId: string;
  productName: string;
  productCode: string | null;
  productPicture: string | null;
  productSource: ProductSource;
  snapshotContactName: string;
  snapshotPhone: string;
  snapshotAddress: string;
  snapshotProvince: string;
  snapshotCity: string;
  snapshotDistrict: string;
  snapshotDistrictCode: string | null;
  snapshotTown: string | null;
}

export interface OrderRow extends BaseRow, OrderSnapshot {
  orderNumber: string;
  checkoutNumber: string | null;
  userId: number;
  productId: number | null;
  quantity: number;
  unitPrice: number;
  totalAmount: number;
  discountAmount: number;
  discountName: string | null;
  actualAmount: number;
  status: OrderStatus;
  statusBeforeRefund: OrderStatus | null;
  life: number;
  note: string | null;
  expiresAt: Date | null;
  paidAt: Date | null;
  shippedAt: Date | null;
  completedAt: Date | null;
  cancelledAt: Date | null;
  cancelReason: string | null;
  shippingCompany: string | null;
  trackingNumber: string | null;
  /** When WeChat was told of the parcel. */
  shippingUploadedAt: Date | null;
  /** Why it was not, for staff. */
  shippingUploadNote: string | null;
  /** Haier's number, once it is known. */
  haierOrderNo: string | null;
  /** YLH's key of the push that counts: the order number, with a suffix after Haier has refused an earlier one. */
  haierSoId: string | null;
  haierStatus: HaierStatus;
  haierStatusAt: Date | null;
  /** Haier's or YLH's last words about it. */
  haierFailMessage: string | null;
  haierPushPromisedAt: Date | null;
  /** When a push began that YLH may have taken; null while it certainly has nothing. */
  haierPushAttemptedAt: Date | null;
  /** When YLH was first asked for the cancel that is under way. */
  haierCancelAttemptedAt: Date | null;
  /** What a person should look at whatever the status is. */
  haierConcern: 'partly_rejected' | 'unclear_callback' | null;
  haierConcernAt: Date | null;
  /** Until then staff have dealt with it; what happens later waits for them again. */
  haierHandledAt: Date | null;
  /** Pieces received, returned and rejected, as of the last call-back that told. */
  haierQuantities: unknown;
  distributionTime: Date | null;
  installTime: Date | null;
  isDeliveryInstall: boolean;
  isGovernmentOrder: boolean;
  logistics: unknown;
  deliveryImages: unknown;
  version: number;
}

export interface OrderHistoryRow extends BaseRow {
  orderId: number;
  from: OrderStatus | null;
  to: OrderStatus;
  event: OrderEvent | 'place' | HaierHistoryEvent;
  actorType: OrderActor;
  actorId: string;
  actorName: string;
  reason: string | null;
}
