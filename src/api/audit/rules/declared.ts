/** Rules the database is told to keep (database/declared.ts): that it still does, and that no row slipped by. */
import type { Knex } from 'knex';

import { isPostgresConnection, type Rule } from './rule';

export interface DeclaredRules {
  uniqueIndexes: { name: string; table: string; columns: string[]; where?: string }[];
  checks: { name: string; table: string; condition: string }[];
  /** Names of triggers, by the table whose rows they keep as written. */
  appendOnly: { name: string; table: string }[];
}

/** Which invariant a broken rule is a breach of; the others keep "one effect per cause". */
const INVARIANTS: Record<string, number> = {
  shop_check_stock: 1,
  shop_check_order_amounts: 4,
  shop_check_payment_amount: 4,
  shop_check_refund_amount: 4,
};

function duplicates({ name, table, columns, where }: DeclaredRules['uniqueIndexes'][number]): Rule {
  const list = columns.map((column) => `"${column}"`).join(', ');
  const present = columns.map((column) => `"${column}" is not null`).join(' and ');
  const condition = where === undefined ? present : `(${where}) and ${present}`;
  return {
    name: `unique.${name}`,
    invariant: INVARIANTS[name] ?? 3,
    zh: `应唯一的记录重复：${table}（${columns.join('、')}）`,
    en: `rows of ${table} that must be unique are not: ${columns.join(', ')}`,
    table,
    find: () => `select min(id) as id, ${list}, count(*) as rows_found from ${table}
      where ${condition} group by ${list} having count(*) > 1`,
  };
}

const violations = ({ name, table, condition }: DeclaredRules['checks'][number]): Rule => ({
  name: `check.${name}`,
  invariant: INVARIANTS[name] ?? 3,
  zh: `记录违反约束 ${name}`,
  en: `a row breaks the constraint ${name}: ${condition}`,
  table,
  find: () => `select id from ${table} where not (${condition})`,
});

/** Some indexes end in the id and are there for speed alone. */
const isAboutRows = ({ columns }: { columns: string[] }): boolean => !columns.includes('id');

export const rowRules = ({ uniqueIndexes, checks }: DeclaredRules): Rule[] => [
  ...uniqueIndexes.filter(isAboutRows).map(duplicates),
  ...checks.map(violations),
];

/** Names of the declared rules this database does not keep (any more). */
export async function findMissingRules(connection: Knex, declared: DeclaredRules): Promise<string[]> {
  const isPostgres = isPostgresConnection(connection);
  const sql = isPostgres
    ? `select indexrelid::regclass::text as name from pg_index where indisunique and indisvalid
       union all select conname from pg_constraint where convalidated
       union all select tgname from pg_trigger where tgenabled <> 'D'`
    : 'select name from sqlite_master';
  const result = (await connection.raw(sql)) as { rows?: { name: string }[] } & { name: string }[];
  const present = new Set((result.rows ?? result).map(({ name }) => name));
  const wanted = [
    ...declared.uniqueIndexes.map(({ name }) => name),
    // SQLite keeps a CHECK as a pair of triggers, and append-only too.
    ...declared.checks.flatMap(({ name }) => (isPostgres ? [name] : [`${name}_insert`, `${name}_update`])),
    ...declared.appendOnly.flatMap(({ name }) =>
      isPostgres ? [name] : [`${name}_update`, `${name}_delete`],
    ),
  ];
  return wanted.filter((name) => !present.has(name));
}
