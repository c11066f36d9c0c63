import type { Core } from '@strapi/strapi';

import { notFound, validationFailed } from '../domain/refusal';
import { isCleanText } from '../platform/http/text-guard';

const MAX_URL_LENGTH = 8192;
/** The router reads past an escaped slash, who serves files does not: `/uploads%2fx` is two addresses. No route has one. */
const ESCAPED_SLASH = /%(?:2f|5c)/i;

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

/** Refuses paths and queries that no route can mean: control characters, broken escapes, endless addresses. */
const urlGuard: Core.MiddlewareFactory = () => async (ctx, next) => {
  const decoded = ctx.url.length > MAX_URL_LENGTH ? undefined : decode(ctx.url);
  if (decoded === undefined || !isCleanText(decoded)) {
    throw validationFailed([
      { path: ['url'], message: 'has characters that are not allowed, or is too long' },
    ]);
  }
  if (ESCAPED_SLASH.test(ctx.path)) throw notFound();
  await next();
};

export default urlGuard;
