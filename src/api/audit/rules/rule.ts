/** One question to the database: which rows contradict an invariant? */
import type { Knex } from 'knex';

/** What the two databases write differently. Tables and columns are named as they are in the database. */
export interface Dialect {
  /** An integer out of a JSON column, e.g. the order a message is about. */
  jsonInteger(column: string, name: string): string;
  /** Whole fen out of a column of yuan, which SQLite keeps as floating point. */
  fen(column: string): string;
  /** Minutes from the first moment to the second. SQLite keeps moments as milliseconds. */
  minutesBetween(from: string, to: string): string;
}

export interface Rule {
  /** A short unique name, `<part>.<what>`. */
  name: string;
  /** Its number under "What must always hold" in docs/invariants.md. */
  invariant: number;
  /** What is wrong with a row that is found. */
  zh: string;
  en: string;
  /** The table the found ids are of. */
  table: string;
  /** True when `--repair` knows how to mend what it finds. */
  isRepairable?: boolean;
  /**
   * One SELECT whose rows are the findings: `id`, and what else helps to understand it. It is one statement, because
   * a statement sees one moment: a shop that goes on selling must not be found wrong. Bound: `:late`, `:hoursAgo`, `:aMinuteAgo`, `:aDayAgo`.
   */
  find(dialect: Dialect): string;
}

export const POSTGRES: Dialect = {
  jsonInteger: (column, name) => `cast(${column} ->> '${name}' as integer)`,
  fen: (column) => `cast(round(${column} * 100) as bigint)`,
  minutesBetween: (from, to) => `extract(epoch from ${to} - ${from}) / 60`,
};

export const SQLITE: Dialect = {
  jsonInteger: (column, name) => `cast(json_extract(${column}, '$.${name}') as integer)`,
  fen: (column) => `cast(round(${column} * 100) as bigint)`,
  minutesBetween: (from, to) => `(${to} - ${from}) / 60000`,
};

export const isPostgresConnection = (connection: Knex): boolean =>
  String(connection.client.config.client).startsWith('p');

export const dialectOf = (connection: Knex): Dialect =>
  isPostgresConnection(connection) ? POSTGRES : SQLITE;

export const quoted = (texts: readonly string[]): string => texts.map((text) => `'${text}'`).join(', ');

/** Messages that are still to be worked, of one topic, by the number they carry; never null, for `not in`. */
export function openMessages(
  dialect: Dialect,
  topic: string,
  payloadName: string,
  statuses: readonly string[] = ['pending', 'blocked', 'running'],
): string {
  const about = dialect.jsonInteger('m.payload', payloadName);
  return `select ${about} from outbox_messages m
    where m.topic = '${topic}' and m.status in (${quoted(statuses)}) and ${about} is not null`;
}
