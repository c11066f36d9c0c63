import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';

import { API_LOG_UID } from '../constants';
import { type CallDetails, type CallLine, type CallPage, type CallQuery } from '../domain/call-log';
import { FAILURE_KINDS } from '../domain/errors';
import { MOST_COUNTED } from '../domain/paging';

export interface CallsService {
  /** The calls of a search, newest first. Costs the same with a hundred rows and with a hundred thousand. */
  list(query: CallQuery): Promise<CallPage>;
  find(id: number): Promise<CallDetails | undefined>;
}

/** In a list nobody reads bodies, and they are most of a row. */
const LINE = [
  'id',
  'system',
  'operation',
  'outcome',
  'method',
  'url',
  'http_status',
  'attempt',
  'duration_ms',
  'subject',
  'message',
  'called_at',
] as const;

type Row = Record<(typeof LINE)[number] | 'request_body' | 'response_body', unknown>;

const toLine = (row: Row): CallLine => ({
  id: Number(row.id),
  system: row.system as CallLine['system'],
  operation: row.operation as string,
  outcome: row.outcome as CallLine['outcome'],
  method: row.method as string | null,
  url: row.url as string | null,
  httpStatus: row.http_status as number | null,
  attempt: Number(row.attempt),
  durationMs: Number(row.duration_ms),
  subject: row.subject as string | null,
  message: row.message as string | null,
  calledAt: new Date(row.called_at as string | number | Date).toISOString(),
});

/** The search as a statement; an equality for every column an index begins with. */
function searchCalls(calls: Knex.QueryBuilder, query: CallQuery): Knex.QueryBuilder {
  const { system, operation, outcome, subject, from, to } = query;
  if (system !== undefined) void calls.where({ system });
  if (operation !== undefined) void calls.where({ operation });
  if (outcome === 'failed') void calls.whereIn('outcome', [...FAILURE_KINDS]);
  else if (outcome !== undefined) void calls.where({ outcome });
  if (subject !== undefined) void calls.where({ subject });
  if (from !== undefined) void calls.where('called_at', '>=', from);
  if (to !== undefined) void calls.where('called_at', '<', to);
  return calls;
}

/** A page of a search, newest first. */
export const selectPage = (calls: Knex.QueryBuilder, query: CallQuery): Knex.QueryBuilder =>
  searchCalls(calls, query)
    .select(...LINE)
    .orderBy([
      { column: 'called_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(query.pageSize)
    .offset((query.page - 1) * query.pageSize);

/** A row for each call of a search, but no more than are counted. */
export const selectCounted = (calls: Knex.QueryBuilder, query: CallQuery): Knex.QueryBuilder =>
  searchCalls(calls, query)
    .select('system')
    .limit(MOST_COUNTED + 1);

export default function createCalls({ strapi }: { strapi: Core.Strapi }): CallsService {
  const calls = (): Knex.QueryBuilder =>
    strapi.db.connection(strapi.db.metadata.get(API_LOG_UID).tableName) as Knex.QueryBuilder;

  async function count(query: CallQuery): Promise<number> {
    const some = selectCounted(calls(), query).as('some');
    const row = (await strapi.db.connection.from(some).count({ total: '*' }).first()) as
      { total: number | string } | undefined;
    return Number(row?.total ?? 0);
  }

  return {
    async list(query) {
      const [rows, total] = await Promise.all([selectPage(calls(), query) as Promise<Row[]>, count(query)]);
      return {
        rows: rows.map(toLine),
        total: Math.min(total, MOST_COUNTED),
        isTotalCapped: total > MOST_COUNTED,
      };
    },
    async find(id) {
      const row = (await calls().where({ id }).first()) as Row | undefined;
      return (
        row && {
          ...toLine(row),
          requestBody: row.request_body as string | null,
          responseBody: row.response_body as string | null,
        }
      );
    },
  };
}
