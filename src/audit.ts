/** The audit of this shop: the rules of its tables and those its database is told to keep. */
import type { Knex } from 'knex';

import { APPEND_ONLY_TABLES, appendOnlyTrigger, CHECKS, UNIQUE_INDEXES } from '../database/declared';
import { type AuditReport, runAudit } from './api/audit/run-audit';
import { recordFindings } from './api/audit/services/nightly-audit';
import { clock } from './platform/clock';
import { allowLongWork, inTransaction } from './platform/database';

export { repairCounters } from './api/audit/repair-counters';
export { describeFinding } from './api/audit/run-audit';

const DECLARED = {
  uniqueIndexes: UNIQUE_INDEXES,
  checks: CHECKS,
  appendOnly: APPEND_ONLY_TABLES.map((table) => ({ name: appendOnlyTrigger(table), table })),
};

/** Tests everything that must always hold, on the database behind `connection`, as of `now`. */
export const auditShop = (connection: Knex, now: Date, limit?: number): Promise<AuditReport> =>
  runAudit(connection, { now, declared: DECLARED, limit });

/** The nightly run: what is found becomes rows, and a notice to staff when it is new. */
export async function auditNightly(): Promise<void> {
  const report = await inTransaction(async (tx) => {
    await allowLongWork(tx);
    return auditShop(tx, clock.now());
  });
  await recordFindings(report);
}
