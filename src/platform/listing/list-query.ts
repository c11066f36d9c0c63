import { LOCALES } from '../locale';
import { type Paging, readPaging, type Sort } from './paging';
import { isRecord } from '../is-record';
import { Problems, readFlag } from './problems';

/** What kind of value a filter compares, which decides how its text is read. */
export type FilterKind = 'text' | 'number' | 'time' | 'boolean' | 'documentId';

/** What one resource allows to be asked of its list. */
export interface ListRules {
  /** Filterable fields; a nested one is written `category.documentId`. */
  filters: Record<string, FilterKind>;
  sort: readonly string[];
  defaultSort: readonly string[];
  /** Further query parameters the resource reads itself, e.g. `search`. */
  extra?: readonly string[];
  fields?: readonly string[];
  populate?: readonly string[];
}

export const FILTER_OPERATORS = [
  '$eq',
  '$ne',
  '$in',
  '$notIn',
  '$lt',
  '$lte',
  '$gt',
  '$gte',
  '$null',
  '$notNull',
] as const;
export type FilterOperator = (typeof FILTER_OPERATORS)[number];
export type FilterValue = string | number | boolean | Date | (string | number | boolean | Date)[];

export interface Filter {
  field: string;
  operator: FilterOperator;
  value: FilterValue;
}

/** A list request that was checked against what the resource allows. */
export interface ListQuery {
  filters: Filter[];
  sort: Sort[];
  paging: Paging;
  fields?: string[];
  populate?: string[];
  locale?: string;
}

const MAX_IN = 100;
const KNOWN_PARAMETERS = new Set(['filters', 'sort', 'pagination', 'fields', 'populate', 'locale']);

/** `a`, `a,b`, `['a','b']` and `{0: 'a'}` all list values, as Strapi reads them. */
function readList(value: unknown): string[] {
  if (typeof value === 'string')
    return value
      .split(',')
      .map((entry) => entry.trim())
      .filter(Boolean);
  if (Array.isArray(value)) return value.flatMap(readList);
  if (isRecord(value)) return Object.values(value).flatMap(readList);
  return value === undefined ? [] : [String(value)];
}

function readSort(value: unknown, rules: ListRules, problems: Problems): Sort[] {
  const entries = value === undefined ? [...rules.defaultSort] : readList(value);
  return entries.flatMap((entry, index): Sort[] => {
    const [field = '', direction = 'asc', ...rest] = entry.split(':');
    const isKnown =
      rules.sort.includes(field) || rules.defaultSort.some((known) => known.split(':')[0] === field);
    if (!isKnown || rest.length > 0 || !/^(asc|desc)$/i.test(direction)) {
      problems.add(['sort'], `can be ${rules.sort.join(', ')} with :asc or :desc`);
      return [];
    }
    const earlier = entries.slice(0, index).some((other) => other.split(':')[0] === field);
    if (earlier) problems.add(['sort'], `names ${field} twice`);
    return [{ field, direction: direction.toLowerCase() as Sort['direction'] }];
  });
}

function readScalar(text: unknown, kind: FilterKind): string | number | boolean | Date | undefined {
  if (typeof text !== 'string' && typeof text !== 'number' && typeof text !== 'boolean') return undefined;
  const value = String(text);
  switch (kind) {
    case 'number':
      return /^-?\d{1,12}(\.\d{1,6})?$/.test(value) ? Number(value) : undefined;
    case 'time': {
      const time = /^\d{4}-\d{2}-\d{2}/.test(value) ? new Date(value) : undefined;
      return time !== undefined && !Number.isNaN(time.getTime()) ? time : undefined;
    }
    case 'boolean':
      return value === 'true' || value === '1'
        ? true
        : value === 'false' || value === '0'
          ? false
          : undefined;
    case 'documentId':
      return /^[a-z0-9]{1,64}$/i.test(value) ? value : undefined;
    case 'text':
      return value.length <= 200 ? value : undefined;
  }
}

function readOperation(
  field: string,
  operator: string,
  value: unknown,
  kind: FilterKind,
  problems: Problems,
): Filter[] {
  const path = ['filters', ...field.split('.'), operator];
  if (!(FILTER_OPERATORS as readonly string[]).includes(operator)) {
    problems.add(path, `is not an operator here; use ${FILTER_OPERATORS.join(', ')}`);
    return [];
  }
  const known = operator as FilterOperator;
  if (known === '$null' || known === '$notNull') {
    return [{ field, operator: known, value: readFlag(value, path, problems) ?? true }];
  }
  if (known === '$in' || known === '$notIn') {
    const entries = readList(value).map((entry) => readScalar(entry, kind));
    if (entries.length <= MAX_IN && entries.every((entry) => entry !== undefined))
      return [{ field, operator: known, value: entries }];
  } else {
    const scalar = readScalar(value, kind);
    if (scalar !== undefined) return [{ field, operator: known, value: scalar }];
  }
  problems.add(path, `must be a ${kind}`);
  return [];
}

function readFilters(value: unknown, rules: ListRules, problems: Problems, prefix = ''): Filter[] {
  if (value === undefined) return [];
  if (!isRecord(value)) {
    problems.add(
      ['filters', ...prefix.split('.').filter(Boolean)],
      'must be filters[field][$operator]=value',
    );
    return [];
  }
  return Object.entries(value).flatMap(([key, entry]) => {
    const field = prefix === '' ? key : `${prefix}.${key}`;
    // Only what the table itself has: `constructor` is a property of every object.
    const kind = Object.hasOwn(rules.filters, field) ? rules.filters[field] : undefined;
    if (kind !== undefined) {
      if (!isRecord(entry)) return readOperation(field, '$eq', entry, kind, problems);
      const nested = Object.keys(entry).some((name) => Object.hasOwn(rules.filters, `${field}.${name}`));
      if (nested) return readFilters(entry, rules, problems, field);
      return Object.entries(entry).flatMap(([operator, operand]) =>
        readOperation(field, operator, operand, kind, problems),
      );
    }
    if (Object.keys(rules.filters).some((known) => known.startsWith(`${field}.`))) {
      return readFilters(entry, rules, problems, field);
    }
    problems.add(
      ['filters', ...field.split('.')],
      `cannot be filtered by; known are ${Object.keys(rules.filters).join(', ')}`,
    );
    return [];
  });
}

function readNames(
  value: unknown,
  allowed: readonly string[] | undefined,
  name: string,
  problems: Problems,
): string[] | undefined {
  if (value === undefined) return undefined;
  const names =
    isRecord(value) && Object.values(value).every((entry) => entry === 'true' || isRecord(entry))
      ? Object.keys(value)
      : readList(value);
  if (names.includes('*')) return [...(allowed ?? [])];
  for (const entry of names) {
    if (!(allowed ?? []).includes(entry)) problems.add([name, entry], 'is not known here');
  }
  return names;
}

function readLocale(value: unknown, problems: Problems): string | undefined {
  if (value === undefined) return undefined;
  const known = LOCALES.find((locale) => locale === value);
  if (known !== undefined) return known;
  problems.add(['locale'], `must be one of ${LOCALES.join(', ')}`);
  return undefined;
}

/**
 * Checks a list's query against what its resource allows, in Strapi's own grammar (filters, sort, pagination, fields,
 * populate, locale). Throws VALIDATION_FAILED for unknown parameters, fields, operators and values.
 */
export function readListQuery(queryParameters: Record<string, unknown>, rules: ListRules): ListQuery {
  const problems = new Problems();
  for (const name of Object.keys(queryParameters)) {
    if (!KNOWN_PARAMETERS.has(name) && !(rules.extra ?? []).includes(name))
      problems.add([name], 'is not a known parameter');
  }
  const sort = readSort(queryParameters.sort, rules, problems);
  const result: ListQuery = {
    filters: readFilters(queryParameters.filters, rules, problems),
    sort,
    paging: readPaging(queryParameters.pagination, sort, problems),
    fields: readNames(queryParameters.fields, rules.fields, 'fields', problems),
    populate: readNames(queryParameters.populate, rules.populate, 'populate', problems),
    locale: readLocale(queryParameters.locale, problems),
  };
  problems.throwIfAny();
  return result;
}
