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

const ISO_TIME = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * A moment in ISO 8601, a day being its first; without a zone it is UTC, as every time in an answer. Undefined for anything
 * else, and for days the calendar does not have: JavaScript takes 30 February for 2 March.
 */
export function readTime(text: string): Date | undefined {
  const [, day, clock = '00:00', zone = 'Z'] = ISO_TIME.exec(text) ?? [];
  if (day === undefined) return undefined;
  const midnight = new Date(`${day}T00:00Z`);
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(day)) return undefined;
  const time = new Date(`${day}T${clock}${zone.replace(/(\d{2})(\d{2})$/, '$1:$2')}`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
