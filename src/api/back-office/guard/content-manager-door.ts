import type { Core } from '@strapi/strapi';
import type { Context, Next } from 'koa';

import { GUARDED_TYPES } from './guarded-types';
import { refuseWrite } from './document-guard';

interface PanelRoute {
  method: string;
  path: string;
  config?: { middlewares?: unknown[] };
}
interface ContentManager {
  routes: Record<string, { routes: PanelRoute[] }>;
}

const DOCUMENT_ROUTE = /^\/(?:collection|single)-types\/:model(?:\/|$)/;
/** A POST that only asks. */
const ASKING = /\/actions\/bulkFindForValidation$/;

const isWrite = ({ method, path }: PanelRoute): boolean =>
  method !== 'GET' && DOCUMENT_ROUTE.test(path) && !ASKING.test(path);

/** A middleware runs after the route's policies, so that somebody without rights learns nothing new. */
async function refuseGuardedTypes(ctx: Context, next: Next): Promise<void> {
  const sentence = GUARDED_TYPES[String(ctx.params.model)];
  if (sentence !== undefined) throw refuseWrite(sentence);
  await next();
}

/**
 * Lets the content manager's write routes answer with the sentence that names the right button. The document guard
 * alone would be safe, but Strapi stumbles before it is asked: it reads the `status` of an order in a body as its own
 * draft status (400), and its publish actions call what types without drafts do not have (500). Call in `register`.
 */
export function guardContentManager(strapi: Core.Strapi): void {
  const { routes } = strapi.plugin('content-manager') as unknown as ContentManager;
  for (const router of Object.values(routes)) {
    for (const route of router.routes.filter(isWrite)) {
      route.config = {
        ...route.config,
        middlewares: [...(route.config?.middlewares ?? []), refuseGuardedTypes],
      };
    }
  }
}
