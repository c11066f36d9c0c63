/** Where a page ended: the sort values of its last row, and its id. Opaque to callers. */
export type CursorValues = (string | number | null)[];

export const encodeCursor = (values: CursorValues): string =>
  Buffer.from(JSON.stringify(values)).toString('base64url');

/** The values in a cursor we gave out, or undefined for anything else. */
export function decodeCursor(cursor: string, length: number): CursorValues | undefined {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const isOurs =
      Array.isArray(values) &&
      values.length === length &&
      values.every((value) => value === null || typeof value === 'string' || Number.isFinite(value));
    return isOurs ? (values as CursorValues) : undefined;
  } catch {
    return undefined;
  }
}
