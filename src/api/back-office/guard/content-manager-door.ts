import type { Core } from '@strapi/strapi';
import type { Context, Next } from 'koa';

import { panelRefusal } from '../../../platform/errors';
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

const DRAFT_ACTION = /\/actions\/(?:publish|unpublish|discard|bulkPublish|bulkUnpublish)$/;

const NO_DRAFTS = {
  zh: '此类内容没有草稿，保存即生效',
  en: 'There are no drafts of this: what is saved is in force',
};

function hasDrafts(uid: string): boolean {
  // As of today no type has; the generated types know, and would call the comparison pointless.
  const type = strapi.contentTypes[uid as keyof typeof strapi.contentTypes] as
    { options?: { draftAndPublish?: boolean } } | undefined;
  return type?.options?.draftAndPublish === true;
}

async function refuseDraftActions(ctx: Context, next: Next): Promise<void> {
  if (!hasDrafts(String(ctx.params.model))) throw panelRefusal(NO_DRAFTS);
  await next();
}

/**
 * Lets the content manager's write routes answer with the sentence that names the right button. The document guard
 * alone would be safe, but Strapi stumbles before it is asked: it reads the `status` of an order in a body as its own
 * draft status (400), and its actions for drafts call what types without them do not have (500): those have a sentence of
 * their own. Call in `register`.
 */
export function guardContentManager(strapi: Core.Strapi): void {
  onContentManagerRoutes(strapi, isWrite, refuseGuardedTypes);
  onContentManagerRoutes(strapi, ({ path }) => DRAFT_ACTION.test(path), refuseDraftActions);
}
