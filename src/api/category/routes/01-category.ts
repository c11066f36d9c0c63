import type { Core } from '@strapi/strapi';

// `tree` stands before `:id`, which would otherwise take it for a documentId.
const routes: Core.RouterConfig = {
  type: 'content-api',
  routes: [
    { method: 'GET', path: '/categories', handler: 'api::category.category.find' },
    { method: 'GET', path: '/categories/tree', handler: 'api::category.category.tree' },
    { method: 'GET', path: '/categories/:id', handler: 'api::category.category.findOne' },
  ],
};

export default routes;
