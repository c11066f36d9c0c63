import type { Core } from '@strapi/strapi';
import type { Context } from 'koa';

import { settings, type Settings } from '../../config/environment';
import { triedBefore } from '../platform/cache';
import { apiRoute, createClientAddress, isApiPath, isRawBodyPath } from '../platform/http';
import type { Limit } from '../platform/rate-limit/limiter';
import { shopLimiter } from '../platform/rate-limit/shop-limiter';
import { bearerToken } from '../platform/session/bearer-token';
import { readSignedToken, tokenSecret } from '../platform/session/signed-token';

/** The signed-in user's id from the token alone; whether the session still lives is decided later. */
function tokenUser(ctx: Context): string | undefined {
  const token = bearerToken(ctx);
  const signed = token === undefined ? undefined : readSignedToken(token, tokenSecret());
  return signed?.type === 'access' && !signed.isExpired ? String(signed.userId) : undefined;
}

function limitsFor(ctx: Context, address: string, user: string | undefined, limits: Settings): Limit[] {
  const route = apiRoute(ctx.path);
  const general: Limit =
    user === undefined
      ? { id: `address:${address}`, perMinute: limits.RATE_LIMIT_ANONYMOUS }
      : { id: `user:${user}`, perMinute: limits.RATE_LIMIT_USER };
  const result = [general];
  if (ctx.method === 'POST' && route === '/users/login')
    result.push({ id: `login-address:${address}`, perMinute: limits.RATE_LIMIT_LOGIN });
  if (ctx.method === 'POST' && route.startsWith('/payments'))
    result.push({ id: `payment:${user ?? address}`, perMinute: limits.RATE_LIMIT_PAYMENT });
  return result.filter(({ perMinute }) => perMinute > 0);
}

/**
 * The limits of the shop's REST routes. Call-backs, health and the admin panel are outside them. Stands before
 * anything reads a body or refuses a request, so that refusals count too; sign-in by account name needs the body and
 * has its own door.
 */
const rateLimit: Core.MiddlewareFactory = (_config, { strapi }) => {
  const current = settings();
  const clientAddress = createClientAddress(current.TRUST_PROXY);
  const limiter = shopLimiter(strapi);
  return async (ctx, next) => {
    // By the catalogue's door in front of the stack, which could not answer it after all.
    const isCounted = triedBefore(ctx.res)?.isCounted === true;
    if (!isCounted && isApiPath(ctx.path) && !isRawBodyPath(ctx.path)) {
      for (const limit of limitsFor(ctx, clientAddress(ctx.req), tokenUser(ctx), current))
        await limiter(ctx, limit);
    }
    await next();
  };
};

export default rateLimit;
