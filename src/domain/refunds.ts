/** Giving money back. All amounts are integer fen. */

/** WeChat Pay APIv3, refunds: at most 50 refunds of one payment, each with a number of its own. */
export const MAX_REFUNDS_PER_PAYMENT = 50;

/** Fewer than the refunds WeChat allows, so that each order of a payment can go back on its own and some in parts. */
export const MAX_ORDERS_PER_PAYMENT = 40;

/** WeChat Pay APIv3, refunds: a minute between two refunds of one payment. */
export const REFUND_SPACING_MS = 60_000;

/**
 * Splits an amount in proportion to `weights`, to the fen and without losing one: every part is its exact share rounded
 * down, and what is left goes fen by fen to the largest remainders (the earlier of equals). Throws RangeError for
 * amounts that are no whole numbers of fen, and when nobody has a weight.
 */
export function splitFen(totalFen: number, weights: number[]): number[] {
  const amounts = [totalFen, ...weights];
  if (amounts.some((amount) => !Number.isSafeInteger(amount) || amount < 0))
    throw new RangeError('amounts must be whole numbers of fen, not negative');
  const sum = weights.reduce((total, weight) => total + BigInt(weight), 0n);
  if (sum === 0n) throw new RangeError('there is nobody to give a part to');
  // Two amounts multiplied do not fit into a double.
  const parts = weights.map((weight, place) => {
    const product = BigInt(totalFen) * BigInt(weight);
    return { place, fen: Number(product / sum), remainder: product % sum };
  });
  let left = totalFen - parts.reduce((total, part) => total + part.fen, 0);
  const byRemainder = [...parts].sort((a, b) =>
    a.remainder === b.remainder ? a.place - b.place : a.remainder > b.remainder ? -1 : 1,
  );
  for (const part of byRemainder) {
    if (left === 0) break;
    part.fen += 1;
    left -= 1;
  }
  return parts.map((part) => part.fen);
}
