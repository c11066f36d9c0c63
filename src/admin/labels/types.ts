import { AUDIT_FINDING } from './audit';
import { BRAND, CATEGORY, DISCOUNT, PRODUCT } from './catalogue';
import type { FieldLabels, Label } from './label';
import {
  ADDRESS,
  CALLBACK_INBOX,
  INVENTORY_ITEM,
  INVENTORY_LOG,
  NOTIFICATION,
  OUTBOX_MESSAGE,
  USER,
} from './records';
import { RECONCILIATION_DIFFERENCE, RECONCILIATION_RUN } from './reconciliation';
import { ORDER, ORDER_HISTORY, PAYMENT, REFUND } from './trade';

/** The two sections of the content manager's left list. */
export type Section = 'catalogue' | 'trade';

export interface TypeLabel {
  /** `info.displayName` of the schema, which Strapi uses as the message id of the type's name. */
  displayName: string;
  name: Label;
  section: Section;
  fields: FieldLabels;
}

const type = (displayName: string, name: Label, section: Section, fields: FieldLabels): TypeLabel => ({
  displayName,
  name,
  section,
  fields,
});

/** The types staff see, in the order of the left list. */
export const TYPES: Readonly<Record<string, TypeLabel>> = {
  'api::product.product': type('Product', ['商品', 'Products'], 'catalogue', PRODUCT),
  'api::category.category': type('Category', ['商品分类', 'Categories'], 'catalogue', CATEGORY),
  'api::brand.brand': type('Brand', ['品牌', 'Brands'], 'catalogue', BRAND),
  'api::discount.discount': type('Discount', ['优惠活动', 'Discounts'], 'catalogue', DISCOUNT),
  'api::order.order': type('Order', ['订单', 'Orders'], 'trade', ORDER),
  'api::payment.refund': type('Refund', ['退款', 'Refunds'], 'trade', REFUND),
  'api::payment.payment': type('Payment', ['支付', 'Payments'], 'trade', PAYMENT),
  'api::reconciliation.reconciliation-difference': type(
    'Reconciliation difference',
    ['对账差异', 'Differences'],
    'trade',
    RECONCILIATION_DIFFERENCE,
  ),
  'api::reconciliation.reconciliation-run': type(
    'Reconciliation run',
    ['微信对账', 'Reconciliation'],
    'trade',
    RECONCILIATION_RUN,
  ),
  'api::inventory.inventory-item': type('Inventory item', ['库存', 'Stock'], 'trade', INVENTORY_ITEM),
  'api::inventory.inventory-log': type('Inventory log', ['库存流水', 'Stock ledger'], 'trade', INVENTORY_LOG),
  'plugin::users-permissions.user': type('User', ['顾客与账号', 'Accounts'], 'trade', USER),
  'api::address.address': type('Address', ['收货地址', 'Addresses'], 'trade', ADDRESS),
  'api::notification.notification': type('Notification', ['通知', 'Notifications'], 'trade', NOTIFICATION),
  'api::order.order-history': type('Order history', ['订单历史', 'Order history'], 'trade', ORDER_HISTORY),
  'api::audit.audit-finding': type('Audit finding', ['核查结果', 'Audit'], 'trade', AUDIT_FINDING),
  'api::outbox.outbox-message': type('Outbox message', ['待办消息', 'Outbox'], 'trade', OUTBOX_MESSAGE),
  'api::callback.callback-inbox': type('Callback inbox', ['回调记录', 'Call-backs'], 'trade', CALLBACK_INBOX),
};

/** Types with one writer: the panel shows them and refuses to save them, whoever asks. */
export const READ_ONLY_TYPES: ReadonlySet<string> = new Set([
  'api::order.order',
  'api::order.order-history',
  'api::payment.payment',
  'api::payment.refund',
  'api::reconciliation.reconciliation-run',
  'api::reconciliation.reconciliation-difference',
  'api::inventory.inventory-item',
  'api::inventory.inventory-log',
  'api::address.address',
  'api::notification.notification',
  'api::outbox.outbox-message',
  'api::audit.audit-finding',
  'api::callback.callback-inbox',
]);
