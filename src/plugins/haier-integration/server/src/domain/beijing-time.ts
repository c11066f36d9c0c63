/** Times as the two systems write and want them. Theirs are Beijing's, which has been UTC+8 without summer time since 1991. */

const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** `2026-01-31 08:30:00`, `2026/01/31 08:30`, `20260131083000`, with or without fractions; no zone. */
const LOCAL = /^(\d{4})[-/]?(\d{2})[-/]?(\d{2})(?:[T ]?(\d{2}):?(\d{2})(?::?(\d{2})(?:\.\d+)?)?)?$/;
const ZONED = /^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})$/;

/** The last second of a day in Beijing, in milliseconds. Throws RangeError for what is no day. */
export function endOfBeijingDay(day: string): number {
  const at = DAY.test(day) ? Date.parse(`${day}T23:59:59+08:00`) : Number.NaN;
  // Date.parse takes 2026-02-31 for 3 March.
  if (Number.isNaN(at) || beijingDay(at) !== day) throw new RangeError(`${day} is no day`);
  return at;
}

const beijingDay = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().slice(0, 10);

function fromNumber(value: number): Date | null {
  if (!Number.isFinite(value) || value <= 0) return null;
  // Ten digits are seconds, thirteen milliseconds.
  return new Date(value < 1e11 ? value * 1000 : value);
}

/** A time as a number, text with a zone, or text in Beijing's time; null for what cannot be read as one. */
export function readTime(value: unknown): Date | null {
  if (typeof value === 'number') return fromNumber(value);
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (/^\d{10}$|^\d{13}$/.test(text)) return fromNumber(Number(text));
  const local = LOCAL.exec(text);
  const iso =
    local === null
      ? ZONED.exec(text)?.[0]
      : `${local[1]}-${local[2]}-${local[3]}T${local[4] ?? '00'}:${local[5] ?? '00'}:${local[6] ?? '00'}+08:00`;
  const at = iso === undefined ? Number.NaN : Date.parse(iso);
  return Number.isNaN(at) ? null : new Date(at);
}
