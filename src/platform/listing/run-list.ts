import type { Knex } from 'knex';

import { isPostgres } from '../database';
import type { Pagination } from '../request/present';
import { whereFilters } from './apply-filters';
import { type CursorValues, encodeCursor } from './cursor';
import type { ListQuery } from './list-query';
import type { Paging, Sort } from './paging';

/** How the fields of a list's rules are found in its query. */
export interface ListColumns {
  /** Field name → column in the query, e.g. `price` → `products.price`. */
  columns: Record<string, string>;
  /** For fields whose column may be empty: what an empty one counts as, in order and in cursors. */
  emptyAs?: Record<string, number | string>;
  /** The numeric id that makes every order total, e.g. `products.id`. */
  id: string;
  /**
   * Joins more columns to the finished page: `page` has filters, order and limit already, so what is joined here is
   * looked up for the rows that are shown, not for all that were counted. Must keep the order.
   */
  dress?(page: Knex.QueryBuilder, sort: Sort[]): Knex.QueryBuilder;
  /** The number of all rows, when it is known already, and who is told of one that was counted. */
  total?: { known: number | undefined; learn(total: number): void };
}

type Row = Record<string, unknown>;

function columnOf(field: string, { columns }: ListColumns): string {
  const column = columns[field];
  if (column === undefined) throw new Error(`the list has no column for ${field}`);
  return column;
}

/** What rows are ordered by: the column, or what its empty values count as. */
function orderOf(field: string, list: ListColumns): string | Knex.Raw {
  const column = columnOf(field, list);
  const empty = list.emptyAs?.[field];
  return empty === undefined ? column : strapi.db.connection.raw('coalesce(??, ?)', [column, empty]);
}

/** Rows after the cursor: greater in the first differing sort value, the id deciding between equals. */
function applyCursor(builder: Knex.QueryBuilder, after: CursorValues, sort: Sort[], list: ListColumns): void {
  const steps = [
    ...sort.map(({ field, direction }) => ({ order: orderOf(field, list), direction })),
    { order: list.id, direction: lastDirection(sort) },
  ];
  builder.where((any) => {
    steps.forEach((step, index) => {
      any.orWhere((all) => {
        steps
          .slice(0, index)
          .forEach(({ order }, earlier) => all.where(order as string, cursorValue(after[earlier])));
        all.where(step.order as string, step.direction === 'asc' ? '>' : '<', cursorValue(after[index]));
      });
    });
  });
}

const ISO_TIME = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

/** Times travel in cursors as ISO texts, and the two databases keep them differently. */
const cursorValue = (
  value: string | number | boolean | null | undefined,
): string | number | boolean | Date =>
  typeof value === 'string' && ISO_TIME.test(value) ? new Date(value) : (value ?? 0);

const lastDirection = (sort: Sort[]): Sort['direction'] => sort.at(-1)?.direction ?? 'desc';

function toCursorValue(value: unknown): string | number | boolean | null {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

export interface ListResult {
  rows: Row[];
  pagination: Pagination;
}

/**
 * Runs a list: filters, order, and one page by number or by cursor. `builder` selects the columns (the sort columns
 * and the id among them, by their plain names); rows come back as the database has them.
 */
export async function runList(
  builder: Knex.QueryBuilder,
  request: ListQuery,
  list: ListColumns,
): Promise<ListResult> {
  whereFilters(builder, request.filters, (field) => columnOf(field, list));
  const counted = countOf(builder.clone());
  const { paging, sort } = request;
  // Knex takes raw SQL wherever it takes a column; its types say so of the first argument only.
  for (const { field, direction } of sort) builder.orderBy(orderOf(field, list) as string, direction);
  builder.orderBy(list.id, lastDirection(sort));
  return paging.by === 'cursor'
    ? pageByCursor(builder, paging, sort, list)
    : pageByNumber(builder, paging, sort, list, counted);
}

type ByCursor = Extract<Paging, { by: 'cursor' }>;
type ByNumber = Exclude<Paging, ByCursor>;

async function pageByCursor(
  builder: Knex.QueryBuilder,
  { after, limit }: ByCursor,
  sort: Sort[],
  list: ListColumns,
): Promise<ListResult> {
  if (after !== undefined) applyCursor(builder, after, sort, list);
  const rows = (await dressed(builder.limit(limit + 1), sort, list)) as Row[];
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  const plain = (column: string) => column.split('.').at(-1) ?? column;
  const valueOf = (row: Row, field: string) =>
    toCursorValue(row[plain(columnOf(field, list))] ?? list.emptyAs?.[field]);
  const nextCursor =
    last === undefined
      ? null
      : encodeCursor([...sort.map(({ field }) => valueOf(last, field)), Number(last.id)], sort);
  return { rows: shown, pagination: { limit, nextCursor } };
}

async function pageByNumber(
  builder: Knex.QueryBuilder,
  { page, pageSize, withCount }: ByNumber,
  sort: Sort[],
  list: ListColumns,
  counted: Knex.QueryBuilder,
): Promise<ListResult> {
  const before = (page - 1) * pageSize;
  const shown = dressed(builder.limit(pageSize).offset(before), sort, list);
  if (!withCount) return { rows: (await shown) as Row[], pagination: { page, pageSize } };
  const known = list.total?.known;
  const { rows, total } =
    known === undefined
      ? await readCounted(shown, counted, page)
      : { rows: (await shown) as Row[], total: known };
  // What was written past the shop nobody has told of.
  const fits = rows.length === Math.max(0, Math.min(pageSize, total - before));
  const sure = fits ? total : await countAlone(counted);
  if (sure !== known) list.total?.learn(sure);
  return { rows, pagination: { page, pageSize, pageCount: Math.ceil(sure / pageSize), total: sure } };
}

/** A page with its count in one statement: one way to the database, and both see the same rows. */
async function readCounted(
  shown: Knex.QueryBuilder,
  counted: Knex.QueryBuilder,
  page: number,
): Promise<{ rows: Row[]; total: number }> {
  const found = (await shown.select(counted.clone().as(TOTAL))) as (Row & { [TOTAL]: string | number })[];
  // Behind the last page there is no row that could carry the count.
  const total = found[0]?.[TOTAL] ?? (page === 1 ? 0 : await countAlone(counted));
  return { rows: found.map(({ [TOTAL]: _, ...row }) => row), total: Number(total) };
}

/** No column of any list; it stands beside the columns of each row. */
const TOTAL = 'list_total';

const dressed = (page: Knex.QueryBuilder, sort: Sort[], list: ListColumns): Knex.QueryBuilder =>
  list.dress === undefined ? page : list.dress(page, sort);

/** Rows and not a column of them: an index that has all of the conditions is then enough. */
const countOf = (counter: Knex.QueryBuilder): Knex.QueryBuilder =>
  counter.clearSelect().clearOrder().count({ total: '*' });

async function countAlone(counted: Knex.QueryBuilder): Promise<number> {
  const [row] = (await counted.clone()) as { total: string | number }[];
  return Number(row?.total ?? 0);
}

/** A condition for "contains this text", ignoring case, that PostgreSQL's trigram indexes can serve. */
export function whereContains(builder: Knex.QueryBuilder, column: string, text: string): Knex.QueryBuilder {
  const pattern = `%${text.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`;
  return isPostgres()
    ? builder.orWhereRaw('lower(??) like ?', [column, pattern])
    : builder.orWhereRaw("lower(??) like ? escape '\\'", [column, pattern]);
}
