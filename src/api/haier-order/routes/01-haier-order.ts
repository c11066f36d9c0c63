import type { Core } from '@strapi/strapi';

import { idempotent } from '../../../platform/idempotency';

/** Rescheduling asks YLH, and asking again is harmless. */
const underLease = () => ({ middlewares: [idempotent('lease')] });

const router: Core.RouterConfig = {
  type: 'content-api',
  routes: [
    {
      method: 'GET',
      path: '/orders/:id/logistics',
      handler: 'api::haier-order.haier-order.logistics',
    },
    {
      method: 'GET',
      path: '/orders/:id/delivery-images',
      handler: 'api::haier-order.haier-order.deliveryImages',
    },
    {
      method: 'POST',
      path: '/orders/:id/reschedule',
      handler: 'api::haier-order.haier-order.reschedule',
      config: underLease(),
    },
  ],
};

export default router;
