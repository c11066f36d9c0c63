import type { Core } from '@strapi/strapi';

import { settings } from '../../config/environment';
import { checkReadiness } from '../platform/health';
import { redis } from '../platform/redis/connection';
import { isStopping } from '../platform/stopping';

/** `/healthz`: the process lives. `/readyz`: it can serve, with what each part said; not once it stops. Before limits, logs and sessions. */
const health: Core.MiddlewareFactory = () => async (ctx, next) => {
  const isRead = ctx.method === 'GET' || ctx.method === 'HEAD';
  if (isRead && ctx.path === '/healthz') {
    ctx.status = 200;
    ctx.body = { status: 'alive' };
  } else if (isRead && ctx.path === '/readyz' && isStopping()) {
    ctx.status = 503;
    ctx.body = { status: 'stopping', checks: {} };
  } else if (isRead && ctx.path === '/readyz') {
    const { ready, checks } = await checkReadiness(redis(settings().REDIS_URL));
    ctx.status = ready ? 200 : 503;
    ctx.body = { status: ready ? 'ready' : 'not ready', checks };
  } else {
    await next();
  }
};

export default health;
