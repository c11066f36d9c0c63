import type { Core } from '@strapi/strapi';

import { readLanguage, readRequestId, runWithRequest } from '../platform/request';

/** Gives every request an id (the caller's, when it sends one) and a language, and every answer `X-Request-Id`. */
const requestContext: Core.MiddlewareFactory = () => async (ctx, next) => {
  const context = {
    requestId: readRequestId(ctx.get('X-Request-Id')),
    language: readLanguage(ctx.get('Accept-Language')),
  };
  ctx.state.request = context;
  ctx.set('X-Request-Id', context.requestId);
  await runWithRequest(context, next);
};

export default requestContext;
