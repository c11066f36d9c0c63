import type { Core } from '@strapi/strapi';

import { settings } from '../../../config/environment';
import { noteSharedLimits } from '../metrics';
import { redis } from '../redis/connection';
import { createLimiter, type Limiter } from './limiter';

const limiters = new WeakMap<object, Limiter>();

/** The one limiter of this process, which says in the log whether its limits are shared. */
export function shopLimiter(strapi: Core.Strapi): Limiter {
  const known = limiters.get(strapi);
  if (known !== undefined) return known;
  const limiter = createLimiter({
    redis: redis(settings().REDIS_URL),
    onFallback: (isFallback) => {
      noteSharedLimits(!isFallback);
      if (isFallback)
        strapi.log.warn('Redis does not answer: each process counts rate limits on its own until it is back');
      else strapi.log.info('Redis is back: rate limits are shared again');
    },
  });
  noteSharedLimits(settings().REDIS_URL !== undefined);
  limiters.set(strapi, limiter);
  return limiter;
}
