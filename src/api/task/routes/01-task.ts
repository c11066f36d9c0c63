import type { Core } from '@strapi/strapi';

const router: Core.RouterConfig = {
  type: 'content-api',
  routes: [{ method: 'GET', path: '/tasks/:id', handler: 'api::task.task.findOne' }],
};

export default router;
