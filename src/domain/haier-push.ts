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

interface Place {
  province: string;
  city: string;
  district: string;
  town?: string | null;
}

const SEPARATORS = /^[\s,，、/·-]+/u;

/** The text without this name at its beginning; undefined when it does not begin with it, or is nothing else. */
function without(text: string, name: string): string | undefined {
  if (name === '' || !text.startsWith(name)) return undefined;
  const rest = text.slice(name.length).replace(SEPARATORS, '');
  return rest === '' ? undefined : rest;
}

/**
 * The street part of an address: province, city, district and town, which YLH has in fields of their own, are left out where a
 * shopper wrote them again. A street that is called after a city stays.
 */
export function streetOnly(detail: string, { province, city, district, town }: Place): string {
  const names = [province, city, district, town ?? ''].map((name) => name.trim());
  let street = detail.trim();
  for (const inARow of [names.slice(0, 3).join(''), names.slice(0, 2).join(''), names.slice(1, 3).join('')])
    if (street.replaceAll(inARow, '').trim() !== '') street = street.replaceAll(inARow, '').trim();
  for (let shorter: string | undefined = street; shorter !== undefined;) {
    street = shorter;
    shorter = names.map((name) => without(street, name)).find((rest) => rest !== undefined);
  }
  return street.replace(SEPARATORS, '');
}
