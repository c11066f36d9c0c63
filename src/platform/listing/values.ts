import { isRecord } from '../is-record';

/** `a`, `a,b`, `['a','b']` and `{0: 'a'}` all list values, as Strapi reads them. */
export function readList(value: unknown): string[] {
  if (typeof value === 'string')
    return value
      .split(',')
      .map((entry) => entry.trim())
      .filter(Boolean);
  if (Array.isArray(value)) return value.flatMap(readList);
  if (isRecord(value)) return Object.values(value).flatMap(readList);
  return value === undefined ? [] : [String(value)];
}
