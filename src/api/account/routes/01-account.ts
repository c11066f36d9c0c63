import type { Core } from '@strapi/strapi';

import { idempotent } from '../../../platform/idempotency';

const ACTION = 'api::account.account';
// Functions: Strapi writes each route's scope into its config, so a shared object would share the first route's grant.
const keyed = () => ({ middlewares: [idempotent('transaction')] });
/** For what calls WeChat: no transaction may be open around it. */
const calling = () => ({ middlewares: [idempotent('lease')] });

/** Whatever token stands beside them: a client that sends its expired one along must still get a new one. */
const open: { auth: false } = { auth: false };

const router: Core.RouterConfig = {
  type: 'content-api',
  routes: [
    { method: 'POST', path: '/users/login', handler: `${ACTION}.login`, config: open },
    { method: 'POST', path: '/users/refresh', handler: `${ACTION}.refresh`, config: open },
    { method: 'POST', path: '/users/logout', handler: `${ACTION}.logout` },
    { method: 'GET', path: '/users/me', handler: `${ACTION}.me` },
    { method: 'PUT', path: '/users/me', handler: `${ACTION}.updateMe`, config: keyed() },
    { method: 'POST', path: '/users/me/phone', handler: `${ACTION}.bindPhone`, config: calling() },
    { method: 'PUT', path: '/users/me/password', handler: `${ACTION}.changePassword`, config: keyed() },
    { method: 'GET', path: '/users/me/statistics', handler: `${ACTION}.statistics` },
    { method: 'GET', path: '/users', handler: `${ACTION}.find` },
    { method: 'POST', path: '/users', handler: `${ACTION}.create`, config: keyed() },
    { method: 'GET', path: '/users/:id', handler: `${ACTION}.findOne` },
    { method: 'PUT', path: '/users/:id', handler: `${ACTION}.update`, config: keyed() },
    { method: 'DELETE', path: '/users/:id', handler: `${ACTION}.delete`, config: keyed() },
  ],
};

export default router;
