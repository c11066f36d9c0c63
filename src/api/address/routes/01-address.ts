import type { Core } from '@strapi/strapi';

import { idempotent } from '../../../platform/idempotency';

const ACTION = 'api::address.address';
// Functions: Strapi writes each route's scope into its config, so a shared object would share the first route's grant.
const keyed = () => ({ middlewares: [idempotent('transaction')] });

const router: Core.RouterConfig = {
  type: 'content-api',
  routes: [
    { method: 'GET', path: '/addresses', handler: `${ACTION}.find` },
    { method: 'POST', path: '/addresses', handler: `${ACTION}.create`, config: keyed() },
    { method: 'GET', path: '/addresses/:id', handler: `${ACTION}.findOne` },
    { method: 'PUT', path: '/addresses/:id', handler: `${ACTION}.update`, config: keyed() },
    { method: 'DELETE', path: '/addresses/:id', handler: `${ACTION}.delete`, config: keyed() },
    { method: 'POST', path: '/addresses/:id/default', handler: `${ACTION}.setDefault`, config: keyed() },
  ],
};

export default router;
