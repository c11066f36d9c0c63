import type { Core } from '@strapi/strapi';

import { settings } from '../../config/environment';
import { apiRoute, isApiPath } from '../platform/http';
import { shopLimiter } from '../platform/rate-limit/shop-limiter';

function accountName(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('identifier' in body)) return undefined;
  const { identifier } = body;
  return typeof identifier === 'string' ? identifier.trim().toLowerCase().slice(0, 254) : undefined;
}

/** Sign-ins with one account name, from however many addresses. Stands behind the body, which has the name. */
const signInLimit: Core.MiddlewareFactory = (_config, { strapi }) => {
  const { RATE_LIMIT_LOGIN: perMinute } = settings();
  const limiter = shopLimiter(strapi);
  return async (ctx, next) => {
    if (
      perMinute > 0 &&
      ctx.method === 'POST' &&
      isApiPath(ctx.path) &&
      apiRoute(ctx.path) === '/users/login'
    ) {
      const account = accountName(ctx.request.body);
      if (account !== undefined) await limiter(ctx, { id: `login-account:${account}`, perMinute });
    }
    await next();
  };
};

export default signInLimit;
