import type { Core } from '@strapi/strapi';

import { idempotent } from '../../../platform/idempotency';

const ACTION = 'api::address.address';
const config = { middlewares: [idempotent('transaction')] };

const router: Core.RouterConfig = {
  type: 'content-api',
  routes: [
    { method: 'GET', path: '/addresses', handler: `${ACTION}.find` },
    { method: 'POST', path: '/addresses', handler: `${ACTION}.create`, config },
    { method: 'GET', path: '/addresses/:id', handler: `${ACTION}.findOne` },
    { method: 'PUT', path: '/addresses/:id', handler: `${ACTION}.update`, config },
    { method: 'DELETE', path: '/addresses/:id', handler: `${ACTION}.delete`, config },
    { method: 'POST', path: '/addresses/:id/default', handler: `${ACTION}.setDefault`, config },
  ],
};

export default router;
