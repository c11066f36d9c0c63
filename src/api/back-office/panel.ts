import type { Core } from '@strapi/strapi';

import { inTransaction, oneProcessAtATime } from '../../platform/database';
import { guardUploads } from '../../platform/uploads';
import { ensureFirstAdmin } from './access/first-admin';
import { registerPanelActions } from './access/panel-actions';
import { guardReading } from './access/reading-door';
import { hideSecretFields } from './access/secret-fields';
import { narrowStockRoles } from './access/stock-roles';
import { syncMerchantRole, withholdSecretFields } from './access/sync-merchant-role';
import { guardContentManager } from './guard/content-manager-door';
import { guardDocuments } from './guard/document-guard';
import { guardMainLanguage } from './guard/main-language';
import { guardWebhooks } from './guard/webhooks';
import { PANEL_ROUTES } from './panel-routes';
import { completeRows } from './views/beside-rows';
import { restoreOwnStatus } from './views/own-status';
import { syncViews } from './views/sync-views';

/** What the panel needs before anything boots: the guard, its permissions, its routes. */
export async function registerBackOffice(strapi: Core.Strapi): Promise<void> {
  hideSecretFields(strapi);
  guardDocuments(strapi);
  guardMainLanguage(strapi);
  guardContentManager(strapi);
  guardReading(strapi);
  guardUploads(strapi);
  guardWebhooks(strapi);
  restoreOwnStatus(strapi);
  completeRows(strapi);
  withholdSecretFields(strapi);
  await registerPanelActions(strapi);
  // Strapi mounts every router below src/api as content API; these answer the panel, behind its own sign-in.
  strapi.server.routes(PANEL_ROUTES);
}

/** Processes that start together would each make the merchant's role and the stored views. */
const LOCK = 7_210_451;

/** What the panel needs of the database. Call once the shop's languages exist. */
export async function bootstrapBackOffice(strapi: Core.Strapi): Promise<void> {
  await inTransaction(async (tx) => {
    await oneProcessAtATime(tx, LOCK);
    await syncViews(strapi);
    await syncMerchantRole(strapi);
    await narrowStockRoles(strapi);
  });
  await ensureFirstAdmin(strapi);
}
