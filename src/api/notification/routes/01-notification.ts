import type { Core } from '@strapi/strapi';

import { idempotent } from '../../../platform/idempotency';

const ACTION = 'api::notification.notification';

const router: Core.RouterConfig = {
  type: 'content-api',
  routes: [
    { method: 'GET', path: '/notifications', handler: `${ACTION}.find` },
    {
      method: 'POST',
      path: '/notifications/:id/read',
      handler: `${ACTION}.markRead`,
      config: { middlewares: [idempotent('transaction')] },
    },
  ],
};

export default router;
