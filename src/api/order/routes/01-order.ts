import type { Core } from '@strapi/strapi';

import { idempotent } from '../../../platform/idempotency';

// Functions, because Strapi writes each route's scope into its config: one object shared by two routes would let the
// second be called by whoever may call the first.
const inTransaction = () => ({ middlewares: [idempotent('transaction')] });
/** Placing orders asks outside before its transaction, so it keeps the key itself, inside the transaction. */
const keepsKeyItself = () => ({});
/** Cancelling ends the payment at WeChat first. */
const underLease = () => ({ middlewares: [idempotent('lease')] });

const router: Core.RouterConfig = {
  type: 'content-api',
  routes: [
    { method: 'POST', path: '/orders', handler: 'api::order.order.create', config: keepsKeyItself() },
    {
      method: 'POST',
      path: '/orders/checkout',
      handler: 'api::order.order.checkout',
      config: keepsKeyItself(),
    },
    { method: 'POST', path: '/orders/preview', handler: 'api::order.order.preview' },
    { method: 'GET', path: '/orders', handler: 'api::order.order.find' },
    { method: 'GET', path: '/orders/:id', handler: 'api::order.order.findOne' },
    { method: 'GET', path: '/orders/:id/history', handler: 'api::order.order.history' },
    { method: 'POST', path: '/orders/:id/cancel', handler: 'api::order.order.cancel', config: underLease() },
    {
      method: 'POST',
      path: '/orders/:id/confirm-receipt',
      handler: 'api::order.order.confirmReceipt',
      config: inTransaction(),
    },
    { method: 'POST', path: '/orders/:id/ship', handler: 'api::order.order.ship', config: inTransaction() },
  ],
};

export default router;
