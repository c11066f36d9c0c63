/** How often a page that shows something under way asks again, in milliseconds. */
export const WHILE_BUSY_MS = 1_500;
export const WHILE_CALM_MS = 30_000;
