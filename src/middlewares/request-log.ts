import type { Core } from '@strapi/strapi';

import { settings } from '../../config/environment';
import { noteAnswered } from '../platform/answered';
import { createClientAddress } from '../platform/http';
import { routeOf } from '../platform/metrics';

/** One line of `api.log` for every request that is answered, and its place in the metrics. Health and metrics are asked too often. */
const requestLog: Core.MiddlewareFactory = (_config, { strapi }) => {
  const clientAddress = createClientAddress(settings().TRUST_PROXY);
  return async (ctx, next) => {
    const start = performance.now();
    await next();
    const ms = performance.now() - start;
    const { method, path, status, querystring } = ctx;
    const [bytes, ip] = [ctx.response.length, clientAddress(ctx.req)];
    noteAnswered({ method, path, querystring, route: routeOf(ctx), status, ms, bytes, ip });
    strapi.log.http(`${method} ${path} ${status} (${ms.toFixed(1)} ms)`);
  };
};

export default requestLog;
