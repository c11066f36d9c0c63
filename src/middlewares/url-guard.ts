import type { Core } from '@strapi/strapi';

import { validationFailed } from '../domain/refusal';
import { isCleanText } from '../platform/http/text-guard';

const MAX_URL_LENGTH = 8192;

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
  await next();
};

export default urlGuard;
