/** What PostgreSQL does for the statements that the shop really sends. */
import type { Knex } from 'knex';
import { Client } from 'pg';

export interface Statement {
  /** With $1, $2 … for its bindings. */
  sql: string;
  bindings: readonly unknown[];
}

/** One scan of a plan: what it reads and how many rows or index entries it looked at, those it threw away too. */
export interface Scan {
  kind: string;
  table: string;
  rows: number;
}

export interface Reading {
  statement: Statement;
  scans: Scan[];
  /** Of all its scans together; entries of an index that a bitmap was made of are no rows yet. */
  rows: number;
  entries: number;
  ms: number;
}

interface PlanNode {
  'Node Type': string;
  'Parent Relationship'?: string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows'?: number;
  'Actual Loops'?: number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Plans?: PlanNode[];
}

/** The statements that read, while `work` goes on. */
export async function statementsOf(connection: Knex, work: () => Promise<unknown>): Promise<Statement[]> {
  const found: Statement[] = [];
  const hear = ({ sql, bindings = [] }: { sql: string; bindings?: readonly unknown[] }) => {
    if (/^\s*(?:select|with)\b/i.test(sql)) found.push({ sql, bindings });
  };
  connection.on('query', hear);
  try {
    await work();
  } finally {
    connection.removeListener('query', hear);
  }
  return found;
}

/** The number of all rows of a list, which stands beside its page and must look at all of them. */
const isTotal = (node: PlanNode, { sql }: Statement): boolean =>
  node['Parent Relationship'] === 'InitPlan' &&
  node['Node Type'] === 'Aggregate' &&
  sql.includes('as "list_total"');

function scansOf(node: PlanNode, statement: Statement): Scan[] {
  if (isTotal(node, statement)) return [];
  const inner = (node.Plans ?? []).flatMap((each) => scansOf(each, statement));
  const table = node['Relation Name'] ?? node['Index Name'];
  if (table === undefined) return inner;
  const perLoop =
    (node['Actual Rows'] ?? 0) +
    (node['Rows Removed by Filter'] ?? 0) +
    (node['Rows Removed by Index Recheck'] ?? 0);
  return [{ kind: node['Node Type'], table, rows: perLoop * (node['Actual Loops'] ?? 1) }, ...inner];
}

const BITMAP = 'Bitmap Index Scan';
const sum = (scans: Scan[]): number => scans.reduce((total, { rows }) => total + rows, 0);

/** Runs statements once more, explained, on a connection of their own. */
export class Explainer {
  private constructor(private readonly client: Client) {}

  /** With `eager: false` whole tables are read only where no index could serve: small ones are read whole else. */
  static async connect(connectionString: string, { eager }: { eager: boolean }): Promise<Explainer> {
    const client = new Client({ connectionString });
    await client.connect();
    // As the shop's own connections.
    await client.query('set max_parallel_workers_per_gather = 0; set random_page_cost = 1.1');
    if (!eager) await client.query('set enable_seqscan = off');
    return new Explainer(client);
  }

  async read(statement: Statement): Promise<Reading> {
    const { rows } = await this.client.query<{
      'QUERY PLAN': { Plan: PlanNode; 'Execution Time': number }[];
    }>(`explain (analyze, format json) ${statement.sql}`, [...statement.bindings]);
    const plan = rows[0]?.['QUERY PLAN'][0];
    if (plan === undefined) throw new Error(`PostgreSQL explained nothing of ${statement.sql}`);
    const scans = scansOf(plan.Plan, statement);
    return {
      statement,
      scans,
      rows: sum(scans.filter(({ kind }) => kind !== BITMAP)),
      entries: sum(scans.filter(({ kind }) => kind === BITMAP)),
      ms: plan['Execution Time'],
    };
  }

  /** Tables with at least so many rows, as the statistics have it. */
  async tablesOver(rows: number): Promise<Set<string>> {
    const found = await this.client.query<{ name: string }>(
      "select relname as name from pg_class where relkind = 'r' and reltuples >= $1",
      [rows],
    );
    return new Set(found.rows.map(({ name }) => name));
  }

  end(): Promise<void> {
    return this.client.end();
  }
}
