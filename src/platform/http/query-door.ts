import type { Core } from '@strapi/strapi';
import type { Context, Next } from 'koa';

import { validationFailed } from '../../domain/refusal';

interface Route {
  handler: unknown;
  config?: { middlewares?: unknown[] };
}

async function refuseQuery(ctx: Context, next: Next): Promise<void> {
  if (ctx.querystring !== '') {
    const names = Object.keys(ctx.query);
    throw validationFailed(
      (names.length > 0 ? names : ['query']).map((name) => ({
        path: [name],
        message: 'is not a known parameter',
      })),
    );
  }
  await next();
}

/**
 * Lets every REST route refuse query parameters, except those whose action reads and checks them itself: one that is
 * dropped without a word is a mistake nobody sees, such as the filter of a DELETE. Call in `register`.
 */
export function refuseUnreadQueries(strapi: Core.Strapi, readers: ReadonlySet<string>): void {
  // Strapi's type of an API does not say what its routers hold.
  const apis = Object.values(strapi.apis) as unknown as { routes: Record<string, { routes: Route[] }> }[];
  const routes = apis.flatMap((api) => Object.values(api.routes)).flatMap((router) => router.routes);
  for (const route of routes) {
    if (readers.has(String(route.handler))) continue;
    route.config = { ...route.config, middlewares: [refuseQuery, ...(route.config?.middlewares ?? [])] };
  }
}
