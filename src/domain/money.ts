/**
 * Money. In calculations it is integer fen; at rest and on the wire it is yuan with two places.
 * Floating point yuan never takes part in arithmetic: 0.1 + 0.2 is not 0.3.
 */

/** The largest amount a `decimal(10,2)` column holds, in fen. */
export const MAX_AMOUNT_FEN = 9_999_999_999;

/**
 * Yuan (as a number or a decimal text with at most two places) to fen.
 * Throws RangeError for anything that is not an amount with at most two places.
 */
export function yuanToFen(yuan: number | string): number {
  const text = typeof yuan === 'number' ? yuan.toFixed(2) : yuan.trim();
  if (typeof yuan === 'number' && Math.abs(Number(text) - yuan) > 1e-6) {
    throw new RangeError(`not an amount with at most two places: ${yuan}`);
  }
  const match = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(text);
  if (match === null) throw new RangeError(`not an amount with at most two places: ${yuan}`);
  const fen = Number(match[2]) * 100 + Number((match[3] ?? '').padEnd(2, '0'));
  if (!Number.isSafeInteger(fen)) throw new RangeError(`too large for an amount: ${yuan}`);
  return match[1] === '-' ? -fen : fen;
}

/** Fen of a value nobody has checked, or undefined when it is not an amount with at most two places. */
export function readFen(value: unknown): number | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  try {
    return yuanToFen(value);
  } catch {
    return undefined;
  }
}

/** Fen to yuan, exact to two places, for columns and answers. */
export function fenToYuan(fen: number): number {
  if (!Number.isSafeInteger(fen)) throw new RangeError(`not a whole number of fen: ${fen}`);
  return Number((fen / 100).toFixed(2));
}

/** Fen as a text for people, `1234.50`. */
export function formatFen(fen: number): string {
  return (fen / 100).toFixed(2);
}
