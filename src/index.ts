import type { Core } from '@strapi/strapi';

import { applyConstraints } from '../database/constraints';
import { ensureFirstStaff } from './extensions/users-permissions/first-staff';
import { guardUsers } from './extensions/users-permissions/panel-guard';
import { syncRoles } from './extensions/users-permissions/sync-roles';
import { guardCategoryTree } from './api/category/rules/category-tree';
import { seedDemoCatalogue } from './api/product/demo/seed-demo-catalogue';
import { ensureLanguages } from './api/product/rules/ensure-languages';
import { guardDiscountWrites, stateDiscountScopes } from './api/discount/discount-scope';
import { guardProductWrites } from './api/product/rules/product-writes';
import { startViewCounter, stopViewCounter } from './api/product/services/view-counter';
import { settings } from '../config/environment';
import { closeCatalogueCache, openCatalogueCache } from './catalogue-cache';
import { openCatalogueEdge } from './catalogue-edge';
import { connectHaier } from './haier';
import { keepClockRight, stopClockKeeping } from './platform/clock-offset';
import { endAudit, flushLogs, keepAnchors, stopAnchors } from './platform/logging';
import {
  keepFromWaiting,
  limitSessions,
  lockStart,
  makeCommitsCertain,
  type StartLock,
  waitAgain,
} from './platform/database';
import { endOnUnhandledFailure, endWhenStopHangs } from './platform/last-resort';
import { watchPool } from './platform/metrics';
import { stopInOrder } from './platform/stopping';
import { refuseUnreadQueries } from './platform/http/query-door';
import { hearFailedChecks } from './platform/strapi-validation';
import { watchBacklog } from './platform/outbox';
import { scheduleJobs } from './platform/schedule';
import { closeRedis, openRedis } from './platform/redis/connection';
import { closeConnections, closeShopPush, openShopPush } from './push';
import { QUERY_READERS } from './query-readers';
import './shop-metrics';
import { stopTracing } from './platform/tracing';
import { CLOCK_JOBS, shopWorker } from './worker';
import { bootstrapBackOffice, registerBackOffice } from './api/back-office/panel';

/** From before the first statement until the database is as this version wants it. */
let startLock: StartLock | undefined;

/** SQLite has one process. */
async function waitForTurn(strapi: Core.Strapi): Promise<void> {
  const { DATABASE_CLIENT, DATABASE_URL, DATABASE_SSL } = settings();
  if (DATABASE_CLIENT !== 'postgres' || DATABASE_URL === undefined) return;
  startLock = await lockStart({
    connectionString: DATABASE_URL,
    ssl: DATABASE_SSL === true,
    log: strapi.log,
  });
}

export default {
  async register({ strapi }: { strapi: Core.Strapi }) {
    await waitForTurn(strapi);
    hearFailedChecks();
    await registerBackOffice(strapi);
    guardUsers(strapi);
    guardCategoryTree(strapi);
    guardProductWrites(strapi);
    guardDiscountWrites(strapi);
    refuseUnreadQueries(strapi, QUERY_READERS);
    connectHaier(strapi);
  },

  async bootstrap({ strapi }: { strapi: Core.Strapi }) {
    makeCommitsCertain(strapi.db.connection);
    openCatalogueCache(strapi);
    await applyConstraints(strapi.db.connection, (message) => strapi.log.warn(message));
    keepAnchors(strapi);
    watchPool(strapi);
    await keepClockRight(strapi.log);
    await stateDiscountScopes();
    await ensureLanguages(strapi);
    startViewCounter();
    await syncRoles(strapi);
    await ensureFirstStaff(strapi);
    // Last: the merchant's role is given every language that exists.
    await bootstrapBackOffice(strapi);
    if (settings().SEED_DEMO) await seedDemoCatalogue(strapi);
    await scheduleJobs(CLOCK_JOBS);
    await startLock?.release();
    watchBacklog(shopWorker().topics);
    await limitSessions(strapi.db.connection);
    keepFromWaiting(strapi);
    await openRedis(settings().REDIS_URL, strapi.log);
    const graceMs = settings().SHUTDOWN_GRACE_SECONDS * 1_000;
    stopInOrder(strapi, graceMs, async () => {
      await Promise.all([closeConnections(), shopWorker().stop()]);
    });
    if (settings().NODE_ENV !== 'test') {
      endOnUnhandledFailure(strapi);
      endWhenStopHangs(strapi, graceMs);
    }
    openCatalogueEdge(strapi);
    await openShopPush(strapi);
    if (settings().PROCESS_ROLE !== 'web') shopWorker().start();
  },

  // No request is in hand any more (`stopInOrder`), and the database is still open.
  async destroy() {
    await closeShopPush();
    stopClockKeeping();
    await closeCatalogueCache();
    closeRedis();
    await stopViewCounter();
    endAudit();
    await stopAnchors();
    waitAgain();
    await stopTracing();
    await flushLogs();
  },
};
