/** Amounts of the wire: yuan as numbers or strings, with as many places as the other side likes. No floats on the way. */

const DECIMAL = /^([+-]?)(\d{1,13})(?:\.(\d*))?$/;

/** A JSON number in plain digits: `1e-7` is how JavaScript prints a small one. */
function toDigits(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim();
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  const printed = String(value);
  return printed.includes('e') ? value.toFixed(6) : printed;
}

/**
 * Yuan to integer fen, the third place rounded half away from zero. Null for what is no decimal number, blank included.
 */
export function yuanToFen(value: unknown): number | null {
  const match = DECIMAL.exec(toDigits(value) ?? '');
  if (match === null) return null;
  const [, sign, whole = '0', places = ''] = match;
  const cents = places.padEnd(3, '0');
  const fen = Number(whole) * 100 + Number(cents.slice(0, 2)) + (Number(cents.charAt(2)) >= 5 ? 1 : 0);
  return sign === '-' && fen !== 0 ? -fen : fen;
}

/** Fen to yuan as a JSON number; a division by 100 is rounded to the nearest double, which prints with two places. */
export const fenToYuan = (fen: number): number => fen / 100;

/** A rate such as 0.05; null for what is no plain decimal number. */
export function readRate(value: unknown): number | null {
  const digits = toDigits(value);
  return digits !== undefined && DECIMAL.test(digits) ? Number(digits) : null;
}
