import type { Core } from '@strapi/strapi';

import { idempotent } from '../../../platform/idempotency';

// A function: Strapi writes each route's scope into its config, which must not be shared.
const keyed = () => ({ middlewares: [idempotent('transaction')] });

const router: Core.RouterConfig = {
  type: 'content-api',
  routes: [
    { method: 'GET', path: '/cart', handler: 'api::cart.cart.find' },
    { method: 'POST', path: '/cart/items', handler: 'api::cart.cart.addItem', config: keyed() },
    { method: 'DELETE', path: '/cart/items', handler: 'api::cart.cart.clear', config: keyed() },
    { method: 'PUT', path: '/cart/items/:id', handler: 'api::cart.cart.updateItem', config: keyed() },
    { method: 'DELETE', path: '/cart/items/:id', handler: 'api::cart.cart.removeItem', config: keyed() },
  ],
};

export default router;
