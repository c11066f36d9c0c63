import type { Core } from '@strapi/strapi';
import type { Context } from 'koa';

import { settings } from '../../config/environment';
import { createClientAddress } from '../platform/http';
import { contextFields, logApiCall } from '../platform/logging';
import { countRequest, routeOf } from '../platform/metrics';
import { currentRequest } from '../platform/request';
import { nameRequest } from '../platform/tracing';

/** Their values are words and numbers of shoppers; that they were sent is enough. */
const queryNames = (ctx: Context): string[] | undefined =>
  ctx.querystring === '' ? undefined : [...new URLSearchParams(ctx.querystring).keys()].slice(0, 20);

/** One line of `api.log` for every request that is answered, and its place in the metrics. Health and metrics are asked too often. */
const requestLog: Core.MiddlewareFactory = (_config, { strapi }) => {
  const clientAddress = createClientAddress(settings().TRUST_PROXY);
  return async (ctx, next) => {
    const start = performance.now();
    await next();
    const ms = Math.round((performance.now() - start) * 10) / 10;
    const { method, path, status } = ctx;
    const route = routeOf(ctx);
    nameRequest(method, route, contextFields(currentRequest()));
    countRequest({ method, route, status, seconds: ms / 1000 });
    logApiCall({
      method,
      path,
      query: queryNames(ctx),
      route,
      status,
      ms,
      bytes: ctx.response.length,
      ip: clientAddress(ctx.req),
    });
    strapi.log.http(`${method} ${path} ${status} (${ms} ms)`);
  };
};

export default requestLog;
