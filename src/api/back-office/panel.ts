import type { Core } from '@strapi/strapi';

import { ensureFirstAdmin } from './access/first-admin';
import { registerPanelActions } from './access/panel-actions';
import { syncMerchantRole, withholdSecretFields } from './access/sync-merchant-role';
import { guardContentManager } from './guard/content-manager-door';
import { guardDocuments } from './guard/document-guard';
import { PANEL_ROUTES } from './panel-routes';
import { restoreOwnStatus } from './views/own-status';
import { syncViews } from './views/sync-views';

/** What the panel needs before anything boots: the guard, its permissions, its routes. */
export async function registerBackOffice(strapi: Core.Strapi): Promise<void> {
  guardDocuments(strapi);
  guardContentManager(strapi);
  restoreOwnStatus(strapi);
  withholdSecretFields(strapi);
  await registerPanelActions(strapi);
  // Strapi mounts every router below src/api as content API; these answer the panel, behind its own sign-in.
  strapi.server.routes(PANEL_ROUTES);
}

/** What the panel needs of the database. Call once the shop's languages exist. */
export async function bootstrapBackOffice(strapi: Core.Strapi): Promise<void> {
  await syncViews(strapi);
  await syncMerchantRole(strapi);
  await ensureFirstAdmin(strapi);
}
