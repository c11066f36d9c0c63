import type { Core } from '@strapi/strapi';

// `recommended` stands before `:id`, which would otherwise take it for a documentId.
const routes: Core.RouterConfig = {
  type: 'content-api',
  routes: [
    { method: 'GET', path: '/products', handler: 'api::product.product.find' },
    { method: 'GET', path: '/products/recommended', handler: 'api::product.product.recommended' },
    { method: 'GET', path: '/products/:id', handler: 'api::product.product.findOne' },
    { method: 'GET', path: '/products/:id/related', handler: 'api::product.product.related' },
    { method: 'GET', path: '/products/:id/availability', handler: 'api::product.product.availability' },
  ],
};

export default routes;
