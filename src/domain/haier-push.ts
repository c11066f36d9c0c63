/** How an order is told to YLH: amounts of one piece, and the street alone. */

export interface PieceAmounts {
  quantity: number;
  retailPriceFen: number;
  discountFen: number;
  actualPriceFen: number;
}

/**
 * Splits an order into lines whose amounts are of one piece and add up to its totals to the fen. A discount that does not
 * divide makes two lines, one with a fen more.
 */
export function splitPieces(order: {
  quantity: number;
  unitPriceFen: number;
  discountFen: number;
}): PieceAmounts[] {
  const { quantity, unitPriceFen, discountFen } = order;
  const least = Math.floor(discountFen / quantity);
  const withMore = discountFen - least * quantity;
  const line = (pieces: number, discount: number): PieceAmounts[] =>
    pieces === 0
      ? []
      : [
          {
            quantity: pieces,
            retailPriceFen: unitPriceFen,
            discountFen: discount,
            actualPriceFen: unitPriceFen - discount,
          },
        ];
  return [...line(quantity - withMore, least), ...line(withMore, least + 1)];
}

/** What follows a district's name when it is part of another name: 崂山区政府 is no repetition of 崂山区. */
const PART_OF_A_NAME = /^(?:人民)?(?:政府|法院|检察院|医院|府)/;

/**
 * The street part of an address: province, city, district and town, which YLH has in fields of their own, are taken from its
 * beginning where a shopper wrote them again.
 */
export function streetOnly(
  detail: string,
  place: { province: string; city: string; district: string; town?: string | null },
): string {
  let street = detail.trim();
  for (const part of [place.province, place.city, place.district, place.town ?? '']) {
    if (part === '' || !street.startsWith(part)) continue;
    const rest = street.slice(part.length).replace(/^[\s,，、/-]+/u, '');
    if (rest === '' || PART_OF_A_NAME.test(rest)) break;
    street = rest;
  }
  return street;
}
