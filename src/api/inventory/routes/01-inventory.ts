import type { Core } from '@strapi/strapi';

import { idempotent } from '../../../platform/idempotency';

const router: Core.RouterConfig = {
  type: 'content-api',
  routes: [
    { method: 'GET', path: '/inventory/:product', handler: 'api::inventory.inventory.findOne' },
    { method: 'GET', path: '/inventory/:product/logs', handler: 'api::inventory.inventory.logs' },
    {
      method: 'POST',
      path: '/inventory/:product/adjust',
      handler: 'api::inventory.inventory.adjust',
      config: { middlewares: [idempotent('transaction')] },
    },
  ],
};

export default router;
