import { type CursorValues, decodeCursor } from './cursor';
import { isRecord } from '../is-record';
import { type Problems, readFlag } from './problems';

export interface Sort {
  field: string;
  direction: 'asc' | 'desc';
}

export type Paging =
  | { by: 'page'; page: number; pageSize: number; withCount: boolean }
  | { by: 'cursor'; after: CursorValues | undefined; limit: number };

const DEFAULT_PAGE_SIZE = 20;
const MAX_PAGE_SIZE = 100;
const MAX_PAGE = 100_000;
const SIZES = new Map([
  ['small', 10],
  ['standard', 20],
  ['large', 100],
]);
const PAGINATION_KEYS = new Set(['page', 'pageSize', 'size', 'withCount', 'cursor', 'limit']);

function readWholeNumber(
  value: unknown,
  path: string[],
  bounds: { min: number; max: number },
  problems: Problems,
): number | undefined {
  if (value === undefined) return undefined;
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= bounds.min && number <= bounds.max) return number;
  problems.add(path, `must be a whole number from ${bounds.min} to ${bounds.max}`);
  return undefined;
}

/** A page by number, by size name or by cursor. */
export function readPaging(value: unknown, sort: Sort[], problems: Problems): Paging {
  const given = isRecord(value) ? value : {};
  if (value !== undefined && !isRecord(value))
    problems.add(['pagination'], 'must be pagination[page]=… and the like');
  for (const key of Object.keys(given)) {
    if (!PAGINATION_KEYS.has(key)) problems.add(['pagination', key], 'is not known');
  }
  const bounds = { min: 1, max: MAX_PAGE_SIZE };
  if (given.cursor !== undefined) {
    const text = typeof given.cursor === 'string' ? given.cursor : 'x';
    const after = text === '' ? undefined : decodeCursor(text, sort);
    if (text !== '' && after === undefined)
      problems.add(['pagination', 'cursor'], 'is not a cursor of this list');
    for (const key of ['page', 'pageSize', 'size']) {
      if (given[key] !== undefined) problems.add(['pagination', key], 'does not go with a cursor');
    }
    const limit = readWholeNumber(given.limit, ['pagination', 'limit'], bounds, problems);
    return { by: 'cursor', after, limit: limit ?? DEFAULT_PAGE_SIZE };
  }
  if (given.limit !== undefined)
    problems.add(['pagination', 'limit'], 'goes with pagination[cursor]; use pageSize');
  const named = SIZES.get(String(given.size));
  if (given.size !== undefined && named === undefined)
    problems.add(['pagination', 'size'], 'must be small, standard or large');
  return {
    by: 'page',
    page: readWholeNumber(given.page, ['pagination', 'page'], { min: 1, max: MAX_PAGE }, problems) ?? 1,
    pageSize:
      readWholeNumber(given.pageSize, ['pagination', 'pageSize'], bounds, problems) ??
      named ??
      DEFAULT_PAGE_SIZE,
    withCount: readFlag(given.withCount, ['pagination', 'withCount'], problems) ?? true,
  };
}
