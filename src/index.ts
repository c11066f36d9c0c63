import type { Core } from '@strapi/strapi';

import { applyConstraints } from '../database/constraints';
import { ensureFirstStaff } from './extensions/users-permissions/first-staff';
import { guardUsers } from './extensions/users-permissions/panel-guard';
import { syncRoles } from './extensions/users-permissions/sync-roles';
import { guardCategoryTree } from './api/category/rules/category-tree';
import { seedDemoCatalogue } from './api/product/demo/seed-demo-catalogue';
import { ensureLanguages } from './api/product/rules/ensure-languages';
import { guardProductWrites } from './api/product/rules/product-writes';
import { startViewCounter, stopViewCounter } from './api/product/services/view-counter';
import { settings } from '../config/environment';
import { ensureHousekeeping } from './housekeeping';
import { endOnUnhandledFailure } from './platform/last-resort';
import { refuseUnreadQueries } from './platform/http/query-door';
import { hearFailedChecks } from './platform/strapi-validation';
import { closeRedis, openRedis } from './platform/redis/connection';
import { QUERY_READERS } from './query-readers';
import { shopWorker } from './worker';
import { bootstrapBackOffice, registerBackOffice } from './api/back-office/panel';

export default {
  async register({ strapi }: { strapi: Core.Strapi }) {
    hearFailedChecks();
    await registerBackOffice(strapi);
    guardUsers(strapi);
    guardCategoryTree(strapi);
    guardProductWrites(strapi);
    refuseUnreadQueries(strapi, QUERY_READERS);
  },

  async bootstrap({ strapi }: { strapi: Core.Strapi }) {
    await applyConstraints(strapi.db.connection, (message) => strapi.log.warn(message));
    await ensureLanguages(strapi);
    startViewCounter();
    await syncRoles(strapi);
    await ensureFirstStaff(strapi);
    // Last: the merchant's role is given every language that exists.
    await bootstrapBackOffice(strapi);
    if (settings().SEED_DEMO) await seedDemoCatalogue(strapi);
    await ensureHousekeeping();
    await openRedis(settings().REDIS_URL, strapi.log);
    if (settings().NODE_ENV !== 'test') endOnUnhandledFailure(strapi);
    if (settings().PROCESS_ROLE !== 'web') shopWorker().start();
  },

  async destroy() {
    await shopWorker().stop();
    closeRedis();
    await stopViewCounter();
  },
};
