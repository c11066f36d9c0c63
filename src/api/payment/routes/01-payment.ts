import type { Core } from '@strapi/strapi';

import { idempotent } from '../../../platform/idempotency';

// Functions: Strapi writes each route's scope into its config, which must not be shared.
const inTransaction = () => ({ middlewares: [idempotent('transaction')] });
/** Starting a payment asks WeChat, and starting it again is harmless. */
const underLease = () => ({ middlewares: [idempotent('lease')] });
/** WeChat has no account here; its signature is what lets it in. */
const signedByWechat = () => ({ auth: false }) as const;

const router: Core.RouterConfig = {
  type: 'content-api',
  routes: [
    {
      method: 'POST',
      path: '/payments/notify/wechat',
      handler: 'api::payment.payment.notify',
      config: signedByWechat(),
    },
    {
      method: 'POST',
      path: '/payments/notify/wechat-refund',
      handler: 'api::payment.payment.notifyRefund',
      config: signedByWechat(),
    },
    { method: 'POST', path: '/payments', handler: 'api::payment.payment.create', config: underLease() },
    { method: 'GET', path: '/payments/:id', handler: 'api::payment.payment.findOne' },
    { method: 'POST', path: '/payments/:id/sync', handler: 'api::payment.payment.sync' },
    {
      method: 'POST',
      path: '/orders/:id/refund',
      handler: 'api::payment.refund.request',
      config: inTransaction(),
    },
    { method: 'GET', path: '/refunds', handler: 'api::payment.refund.find' },
    { method: 'GET', path: '/refunds/:id', handler: 'api::payment.refund.findOne' },
    {
      method: 'POST',
      path: '/refunds/:id/approve',
      handler: 'api::payment.refund.approve',
      config: inTransaction(),
    },
    {
      method: 'POST',
      path: '/refunds/:id/reject',
      handler: 'api::payment.refund.reject',
      config: inTransaction(),
    },
    {
      method: 'POST',
      path: '/refunds/:id/retry',
      handler: 'api::payment.refund.retry',
      config: inTransaction(),
    },
    { method: 'POST', path: '/refunds/:id/sync', handler: 'api::payment.refund.sync' },
  ],
};

export default router;
