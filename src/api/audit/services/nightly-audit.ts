/** What a run of the audit leaves behind: rows staff can work, and one notice when there is something new. */
import {
  fetchRows,
  inTransaction,
  insertRows,
  query,
  toColumns,
  type BaseRow,
  type Tx,
} from '../../../platform/database';
import { notifyStaff } from '../../notification/notify';
import type { AuditReport, Finding } from '../run-audit';

const AUDIT_FINDING_UID = 'api::audit.audit-finding';

interface FindingRow extends BaseRow {
  rule: string;
  subject: string;
  status: 'open' | 'gone';
}

const nameOf = ({ rule, subject }: { rule: string; subject: string }): string => `${rule} ${subject}`;

const describe = ({ zh, en }: Finding): string => `${zh} / ${en}`;

async function writeNew(tx: Tx, findings: Finding[], at: Date): Promise<void> {
  await insertRows(
    AUDIT_FINDING_UID,
    tx,
    findings.map((finding) => ({
      rule: finding.rule,
      subject: finding.subject,
      invariant: finding.invariant,
      description: describe(finding),
      facts: finding.facts,
      isRepairable: finding.isRepairable,
      status: 'open',
      firstSeenAt: at,
      lastSeenAt: at,
    })),
  );
}

/** Sets attributes of many rows with few statements. */
async function updateAll(tx: Tx, ids: number[], attributes: Record<string, unknown>): Promise<void> {
  const BATCH = 500;
  for (let from = 0; from < ids.length; from += BATCH) {
    await query(AUDIT_FINDING_UID, tx)
      .whereIn('id', ids.slice(from, from + BATCH))
      .update(toColumns(AUDIT_FINDING_UID, attributes));
  }
}

function tell(tx: Tx, fresh: Finding[]): Promise<void> {
  const rules = [...new Set(fresh.map(({ rule }) => rule))];
  return notifyStaff(tx, {
    type: 'system',
    title: '夜间核查发现新的数据问题，请处理',
    content: `${fresh.length} 处：${rules.slice(0, 5).join('、')}${rules.length > 5 ? ' 等' : ''}。详见“核查结果”。`,
    data: { rules },
  });
}

/**
 * Takes over what an audit found: new findings are written and told of once, known ones are seen again, and those that
 * are no longer found are gone. One that comes back is new again. Applied twice it changes nothing but the times.
 */
export async function recordFindings({ findings, cutShort, at }: AuditReport): Promise<void> {
  await inTransaction(async (tx) => {
    const known = await fetchRows<FindingRow>(
      AUDIT_FINDING_UID,
      query(AUDIT_FINDING_UID, tx).where('status', 'open').select('id', 'rule', 'subject', 'status'),
    );
    const found = new Set(findings.map(nameOf));
    const open = new Set(known.map(nameOf));
    // A rule with more findings than are listed does not say which of the others are over.
    const isOver = (row: FindingRow): boolean => !found.has(nameOf(row)) && !cutShort.includes(row.rule);
    const fresh = findings.filter((finding) => !open.has(nameOf(finding)));
    const again = known.filter((row) => found.has(nameOf(row))).map(({ id }) => id);
    await updateAll(tx, again, { lastSeenAt: at, updatedAt: at });
    await updateAll(
      tx,
      known.filter(isOver).map(({ id }) => id),
      { status: 'gone', updatedAt: at },
    );
    await writeNew(tx, fresh, at);
    if (fresh.length > 0) await tell(tx, fresh);
  });
}

export default () => ({ recordFindings });
