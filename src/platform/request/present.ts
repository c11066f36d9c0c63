/** Answers as Strapi shapes them. */

export interface Pagination {
  page?: number;
  pageSize?: number;
  pageCount?: number;
  total?: number;
  limit?: number;
  nextCursor?: string | null;
}

export const one = <T>(data: T): { data: T; meta: Record<string, never> } => ({ data, meta: {} });

export const page = <T>(
  data: T[],
  pagination: Pagination,
): { data: T[]; meta: { pagination: Pagination } } => ({
  data,
  meta: { pagination },
});

/** ISO 8601 UTC, or null. */
export const isoTime = (value: Date | null | undefined): string | null => value?.toISOString() ?? null;
