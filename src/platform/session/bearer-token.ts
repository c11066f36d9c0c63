import type { Context } from 'koa';

/** The token in `Authorization: Bearer <token>` (RFC 6750), or undefined when the header is absent or says anything else. */
export function bearerToken(ctx: Context): string | undefined {
  const [scheme, token, ...rest] = ctx.get('Authorization').trim().split(/\s+/);
  return scheme?.toLowerCase() === 'bearer' && rest.length === 0 ? token : undefined;
}
