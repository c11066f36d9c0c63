import type { Core } from '@strapi/strapi';

import { idempotent } from '../../../platform/idempotency';

const ACTION = 'api::account.account';
const config = { middlewares: [idempotent('transaction')] };
/** For what calls WeChat: no transaction may be open around it. */
const calling = { middlewares: [idempotent('lease')] };

const router: Core.RouterConfig = {
  type: 'content-api',
  routes: [
    { method: 'POST', path: '/users/login', handler: `${ACTION}.login` },
    { method: 'POST', path: '/users/refresh', handler: `${ACTION}.refresh` },
    { method: 'POST', path: '/users/logout', handler: `${ACTION}.logout` },
    { method: 'GET', path: '/users/me', handler: `${ACTION}.me` },
    { method: 'PUT', path: '/users/me', handler: `${ACTION}.updateMe`, config },
    { method: 'POST', path: '/users/me/phone', handler: `${ACTION}.bindPhone`, config: calling },
    { method: 'PUT', path: '/users/me/password', handler: `${ACTION}.changePassword`, config },
    { method: 'GET', path: '/users/me/statistics', handler: `${ACTION}.statistics` },
    { method: 'GET', path: '/users', handler: `${ACTION}.find` },
    { method: 'POST', path: '/users', handler: `${ACTION}.create`, config },
    { method: 'GET', path: '/users/:id', handler: `${ACTION}.findOne` },
    { method: 'PUT', path: '/users/:id', handler: `${ACTION}.update`, config },
    { method: 'DELETE', path: '/users/:id', handler: `${ACTION}.delete`, config },
  ],
};

export default router;
