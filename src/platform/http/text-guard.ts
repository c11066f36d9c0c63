// Line breaks and tabs are text; the other control characters are not, and PostgreSQL refuses NUL in any text.
// eslint-disable-next-line no-control-regex -- finding them is the purpose
const CONTROL_CHARACTER = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/;
/** Half of a surrogate pair: valid in JSON, in no database. */
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;
const MAX_DEPTH = 32;
/** Far more than any form has; checking each of half a million would keep everybody else waiting for seconds. */
const MAX_VALUES = 10_000;

/** True for a text that a database can hold and a screen can show. */
export const isCleanText = (text: string): boolean =>
  !CONTROL_CHARACTER.test(text) && !LONE_SURROGATE.test(text);

type Path = (string | number)[];

/**
 * Finds the first text (or key) in a parsed body that no column should ever see. Why at the door: stock Strapi checks
 * unique fields and relations with parallel queries in one transaction; one that fails on such a text rejects with
 * nobody listening, and Node ends the process. A body nested too deeply, or of too many values, counts as unclean.
 * Returns the place of the first problem, or undefined.
 */
export function findUncleanText(body: unknown): Path | undefined {
  const path: Path = [];
  let values = 0;

  /** True when something is wrong at or below `value`; `path` then leads there. */
  const isUnclean = (value: unknown): boolean => {
    values += 1;
    if (values > MAX_VALUES) return true;
    if (typeof value === 'string') return !isCleanText(value);
    if (typeof value !== 'object' || value === null) return false;
    if (path.length >= MAX_DEPTH) return true;
    for (const key of Object.keys(value)) {
      if (!isCleanText(key)) return true;
      path.push(Array.isArray(value) ? Number(key) : key);
      // Object.keys has just named it.
      if (isUnclean((value as Record<string, unknown>)[key])) return true;
      path.pop();
    }
    return false;
  };

  return isUnclean(body) ? path : undefined;
}
