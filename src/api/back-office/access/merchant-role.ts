/** What the merchant's staff may do in the panel. The one place; `sync-merchant-role` brings the database in line. */
import { actionId, PANEL_ACTIONS, type PanelAction } from './panel-actions';

export const MERCHANT_ROLE = {
  code: 'shop-merchant',
  name: '商户 / Merchant',
  description:
    '维护商品目录；查看并处理订单、退款和库存 / Keeps the catalogue; sees and works orders, refunds and stock',
} as const;

/** Catalogue types: all of create, read, update, delete. */
export const EDITED_TYPES = [
  'api::product.product',
  'api::category.category',
  'api::brand.brand',
  'api::discount.discount',
] as const;

/** Seen, not written. */
export const SEEN_TYPES = [
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
  'api::callback.callback-inbox',
  'api::outbox.outbox-message',
  'api::audit.audit-finding',
  'plugin::users-permissions.user',
] as const;

/** Fields the catalogue's forms show but do not take: the shop counts them. */
export const COUNTED_FIELDS: Readonly<Record<string, readonly string[]>> = {
  'api::product.product': ['viewCount', 'salesCount', 'lastSyncAt'],
};

/**
 * Fields the role is not shown, besides those nobody is (`secret-fields`). Of a shopper's phone and address staff see
 * what stands on an order to be delivered, nothing else.
 */
export const WITHHELD_FIELDS: Readonly<Record<string, readonly string[]>> = {
  'plugin::users-permissions.user': ['confirmed', 'isSuperuser', 'hasPassword', 'provider', 'role'],
  'api::payment.payment': ['prepayAt'],
};

/** The media library, which product pictures come from. */
export const MEDIA_ACTIONS = [
  'plugin::upload.read',
  'plugin::upload.configure-view',
  'plugin::upload.assets.create',
  'plugin::upload.assets.update',
  'plugin::upload.assets.download',
  'plugin::upload.assets.copy-link',
] as const;

export const BUTTONS = (Object.keys(PANEL_ACTIONS) as PanelAction[]).map(actionId);

/**
 * Of the plugin `haier-integration`: seeing, syncing, and working orders. Its accounts (`settings`) and dead messages (`replay`)
 * stay with the super administrator unless somebody is given them.
 */
export const HAIER_ACTIONS = [
  'plugin::haier-integration.read',
  'plugin::haier-integration.sync',
  'plugin::haier-integration.push',
] as const;
