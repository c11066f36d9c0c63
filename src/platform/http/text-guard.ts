// Line breaks and tabs are text; the other control characters are not, and PostgreSQL refuses NUL in any text.
// eslint-disable-next-line no-control-regex -- finding them is the purpose
const CONTROL_CHARACTER = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/;
/** Half of a surrogate pair: valid in JSON, in no database. */
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;
const MAX_DEPTH = 32;

/** True for a text that a database can hold and a screen can show. */
export const isCleanText = (text: string): boolean => !CONTROL_CHARACTER.test(text) && !LONE_SURROGATE.test(text);

type Path = (string | number)[];

/**
 * Finds the first text (or key) in a parsed body that no column should ever see. Why at the door: stock Strapi checks
 * unique fields and relations with parallel queries in one transaction; one that fails on such a text rejects with
 * nobody listening, and Node ends the process.
 * Returns the place of the first problem, or undefined.
 */
export function findUncleanText(value: unknown, path: Path = []): Path | undefined {
  if (typeof value === 'string') return isCleanText(value) ? undefined : path;
  if (typeof value !== 'object' || value === null) return undefined;
  if (path.length >= MAX_DEPTH) return path;
  for (const [key, entry] of Object.entries(value)) {
    if (!isCleanText(key)) return path;
    const found = findUncleanText(entry, [...path, Array.isArray(value) ? Number(key) : key]);
    if (found !== undefined) return found;
  }
  return undefined;
}
