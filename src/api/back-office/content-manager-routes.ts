import type { Core } from '@strapi/strapi';
import type { Context, Next } from 'koa';

export interface PanelRoute {
  method: string;
  path: string;
  config?: { middlewares?: unknown[] };
}
interface ContentManager {
  routes: Record<string, { routes: PanelRoute[] }>;
}

/**
 * Puts a middleware on routes of Strapi's content manager. It runs after the route's policies, so that somebody without
 * rights learns nothing new; of several, the one put on first is the outermost. Call in `register`.
 */
export function onContentManagerRoutes(
  strapi: Core.Strapi,
  wanted: (route: PanelRoute) => boolean,
  middleware: (ctx: Context, next: Next) => Promise<void>,
): void {
  // Strapi does not type what the routers of a plugin hold.
  const { routes } = strapi.plugin('content-manager') as unknown as ContentManager;
  for (const route of Object.values(routes).flatMap((router) => router.routes)) {
    if (!wanted(route)) continue;
    route.config = { ...route.config, middlewares: [...(route.config?.middlewares ?? []), middleware] };
  }
}
