/** What the call log tells of the last day, counted by the database. */
import type { Core } from '@strapi/strapi';

import { API_LOG_UID, SYSTEMS, type System } from '../constants';
import type { CallOutcome } from '../domain/call-log';

export interface HourOfCalls {
  /** When the hour begins. */
  from: string;
  haier: { calls: number; errors: number };
  ylh: { calls: number; errors: number };
}

/** One call, as far as the state of a connection goes. */
export interface CallMark {
  at: string;
  operation: string;
  outcome: CallOutcome;
  message: string | null;
}

const HOUR_MS = 3_600_000;
const HOURS = 24;
/** Failures of the connection itself. A refusal is an answer; without an account nothing was sent. */
const BROKEN: readonly CallOutcome[] = ['unauthorized', 'unavailable', 'unknown_outcome', 'bad_answer'];

const tableOf = (strapi: Core.Strapi): string => strapi.db.metadata.get(API_LOG_UID).tableName;

interface HourRow {
  system: System;
  hour: number | string;
  calls: number | string;
  errors: number | string;
}

/** Calls and errors of the last 24 hours, the present one included, an entry for each hour. */
export async function readHours(strapi: Core.Strapi, now: Date): Promise<HourOfCalls[]> {
  const first = new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS - (HOURS - 1) * HOUR_MS);
  const hours: HourOfCalls[] = Array.from({ length: HOURS }, (_, hour) => ({
    from: new Date(first.getTime() + hour * HOUR_MS).toISOString(),
    haier: { calls: 0, errors: 0 },
    ylh: { calls: 0, errors: 0 },
  }));
  // Times are compared with times as they were bound, so it does not matter in which zone the driver writes them.
  const hour =
    strapi.db.dialect.client === 'postgres'
      ? 'floor(extract(epoch from (called_at - ?)) / 3600)'
      : 'cast((called_at - ?) / 3600000 as integer)';
  const knex = strapi.db.connection;
  const rows = (await knex(tableOf(strapi))
    .where('called_at', '>=', first)
    .groupBy('system', 'hour')
    .select('system', knex.raw(`${hour} as hour`, [first]))
    .select(
      knex.raw("count(*) as calls, sum(case when outcome = 'ok' then 0 else 1 end) as errors"),
    )) as HourRow[];
  for (const row of rows) {
    const entry = hours[Math.floor(Number(row.hour))];
    if (entry !== undefined) entry[row.system] = { calls: Number(row.calls), errors: Number(row.errors) };
  }
  return hours;
}

interface MarkRow {
  system: System;
  called_at: string | number | Date;
  operation: string;
  outcome: CallOutcome;
  message: string | null;
}

/** After every call. */
const END_OF_TIME = new Date('9999-01-01T00:00:00Z');

/**
 * The newest call of a system with this outcome: the last entry of the index (system, outcome, called_at) up to the end of this
 * pair. Asked for by two equalities, PostgreSQL takes another index and walks past every call of the other system.
 */
async function readNewestOf(
  strapi: Core.Strapi,
  system: System,
  outcome: CallOutcome,
): Promise<MarkRow | undefined> {
  const row = (await strapi.db
    .connection(tableOf(strapi))
    .whereRaw('(system, outcome, called_at) <= (?, ?, ?)', [system, outcome, END_OF_TIME])
    .orderBy([
      { column: 'system', order: 'desc' },
      { column: 'outcome', order: 'desc' },
      { column: 'called_at', order: 'desc' },
    ])
    .first('system', 'called_at', 'operation', 'outcome', 'message')) as MarkRow | undefined;
  return row?.system === system && row.outcome === outcome ? row : undefined;
}

/** The newest call of a system with one of these outcomes. */
async function readNewest(
  strapi: Core.Strapi,
  system: System,
  outcomes: readonly CallOutcome[],
): Promise<CallMark | null> {
  const rows = await Promise.all(outcomes.map((outcome) => readNewestOf(strapi, system, outcome)));
  const marks = rows.flatMap((row) =>
    row === undefined
      ? []
      : [
          {
            at: new Date(row.called_at).toISOString(),
            operation: row.operation,
            outcome: row.outcome,
            message: row.message,
          },
        ],
  );
  return marks.sort((a, b) => b.at.localeCompare(a.at))[0] ?? null;
}

export interface SystemMarks {
  lastSuccess: CallMark | null;
  lastFailure: CallMark | null;
}

/** When each system last answered, and last did not. */
export async function readMarks(strapi: Core.Strapi): Promise<Record<System, SystemMarks>> {
  const marks = await Promise.all(
    SYSTEMS.map(async (system) => {
      const [lastSuccess, lastFailure] = await Promise.all([
        readNewest(strapi, system, ['ok']),
        readNewest(strapi, system, BROKEN),
      ]);
      return [system, { lastSuccess, lastFailure }] as const;
    }),
  );
  return Object.fromEntries(marks) as Record<System, SystemMarks>;
}
