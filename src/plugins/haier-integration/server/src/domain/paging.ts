/** How the plugin's lists are paged. */
import { z } from 'zod';

/** Counting further would read whole tables; who has more narrows the search. */
export const MOST_COUNTED = 10_000;
export const MAX_PAGE_SIZE = 100;

/** A number in a query, which is a text there. */
const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max));

/** `page` and `pageSize` of a query. */
export const pagingShape = {
  page: whole(1, MOST_COUNTED).default(1),
  pageSize: whole(1, MAX_PAGE_SIZE).default(20),
};
