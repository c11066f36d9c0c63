import type { Knex } from 'knex';

import { isPostgres } from '../database';
import type { Pagination } from '../request/present';
import { whereFilters } from './apply-filters';
import { type CursorValues, encodeCursor } from './cursor';
import type { ListQuery } from './list-query';
import type { Sort } from './paging';

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
  const counter = builder.clone();
  const { paging, sort } = request;
  // Knex takes raw SQL wherever it takes a column; its types say so of the first argument only.
  for (const { field, direction } of sort) builder.orderBy(orderOf(field, list) as string, direction);
  builder.orderBy(list.id, lastDirection(sort));

  if (paging.by === 'cursor') {
    if (paging.after !== undefined) applyCursor(builder, paging.after, sort, list);
    const rows = (await dressed(builder.limit(paging.limit + 1), sort, list)) as Row[];
    const hasMore = rows.length > paging.limit;
    const shown = rows.slice(0, paging.limit);
    const last = shown.at(-1);
    const plain = (column: string) => column.split('.').at(-1) ?? column;
    const nextCursor =
      hasMore && last !== undefined
        ? encodeCursor(
            [
              ...sort.map(({ field }) =>
                toCursorValue(last[plain(columnOf(field, list))] ?? list.emptyAs?.[field]),
              ),
              Number(last.id),
            ],
            sort,
          )
        : null;
    return { rows: shown, pagination: { limit: paging.limit, nextCursor } };
  }

  const { page, pageSize, withCount } = paging;
  const shown = dressed(builder.limit(pageSize).offset((page - 1) * pageSize), sort, list);
  if (!withCount) return { rows: (await shown) as Row[], pagination: { page, pageSize } };
  const toPage = (rows: Row[], total: number): ListResult => ({
    rows,
    pagination: { page, pageSize, pageCount: Math.ceil(total / pageSize), total },
  });
  const counted = countOf(counter);
  const known = list.total?.known;
  if (known !== undefined) {
    const rows = (await shown) as Row[];
    const fits = rows.length === Math.max(0, Math.min(pageSize, known - (page - 1) * pageSize));
    if (fits) return toPage(rows, known);
    // Somebody has written past the shop.
    const total = Number(await countAlone(counted));
    list.total?.learn(total);
    return toPage(rows, total);
  }
  // Counted in the statement of the page: one way to the database, and both see the same rows.
  const found = (await shown.select(counted.clone().as(TOTAL))) as (Row & { [TOTAL]: string | number })[];
  const total = Number(found[0]?.[TOTAL] ?? (page === 1 ? 0 : await countAlone(counted)));
  list.total?.learn(total);
  return toPage(
    found.map(({ [TOTAL]: _, ...row }) => row),
    total,
  );
}

/** No column of any list; it stands beside the columns of each row. */
const TOTAL = 'list_total';

const dressed = (page: Knex.QueryBuilder, sort: Sort[], list: ListColumns): Knex.QueryBuilder =>
  list.dress === undefined ? page : list.dress(page, sort);

/** Rows and not a column of them: an index that has all of the conditions is then enough. */
const countOf = (counter: Knex.QueryBuilder): Knex.QueryBuilder =>
  counter.clearSelect().clearOrder().count({ total: '*' });

/** Behind the last page there is no row that could carry the count. */
async function countAlone(counted: Knex.QueryBuilder): Promise<string | number> {
  const [row] = (await counted) as { total: string | number }[];
  return row?.total ?? 0;
}

/** A condition for "contains this text", ignoring case, that PostgreSQL's trigram indexes can serve. */
export function whereContains(builder: Knex.QueryBuilder, column: string, text: string): Knex.QueryBuilder {
  const pattern = `%${text.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`;
  return isPostgres()
    ? builder.orWhereRaw('lower(??) like ?', [column, pattern])
    : builder.orWhereRaw("lower(??) like ? escape '\\'", [column, pattern]);
}
