import type { Core } from '@strapi/strapi';
import type { Context, Next } from 'koa';

import { onContentManagerRoutes, type PanelRoute } from '../content-manager-routes';
import { GUARDED_TYPES } from './guarded-types';
import { refuseWrite } from './document-guard';

const DOCUMENT_ROUTE = /^\/(?:collection|single)-types\/:model(?:\/|$)/;
/** A POST that only asks. */
const ASKING = /\/actions\/bulkFindForValidation$/;

const isWrite = ({ method, path }: PanelRoute): boolean =>
  method !== 'GET' && DOCUMENT_ROUTE.test(path) && !ASKING.test(path);

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
  onContentManagerRoutes(strapi, isWrite, refuseGuardedTypes);
}
