/** What is read of this process itself: event loop, memory, pool, logs. */
import type { Core } from '@strapi/strapi';
import { collectDefaultMetrics } from 'prom-client';

import { logTroubles } from '../logging';
import { observed, observedTotal, registry } from './registry';

interface Pool {
  numUsed(): number;
  numFree(): number;
  numPendingAcquires(): number;
}

let pool: Pool | undefined;

collectDefaultMetrics({ register: registry });

observed('shop_db_pool_connections', 'Connections to the database, and who waits for one', ['state'], () =>
  pool === undefined
    ? []
    : [
        { labels: { state: 'used' }, value: pool.numUsed() },
        { labels: { state: 'free' }, value: pool.numFree() },
        { labels: { state: 'waiting' }, value: pool.numPendingAcquires() },
      ],
);
observedTotal('shop_log_lines_lost_total', 'Lines of a log that could not be kept', [], () => [
  { labels: {}, value: logTroubles().lostLines },
]);
observedTotal('shop_audit_lines_lost_total', 'Lines of the payment audit that stand in no file', [], () => [
  { labels: {}, value: logTroubles().lostAuditLines },
]);
observed('shop_audit_lines_waiting', 'Lines of the payment audit that wait for the disk', [], () => [
  { labels: {}, value: logTroubles().waitingAuditLines },
]);
observed('shop_log_files_failing', 'Log files that cannot be written now', [], () => [
  { labels: {}, value: logTroubles().failing.length },
]);

/** Shows the pool of this shop; of the last one that was started, where there are several. */
export function watchPool(strapi: Core.Strapi): void {
  pool = (strapi.db.connection.client as { pool?: Pool }).pool;
}
