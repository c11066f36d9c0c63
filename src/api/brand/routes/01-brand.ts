import type { Core } from '@strapi/strapi';

const routes: Core.RouterConfig = {
  type: 'content-api',
  routes: [
    { method: 'GET', path: '/brands', handler: 'api::brand.brand.find' },
    { method: 'GET', path: '/brands/:id', handler: 'api::brand.brand.findOne' },
  ],
};

export default routes;
