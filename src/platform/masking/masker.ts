/**
 * What of anything may be kept in a log. Passwords stand in Haier's bodies, people's names and addresses in YLH's, and an
 * answer or an error may repeat either: so fields are masked by name, phone numbers, tokens and keys by their look, and
 * known values wherever they stand.
 */
import { isHiddenName, isStreet, isStreetName, namesPlace } from './names';

const MASK = '***';

/** Mobile numbers of mainland China, with or without the country; not a part of a longer number. */
const MOBILE = /(?<!\d)(?:\+?86[- ]?)?1[3-9]\d{9}(?!\d)/g;
const LANDLINE = /(?<!\d)0\d{2,3}-\d{7,8}(?!\d)/g;
/** `"name": "value"`, `name=value`, in text that is no JSON or was cut. */
const PAIR =
  /(["']?)([A-Za-z_][\w-]{0,60})\1(\s*[:=]\s*)("(?:[^"\\]|\\.)*"?|'[^']*'?|(?:bearer|basic)\s+[^&,;\s}\]]+|[^&,;\s}\]]+)/gi;
/** What a signed token looks like: three parts in base64url, the first an object. */
const JWT = /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g;
const PEM = /-----BEGIN [A-Z ]+-----[\s\S]*?(?:-----END [A-Z ]+-----|$)/g;
/** `scheme://name:password@host` */
const URL_LOGIN = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@:]*:[^\s/@]*@/gi;
/** How PostgreSQL quotes a row that breaks a rule: `Key (phone)=(…)`, `Failing row contains (…)`. */
const ROW_KEY = /(Key \([^)]*\)=)\([^\n]*\)/g;
const ROW_WHOLE = /(Failing row contains )\([^\n]*\)/g;
const BEARER = /\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]+/gi;

/** A value of one character is not looked for: it would blot out half of every text. */
const SHORTEST = 2;

export interface Mask {
  /** A body or a message, whatever it is, as text that may be kept: at most so many bytes. */
  (value: unknown, maxBytes?: number): string;
}

export interface Masker {
  text: Mask;
  /** The same for a value that stays one: its fields and every text in it are masked. */
  value(value: unknown): unknown;
}

const MAX_DEPTH = 8;

/** Dates, big numbers and what else is no plain value, as JSON would have them; a circle ends at the greatest depth. */
function toPlain(value: unknown, depth = 0): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (Buffer.isBuffer(value)) return `<${value.length} bytes>`;
  if (depth > MAX_DEPTH) return MASK;
  if (Array.isArray(value)) return value.map((entry) => toPlain(entry, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, toPlain(entry, depth + 1)]));
}

function maskFields(value: unknown, depth = 0): unknown {
  if (depth > MAX_DEPTH) return MASK;
  if (Array.isArray(value)) return value.map((entry) => maskFields(entry, depth + 1));
  if (typeof value === 'string') return maskNested(value, depth);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [
      name,
      hides(name, entry, value) ? MASK : maskFields(entry, depth + 1),
    ]),
  );
}

const hides = (name: string, entry: unknown, owner: object): boolean =>
  entry !== null && entry !== undefined && entry !== '' && (isHiddenName(name) || isStreet(name, owner));

/** Some fields hold JSON as text. */
function maskNested(text: string, depth: number): string {
  if (!/^\s*[[{]/.test(text)) return text;
  const parsed = parseOr(text);
  return parsed === undefined ? maskPairs(text) : JSON.stringify(maskFields(parsed, depth + 1));
}

function parseOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function maskPairs(text: string): string {
  if (!/[:=]/.test(text)) return text;
  const hasPlace = namesPlace(text);
  const kept: string[] = [];
  let from = 0;
  PAIR.lastIndex = 0;
  for (let pair = PAIR.exec(text); pair !== null; pair = PAIR.exec(text)) {
    const [whole, , name = '', , value = ''] = pair;
    const begins = pair.index + whole.length - value.length;
    if (isHiddenName(name) || (hasPlace && isStreetName(name))) {
      kept.push(text.slice(from, begins), `"${MASK}"`);
      from = PAIR.lastIndex;
    } else if (/^[{[]/.test(value)) {
      // An object or a list: what it holds is looked at by itself.
      PAIR.lastIndex = begins + 1;
    }
  }
  return kept.join('') + text.slice(from);
}

/** Longer text is cut before it is looked through: only its beginning is kept anyway. */
const LONGEST_TEXT = 64 * 1024;
const BEGINNING = 16 * 1024;

function maskText(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(maskFields(value)) ?? '';
  if (value.length > LONGEST_TEXT) return maskPairs(value.slice(0, BEGINNING));
  const parsed = /^\s*[[{]/.test(value) ? parseOr(value) : undefined;
  return parsed === undefined ? maskPairs(value) : JSON.stringify(maskFields(parsed));
}

/** Cut to so many bytes of UTF-8, never within a character. */
export function trimBytes(text: string, maxBytes: number): string {
  // No character has more than three bytes a unit.
  if (text.length * 3 <= maxBytes) return text;
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= maxBytes) return text;
  const kept = bytes.subarray(0, maxBytes - 3).toString('utf8');
  return `${kept.replace(/\uFFFD+$/, '')}…`;
}

/** Something in every look below. Most lines have none of it, and then one test is all they cost. */
const ANY_LOOK =
  /1[3-9]\d{9}|0\d{2,3}-\d{7}|bearer|basic|eyJ|-----BEGIN|:\/\/[^\s@]*@|Key \(|Failing row|\0/i;

/** What shows itself by its look, whatever field or sentence it stands in. */
function hideLooks(text: string): string {
  if (!ANY_LOOK.test(text)) return text;
  return (
    text
      .replace(BEARER, `$1 ${MASK}`)
      .replace(JWT, MASK)
      .replace(PEM, MASK)
      .replace(URL_LOGIN, `$1${MASK}@`)
      .replace(ROW_KEY, `$1(${MASK})`)
      .replace(ROW_WHOLE, `$1(${MASK})`)
      .replace(MOBILE, MASK)
      .replace(LANDLINE, MASK)
      // PostgreSQL keeps no NUL.
      .replaceAll('\u0000', '')
  );
}

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

/** Strings inside a value whose fields have been masked. */
function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((entry) => mapTexts(entry, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, mapTexts(entry, change)]));
}

/** A masker that also knows values: secrets of the shop or of this very call, and whom it is about. */
export function createMasker(known: readonly (string | null | undefined)[] = []): Masker {
  // The longest first, so that a value that contains another is gone as a whole.
  const values = [
    ...new Set(known.filter((value): value is string => (value?.length ?? 0) >= SHORTEST)),
  ].sort((a, b) => b.length - a.length);
  const anyKnown =
    values.length === 0 ? undefined : new RegExp(values.map((value) => escape(value)).join('|'), 'g');
  const hideKnown = (text: string): string => (anyKnown === undefined ? text : text.replace(anyKnown, MASK));
  return {
    text: (value, maxBytes = 2048) => trimBytes(hideLooks(hideKnown(maskText(value))), maxBytes),
    value: (value) => mapTexts(maskFields(toPlain(value)), (text) => hideLooks(hideKnown(maskPairs(text)))),
  };
}

/** Only the text part of a masker. */
export const createMask = (known: readonly (string | null | undefined)[] = []): Mask =>
  createMasker(known).text;
