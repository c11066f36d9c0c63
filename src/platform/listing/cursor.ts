/** Where a page ended: the sort values of its last row, and its id. Opaque to callers. */
export type CursorValues = (string | number | boolean | null)[];

/** The order a cursor belongs to; with another one its values would be compared with the wrong columns. */
type Order = { field: string; direction: string }[];

const signature = (order: Order): string =>
  order.map(({ field, direction }) => `${field}:${direction}`).join(',');

export const encodeCursor = (values: CursorValues, order: Order): string =>
  Buffer.from(JSON.stringify([signature(order), ...values])).toString('base64url');

/** The values in a cursor we gave out for this order, or undefined for anything else. */
export function decodeCursor(cursor: string, order: Order): CursorValues | undefined {
  try {
    const content: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (!Array.isArray(content)) return undefined;
    const [ofOrder, ...values] = content as unknown[];
    const isOurs =
      ofOrder === signature(order) &&
      values.length === order.length + 1 &&
      Number.isSafeInteger(values.at(-1)) &&
      values.every(
        (value) =>
          value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value),
      );
    return isOurs ? (values as CursorValues) : undefined;
  } catch {
    return undefined;
  }
}
