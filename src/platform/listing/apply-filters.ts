import type { Knex } from 'knex';

import { isPostgres } from '../database';
import { type Condition, type Filter, type FilterOperator, isCondition } from './filters';

/** Operators that say the opposite of another, of rows without a value too. */
const OPPOSITES: Partial<Record<FilterOperator, FilterOperator>> = {
  $ne: '$eq',
  $nei: '$eqi',
  $notIn: '$in',
  $notNull: '$null',
  $notContains: '$contains',
  $notContainsi: '$containsi',
};

const COMPARISONS: Partial<Record<FilterOperator, string>> = {
  $eq: '=',
  $lt: '<',
  $lte: '<=',
  $gt: '>',
  $gte: '>=',
};

const escaped = (text: string): string => text.replaceAll(/[\\%_]/g, '\\$&');

/** The pattern in which a text stands where the operator wants it. */
function patternOf(operator: FilterOperator, text: string): string {
  const before = operator.startsWith('$startsWith') ? '' : '%';
  const after = operator.startsWith('$endsWith') ? '' : '%';
  return `${before}${escaped(text)}${after}`;
}

function whereLike(builder: Knex.QueryBuilder, { operator, value }: Condition, column: string): void {
  const text = String(value);
  const pattern = patternOf(operator, text);
  const ignoresCase = operator.endsWith('i');
  // PostgreSQL escapes with \ by itself, and its indexes do not serve a LIKE that says so.
  if (isPostgres()) {
    if (ignoresCase) builder.whereRaw('lower(??) like lower(?)', [column, pattern]);
    // The indexes for texts inside of texts know no case: what they find is looked at once more.
    else if (pattern.startsWith('%'))
      builder.whereRaw('(lower(??) like lower(?) and ?? like ?)', [column, pattern, column, pattern]);
    else builder.whereRaw('?? like ?', [column, pattern]);
  } else if (ignoresCase) {
    builder.whereRaw("lower(??) like lower(?) escape '\\'", [column, pattern]);
  } else if (operator === '$contains') {
    // SQLite's LIKE knows no case.
    builder.whereRaw('instr(??, ?) > 0', [column, text]);
  } else if (operator === '$startsWith') {
    builder.whereRaw('substr(??, 1, length(?)) = ?', [column, text, text]);
  } else {
    builder.whereRaw('(length(??) >= length(?) and substr(??, length(??) - length(?) + 1) = ?)', [
      column,
      text,
      column,
      column,
      text,
      text,
    ]);
  }
}

function whereHolds(builder: Knex.QueryBuilder, condition: Condition, column: string): void {
  const { operator, value } = condition;
  const comparison = COMPARISONS[operator];
  if (comparison !== undefined) builder.where(column, comparison, value as string);
  else if (operator === '$in') builder.whereIn(column, value as string[]);
  else if (operator === '$between') builder.whereBetween(column, value as [string, string]);
  else if (operator === '$eqi') builder.whereRaw('lower(??) = lower(?)', [column, String(value)]);
  else whereLike(builder, condition, column);
}

/** `isNegated` rows are all that are not found otherwise, those without a value among them. */
function whereCondition(
  builder: Knex.QueryBuilder,
  condition: Condition,
  column: string,
  isNegated: boolean,
): void {
  const opposite = OPPOSITES[condition.operator];
  if (opposite !== undefined) {
    whereCondition(builder, { ...condition, operator: opposite }, column, !isNegated);
  } else if (condition.operator === '$null') {
    if ((condition.value === true) === isNegated) builder.whereNotNull(column);
    else builder.whereNull(column);
  } else if (isNegated) {
    builder.where((any) => any.whereNot((found) => whereHolds(found, condition, column)).orWhereNull(column));
  } else {
    whereHolds(builder, condition, column);
  }
}

function whereFilter(
  builder: Knex.QueryBuilder,
  filter: Filter,
  columnOf: (field: string) => string,
  isNegated: boolean,
): void {
  if (isCondition(filter)) return whereCondition(builder, filter, columnOf(filter.field), isNegated);
  if ('not' in filter) return whereFilter(builder, filter.not, columnOf, !isNegated);
  // Not all of them: one of them not.
  const isAny = 'or' in filter !== isNegated;
  const members = 'or' in filter ? filter.or : filter.and;
  builder.where((group) => {
    for (const member of members) {
      const inner = (one: Knex.QueryBuilder) => whereFilter(one, member, columnOf, isNegated);
      if (isAny) group.orWhere(inner);
      else group.where(inner);
    }
  });
}

/** Adds conditions that must all hold; `columnOf` says where a field is. Every value is bound. */
export function whereFilters(
  builder: Knex.QueryBuilder,
  filters: Filter[],
  columnOf: (field: string) => string,
): void {
  for (const filter of filters) whereFilter(builder, filter, columnOf, false);
}
