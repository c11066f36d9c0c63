/**
 * Reads the whole database and tests everything that must always hold. Knows tables and SQL only, so that the command
 * and the tests run it on any database without starting the shop.
 */
import type { Knex } from 'knex';

import { DAY_MS } from '../../domain/beijing-day';

import { RULES } from './rules';
import { type DeclaredRules, findMissingRules, rowRules } from './rules/declared';
import { dialectOf, type Rule } from './rules/rule';

export interface Finding {
  /** Number under "What must always hold". */
  invariant: number;
  rule: string;
  /** `<table>#<id>`, or the name of what is missing. */
  subject: string;
  zh: string;
  en: string;
  /** What stands in the row, as far as it helps. No personal data. */
  facts: Record<string, unknown>;
  isRepairable: boolean;
}

export interface AuditReport {
  at: Date;
  /** How many questions were asked. */
  rules: number;
  findings: Finding[];
  /** Names of rules with more findings than are listed. */
  cutShort: string[];
  durationMs: number;
}

export interface AuditOptions {
  /** The moment deadlines are compared with. */
  now: Date;
  declared: DeclaredRules;
  /** At most so many findings of one rule are listed. */
  limit?: number;
}

/** A message may wait this long past its time, for a worker that is being replaced, before it counts as stuck. */
export const LATE_MS = 15 * 60_000;
const MINUTE_MS = 60_000;
/** An order may wait this long past its deadline for WeChat to say that it was not paid. */
const OVERDUE_MS = 6 * 60 * MINUTE_MS;
const DEFAULT_LIMIT = 500;

type FoundRow = Record<string, unknown> & { id: number | string | null };

async function ask(connection: Knex, rule: Rule, now: Date, limit: number): Promise<FoundRow[]> {
  const bindings = {
    late: new Date(now.getTime() - LATE_MS),
    hoursAgo: new Date(now.getTime() - OVERDUE_MS),
    aMinuteAgo: new Date(now.getTime() - MINUTE_MS),
    aDayAgo: new Date(now.getTime() - DAY_MS),
    atMost: limit,
  };
  const sql = `select * from (${rule.find(dialectOf(connection))}) found order by id limit :atMost`;
  const result = (await connection.raw(sql, bindings)) as { rows?: FoundRow[] } & FoundRow[];
  return result.rows ?? result;
}

/** The same on both databases: numbers as numbers, although pg hands out wide ones as text. */
const toFact = (value: unknown): unknown =>
  typeof value === 'string' && /^-?\d{1,15}(\.\d+)?$/.test(value) ? Number(value) : value;

const toFinding = (rule: Rule, { id, ...facts }: FoundRow): Finding => ({
  invariant: rule.invariant,
  rule: rule.name,
  subject: `${rule.table}#${String(id)}`,
  zh: rule.zh,
  en: rule.en,
  facts: Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, toFact(value)])),
  isRepairable: rule.isRepairable ?? false,
});

const missingRule = (name: string): Finding => ({
  invariant: 3,
  rule: 'database.rules',
  subject: name,
  zh: '数据库缺少应有的约束、唯一索引或触发器；重新启动商城会补上',
  en: 'the database lacks a constraint, unique index or trigger; starting the shop lays it again',
  facts: {},
  isRepairable: false,
});

/**
 * Asks every question once. Each is one statement and so sees one moment: what the shop does meanwhile is never found
 * wrong. Throws when a question cannot be asked (no such table, no connection).
 */
export async function runAudit(
  connection: Knex,
  { now, declared, limit = DEFAULT_LIMIT }: AuditOptions,
): Promise<AuditReport> {
  const started = performance.now();
  const rules = [...RULES, ...rowRules(declared)];
  const findings = (await findMissingRules(connection, declared)).map(missingRule);
  const cutShort: string[] = [];
  for (const rule of rules) {
    const rows = await ask(connection, rule, now, limit + 1);
    if (rows.length > limit) cutShort.push(rule.name);
    findings.push(...rows.slice(0, limit).map((row) => toFinding(rule, row)));
  }
  return {
    at: now,
    rules: rules.length + 1,
    findings,
    cutShort,
    durationMs: Math.round(performance.now() - started),
  };
}

/** One line for people: what, which row, what stands there. */
export function describeFinding({ invariant, rule, subject, zh, en, facts, isRepairable }: Finding): string {
  const shown = Object.entries(facts)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}=${value instanceof Date ? value.toISOString() : String(value)}`);
  const repair = isRepairable ? ' [可修复 repairable]' : '';
  return `[${invariant}] ${rule} ${subject}${repair} ${zh} ${en}: ${shown.join(' ')}`;
}
