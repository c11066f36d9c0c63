import type { Context } from 'koa';

/** True when the caller would rather not wait: `Prefer: respond-async` (RFC 7240). */
export const prefersAsync = (ctx: Context): boolean =>
  ctx
    .get('Prefer')
    .split(',')
    .some((preference) => /^respond-async\s*(;|$)/i.test(preference.trim()));
