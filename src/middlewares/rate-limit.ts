import type { Core } from '@strapi/strapi';
import type { Context } from 'koa';

import { settings, type Settings } from '../../config/environment';
import { apiRoute, createClientAddress, isApiPath, isRawBodyPath } from '../platform/http';
import { createLimiter, type Limit } from '../platform/rate-limit/limiter';
import { redis } from '../platform/redis/connection';
import { readSignedToken, tokenSecret } from '../platform/session/signed-token';

const LOGIN_ROUTES = new Set(['/users/login', '/users/refresh']);

function accountName(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('identifier' in body)) return undefined;
  const { identifier } = body;
  return typeof identifier === 'string' ? identifier.trim().toLowerCase().slice(0, 254) : undefined;
}

/** The signed-in user's id from the token alone; whether the session still lives is decided later. */
function tokenUser(ctx: Context): string | undefined {
  const [scheme, token] = ctx.get('Authorization').split(' ');
  if (scheme?.toLowerCase() !== 'bearer' || token === undefined) return undefined;
  const signed = readSignedToken(token, tokenSecret());
  return signed?.type === 'access' && !signed.isExpired ? String(signed.userId) : undefined;
}

function limitsFor(ctx: Context, address: string, user: string | undefined, limits: Settings): Limit[] {
  const route = apiRoute(ctx.path);
  const general: Limit =
    user === undefined
      ? { id: `address:${address}`, perMinute: limits.RATE_LIMIT_ANONYMOUS }
      : { id: `user:${user}`, perMinute: limits.RATE_LIMIT_USER };
  const result = [general];
  if (ctx.method === 'POST' && LOGIN_ROUTES.has(route)) {
    result.push({ id: `login-address:${address}`, perMinute: limits.RATE_LIMIT_LOGIN });
    const account = accountName(ctx.request.body);
    if (account !== undefined)
      result.push({ id: `login-account:${account}`, perMinute: limits.RATE_LIMIT_LOGIN });
  }
  if (ctx.method === 'POST' && route.startsWith('/payments')) {
    result.push({ id: `payment:${user ?? address}`, perMinute: limits.RATE_LIMIT_PAYMENT });
  }
  return result;
}

/** The limits of the shop's REST routes. Call-backs, health and the admin panel are outside them. */
const rateLimit: Core.MiddlewareFactory = (_config, { strapi }) => {
  const current = settings();
  const isOff = [
    current.RATE_LIMIT_ANONYMOUS,
    current.RATE_LIMIT_USER,
    current.RATE_LIMIT_LOGIN,
    current.RATE_LIMIT_PAYMENT,
  ].every((limit) => limit === 0);
  const clientAddress = createClientAddress(current.TRUST_PROXY);
  const limiter = createLimiter({
    redis: redis(current.REDIS_URL),
    onFallback: (isFallback) =>
      isFallback
        ? strapi.log.warn(
            'Redis does not answer: each process counts rate limits on its own until it is back',
          )
        : strapi.log.info('Redis is back: rate limits are shared again'),
  });
  return async (ctx, next) => {
    if (!isOff && isApiPath(ctx.path) && !isRawBodyPath(ctx.path)) {
      const limits = limitsFor(ctx, clientAddress(ctx.req), tokenUser(ctx), current);
      for (const limit of limits) {
        if (limit.perMinute > 0) await limiter(ctx, limit);
      }
    }
    await next();
  };
};

export default rateLimit;
