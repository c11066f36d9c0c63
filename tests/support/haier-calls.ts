import type { TestApp } from './app';

const TABLE = 'haier_api_logs';

/**
 * Puts so many calls into the log with one statement: the newest now, one a minute before, alternately of both systems, each
 * tenth of them failed, a subject of its own for every hundred.
 */
export async function fillCallLog(app: TestApp, count: number, newest: Date): Promise<void> {
  const knex = app.strapi.db.connection;
  const isPostgres = app.strapi.db.dialect.client === 'postgres';
  const numbers = isPostgres
    ? `select n from generate_series(0, ${count - 1}) as n`
    : `with recursive counter(n) as (select 0 union all select n + 1 from counter where n < ${count - 1}) select n from counter`;
  const moment = isPostgres ? "cast(? as timestamp) - n * interval '1 minute'" : '? - n * 60000';
  await knex.raw(
    `insert into ${TABLE} (system, operation, outcome, method, url, http_status, attempt, duration_ms, subject,
       message, request_body, response_body, called_at)
     select case when n % 2 = 0 then 'haier' else 'ylh' end,
       case when n % 4 = 0 then 'readStock' when n % 4 = 2 then 'readPrices' else 'createOrder' end,
       case when n % 10 = 9 then 'unknown_outcome' else 'ok' end,
       'POST', 'https://upstream.example/path', 200, 1, 12, 'SUBJECT-' || (n / 100), null, '{"a":1}', '{"b":2}', ${moment}
     from (${numbers}) as numbers`,
    [isPostgres ? newest : newest.getTime()],
  );
  // As PostgreSQL does by itself after a while.
  if (isPostgres) await knex.raw(`vacuum analyze ${TABLE}`);
}

export async function emptyCallLog(app: TestApp): Promise<void> {
  await app.strapi.db.connection(TABLE).delete();
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows'?: number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
}

/** How PostgreSQL runs a statement: every scan of the log, and how many of its rows were looked at. */
export async function scansOf(app: TestApp, statement: { sql: string; bindings: readonly unknown[] }) {
  const { rows } = (await app.strapi.db.connection.raw(
    `explain (analyze, format json) ${statement.sql}`,
    statement.bindings as never,
  )) as { rows: { 'QUERY PLAN': { Plan: PlanNode }[] }[] };
  const scans: { kind: string; rows: number }[] = [];
  const walk = (node: PlanNode): void => {
    if (node['Relation Name'] === TABLE || node['Node Type'].includes('Index'))
      scans.push({
        kind: node['Node Type'],
        rows: (node['Actual Rows'] ?? 0) + (node['Rows Removed by Filter'] ?? 0),
      });
    node.Plans?.forEach(walk);
  };
  const plan = rows[0]?.['QUERY PLAN'][0]?.Plan;
  if (plan !== undefined) walk(plan);
  return scans;
}
