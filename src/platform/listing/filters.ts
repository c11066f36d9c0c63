import { isRecord } from '../is-record';
import { type Problems, readFlag } from './problems';
import { readList, readTime } from './values';

/**
 * What kind of value a filter compares, which decides how its text is read and which operators it takes. `exact`: a text
 * that is only ever compared as a whole, such as a status, or a phone number answers show masked.
 */
export type FilterKind = 'text' | 'exact' | 'number' | 'time' | 'boolean' | 'documentId';

const EQUALITY = ['$eq', '$ne', '$in', '$notIn', '$null', '$notNull'] as const;
const ORDER = ['$lt', '$lte', '$gt', '$gte', '$between'] as const;
const TEXT = [
  '$eqi',
  '$nei',
  '$contains',
  '$notContains',
  '$containsi',
  '$notContainsi',
  '$startsWith',
  '$startsWithi',
  '$endsWith',
  '$endsWithi',
] as const;
export type FilterOperator = (typeof EQUALITY)[number] | (typeof ORDER)[number] | (typeof TEXT)[number];

const OPERATORS: Readonly<Record<FilterKind, readonly FilterOperator[]>> = {
  text: [...EQUALITY, ...TEXT],
  exact: EQUALITY,
  number: [...EQUALITY, ...ORDER],
  time: [...EQUALITY, ...ORDER],
  boolean: EQUALITY,
  documentId: EQUALITY,
};

type Scalar = string | number | boolean | Date;

/** One field compared with one value. */
export interface Condition {
  field: string;
  operator: FilterOperator;
  value: Scalar | Scalar[];
}

/** A condition, or several joined by `$and`, `$or` and `$not`. */
export type Filter = Condition | { and: Filter[] } | { or: Filter[] } | { not: Filter };

export const isCondition = (filter: Filter): filter is Condition => 'field' in filter;

export interface FilterRules {
  /** Filterable fields; a nested one is written `category.documentId`. */
  filters: Record<string, FilterKind>;
  /** Those the resource looks up in its own way, which therefore cannot be alternatives of others. */
  standalone?: readonly string[];
}

const MAX_IN = 100;
const MAX_DEPTH = 3;
const MAX_CONDITIONS = 20;
const SHAPE = 'must be filters[field][$operator]=value';

interface Reading {
  rules: FilterRules;
  problems: Problems;
  conditions: number;
}

/** Where in the query the reader is: the words of the path, the field so far, and what stands around it. */
interface Place {
  path: string[];
  field: string;
  depth: number;
  /** Below an `$or` or a `$not`. */
  isInside: boolean;
}

function readScalar(text: unknown, kind: FilterKind): Scalar | undefined {
  if (typeof text !== 'string' && typeof text !== 'number' && typeof text !== 'boolean') return undefined;
  const value = String(text);
  switch (kind) {
    case 'number':
      return /^-?\d{1,12}(\.\d{1,6})?$/.test(value) ? Number(value) : undefined;
    case 'time':
      return readTime(value);
    case 'boolean':
      if (value === 'true' || value === '1') return true;
      return value === 'false' || value === '0' ? false : undefined;
    case 'documentId':
      return /^[a-z0-9]{1,64}$/i.test(value) ? value : undefined;
    case 'text':
    case 'exact':
      return value.length <= 200 ? value : undefined;
  }
}

function readScalars(value: unknown, kind: FilterKind): Scalar[] | undefined {
  const entries = readList(value).map((entry) => readScalar(entry, kind));
  return entries.every((entry) => entry !== undefined) ? entries : undefined;
}

/** The value an operator compares with, or undefined when it is none of its kind. */
function readOperand(
  operator: FilterOperator,
  value: unknown,
  kind: FilterKind,
): Scalar | Scalar[] | undefined {
  if (operator === '$in' || operator === '$notIn') {
    const entries = readScalars(value, kind);
    return entries !== undefined && entries.length <= MAX_IN ? entries : undefined;
  }
  if (operator !== '$between') return readScalar(value, kind);
  const bounds = readScalars(value, kind);
  return bounds?.length === 2 ? bounds : undefined;
}

function readCondition(
  { problems, ...reading }: Reading,
  { path, field }: Place,
  operator: string,
  value: unknown,
): Filter[] {
  const kind = reading.rules.filters[field] ?? 'exact';
  const known = OPERATORS[kind].find((name) => name === operator);
  const at = [...path, operator];
  if (known === undefined) {
    problems.add(at, `is not an operator here; use ${OPERATORS[kind].join(', ')}`);
    return [];
  }
  if (known === '$null' || known === '$notNull')
    return [{ field, operator: known, value: readFlag(value, at, problems) ?? true }];
  const operand = readOperand(known, value, kind);
  if (operand !== undefined) return [{ field, operator: known, value: operand }];
  problems.add(
    at,
    known === '$between' ? 'must be low,high' : `must be a ${kind === 'exact' ? 'text' : kind}`,
  );
  return [];
}

/** What stands below a field: a value, or operators with theirs. */
function readField(reading: Reading, place: Place, entry: unknown): Filter[] {
  const { problems, rules } = reading;
  if (place.isInside && rules.standalone?.includes(place.field) === true) {
    problems.add(place.path, 'cannot stand inside $or or $not');
    return [];
  }
  const operations = isRecord(entry) ? Object.entries(entry) : [['$eq', entry] as const];
  return operations.flatMap(([operator, value]): Filter[] => {
    if (operator === '$not' && isRecord(value)) {
      const inner = goInto(reading, place, ['$not'], true);
      return inner === undefined ? [] : [{ not: { and: readField(reading, inner, value) } }];
    }
    reading.conditions += 1;
    if (reading.conditions === MAX_CONDITIONS + 1)
      problems.add(['filters'], `must have at most ${MAX_CONDITIONS} conditions`);
    return readCondition(reading, place, operator, value);
  });
}

/** One level of `$and`, `$or`, `$not` deeper; undefined, with a problem, where that is too deep. */
function goInto({ problems }: Reading, place: Place, words: string[], isInside: boolean): Place | undefined {
  const path = [...place.path, ...words];
  if (place.depth < MAX_DEPTH) return { ...place, path, depth: place.depth + 1, isInside };
  problems.add(path, `is not an operator here; use at most ${MAX_DEPTH} levels`);
  return undefined;
}

/** `[…]` and `{0: …}` are members; a group that stands alone is the only one. */
function membersOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (!isRecord(value)) return [];
  return Object.keys(value).every((key) => /^\d+$/.test(key)) ? Object.values(value) : [value];
}

function readLogical(reading: Reading, place: Place, operator: string, value: unknown): Filter[] {
  const isInside = place.isInside || operator !== '$and';
  if (operator === '$not') {
    const inner = goInto(reading, place, [operator], isInside);
    return inner === undefined ? [] : [{ not: { and: readGroup(reading, inner, value) } }];
  }
  const members = membersOf(value);
  if (members.length === 0) reading.problems.add([...place.path, operator], SHAPE);
  const groups = members.map((member, index): Filter[] => {
    const inner = goInto(reading, place, [operator, String(index)], isInside);
    return inner === undefined ? [] : readGroup(reading, inner, member);
  });
  // What all must hold for stands beside the rest.
  return operator === '$and' ? groups.flat() : [{ or: groups.map((and) => ({ and })) }];
}

const LOGICAL: ReadonlySet<string> = new Set(['$and', '$or', '$not']);

function readGroup(reading: Reading, place: Place, value: unknown): Filter[] {
  const { rules, problems } = reading;
  if (!isRecord(value) || Object.keys(value).length === 0) {
    problems.add(place.path, SHAPE);
    return [];
  }
  const isBelow = (field: string) =>
    Object.keys(rules.filters).some((known) => known.startsWith(`${field}.`));
  return Object.entries(value).flatMap(([key, entry]) => {
    if (place.field === '' && LOGICAL.has(key)) return readLogical(reading, place, key, entry);
    const field = place.field === '' ? key : `${place.field}.${key}`;
    const inner = { ...place, path: [...place.path, key], field };
    // Only what the table itself has: `constructor` is a property of every object.
    const isKnown = Object.hasOwn(rules.filters, field);
    const names = isRecord(entry) ? Object.keys(entry) : [];
    const isNested = names.some((name) => Object.hasOwn(rules.filters, `${field}.${name}`));
    if (isKnown && !isNested) return readField(reading, inner, entry);
    if (isNested || isBelow(field)) return readGroup(reading, inner, entry);
    problems.add(inner.path, `cannot be filtered by; known are ${Object.keys(rules.filters).join(', ')}`);
    return [];
  });
}

/**
 * The filters of a request, all of which must hold. Unknown fields, operators and values, more than 20 conditions and
 * more than 3 levels of `$and`, `$or` and `$not` are added to `problems`.
 */
export function readFilters(value: unknown, rules: FilterRules, problems: Problems): Filter[] {
  if (value === undefined) return [];
  const reading = { rules, problems, conditions: 0 };
  return readGroup(reading, { path: ['filters'], field: '', depth: 0, isInside: false }, value);
}
