/** Prices of order lines. All amounts are integer fen. */

/** A discount as far as the price of one product for one shopper depends on it; who and what it covers is decided before. */
export interface ApplicableDiscount {
  name: string;
  kind: 'amount' | 'percent';
  /** amount: fen off one piece; percent: hundredths of a percent off one piece (10 % = 1000). */
  value: number;
  minQuantity: number;
  priority: number;
}

export interface PricedLine {
  unitPriceFen: number;
  quantity: number;
  /** Price before discounts: unit price × quantity. */
  totalFen: number;
  discountFen: number;
  actualFen: number;
  discountName: string | null;
}

const PERCENT_SCALE = 10_000;

/** What one discount takes off one piece: clamped to 0…price, half up. */
export function unitDiscountFen(discount: ApplicableDiscount, unitPriceFen: number): number {
  const off =
    discount.kind === 'amount'
      ? discount.value
      : // Whole numbers until the one rounding; half a fen goes to the shopper.
        Math.floor((unitPriceFen * discount.value * 2 + PERCENT_SCALE) / (PERCENT_SCALE * 2));
  return Math.min(Math.max(off, 0), unitPriceFen);
}

/**
 * The price of a line with the best single discount that applies: the one that takes off most, then the one with the
 * higher priority. Discounts never add up.
 */
export function priceLine(
  unitPriceFen: number,
  quantity: number,
  discounts: ApplicableDiscount[],
): PricedLine {
  let best: { perPieceFen: number; discount: ApplicableDiscount } | undefined;
  for (const discount of discounts) {
    if (quantity < discount.minQuantity) continue;
    const perPieceFen = unitDiscountFen(discount, unitPriceFen);
    if (perPieceFen === 0) continue;
    const isBetter =
      best === undefined ||
      perPieceFen > best.perPieceFen ||
      (perPieceFen === best.perPieceFen && discount.priority > best.discount.priority);
    if (isBetter) best = { perPieceFen, discount };
  }
  const totalFen = unitPriceFen * quantity;
  const discountFen = (best?.perPieceFen ?? 0) * quantity;
  return {
    unitPriceFen,
    quantity,
    totalFen,
    discountFen,
    actualFen: totalFen - discountFen,
    discountName: best?.discount.name ?? null,
  };
}
