/**
 * What of a call may be kept and shown. Passwords stand in Haier's bodies, people's names and addresses in YLH's, and an
 * answer may repeat either: so fields are masked by name, phone numbers by their look, and known values wherever they stand.
 */

const MASK = '***';

const SECRET_FIELDS = new Set(
  [
    'password passwd pwd sellerpassword customerpassword clientsecret secret appsecret token accesstoken',
    'refreshtoken idtoken authorization sign signature apikey',
  ].flatMap((names) => names.split(' ')),
);
const PERSONAL_FIELDS = new Set(
  [
    'consigneename consigneemobile consigneephone consigneeaddress detailaddress address contact contactname contactphone',
    'contactmobile mobile phone telephone tel receiver receivername receivermobile receiverphone receiveraddress username',
    'linkman linkphone idcard remark',
  ].flatMap((names) => names.split(' ')),
);

const plainName = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, '');

const isHidden = (name: string): boolean =>
  SECRET_FIELDS.has(plainName(name)) || PERSONAL_FIELDS.has(plainName(name));

/** Mobile numbers of mainland China, with or without the country; not a part of a longer number. */
const MOBILE = /(?<!\d)(?:\+?86[- ]?)?1[3-9]\d{9}(?!\d)/g;
const LANDLINE = /(?<!\d)0\d{2,3}-\d{7,8}(?!\d)/g;
/** `"name": "value"`, `name=value`, in text that is no JSON or was cut. */
const PAIR =
  /(["']?)([A-Za-z_][\w-]{0,60})\1(\s*[:=]\s*)("(?:[^"\\]|\\.)*"?|'[^']*'?|(?:bearer|basic)\s+[^&,;\s}\]]+|[^&,;\s}\]]+)/gi;
const BEARER = /\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]+/gi;

/** A value of one character is not looked for: it would blot out half of every text. */
const SHORTEST = 2;

export interface Mask {
  /** A body or a message, whatever it is, as text that may be kept: at most so many bytes. */
  (value: unknown, maxBytes?: number): string;
}

const MAX_DEPTH = 8;

function maskFields(value: unknown, depth = 0): unknown {
  if (depth > MAX_DEPTH) return MASK;
  if (Array.isArray(value)) return value.map((entry) => maskFields(entry, depth + 1));
  if (typeof value === 'string') return maskNested(value, depth);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [
      name,
      isHidden(name) && entry !== null && entry !== '' ? MASK : maskFields(entry, depth + 1),
    ]),
  );
}

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

const maskPairs = (text: string): string =>
  text.replace(PAIR, (whole, quote: string, name: string, between: string) =>
    isHidden(name) ? `${quote}${name}${quote}${between}"${MASK}"` : whole,
  );

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
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= maxBytes) return text;
  const kept = bytes.subarray(0, maxBytes - 3).toString('utf8');
  return `${kept.replace(/\uFFFD+$/, '')}…`;
}

/** A mask that also knows values of this very call: its secrets, and whom it is about. */
export function createMask(known: readonly (string | null | undefined)[] = []): Mask {
  // The longest first, so that a value that contains another is gone as a whole.
  const values = [
    ...new Set(known.filter((value): value is string => (value?.length ?? 0) >= SHORTEST)),
  ].sort((a, b) => b.length - a.length);
  const hide = (text: string): string => {
    let masked = text;
    for (const value of values) masked = masked.replaceAll(value, MASK);
    return masked;
  };
  return (value, maxBytes = 2048) => {
    const text = hide(maskText(value))
      .replace(BEARER, `$1 ${MASK}`)
      .replace(MOBILE, MASK)
      .replace(LANDLINE, MASK)
      // PostgreSQL keeps no NUL.
      .replaceAll('\u0000', '');
    return trimBytes(text, maxBytes);
  };
}
