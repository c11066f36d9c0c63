import type { Core } from '@strapi/strapi';

import { validationFailed } from '../domain/refusal';
import { findUncleanText } from '../platform/http/text-guard';
import { checkUploadForm, isUploadPath } from '../platform/http/upload-form';

const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Refuses bodies that are not JSON objects, and texts in them that no column should ever see. */
const bodyGuard: Core.MiddlewareFactory = () => async (ctx, next) => {
  if (METHODS_WITH_BODY.has(ctx.method) && ctx.state.isRawBody !== true) {
    const body: unknown = ctx.request.body;
    if (Array.isArray(body) || (typeof body === 'string' && body !== '')) {
      throw validationFailed([{ path: [], message: 'the body must be a JSON object' }]);
    }
    if (isUploadPath(ctx.path) && ctx.is('multipart/*')) checkUploadForm(ctx);
    const unclean = findUncleanText(body);
    if (unclean !== undefined) {
      throw validationFailed([
        { path: unclean, message: 'has characters that are not allowed, or holds too much' },
      ]);
    }
  }
  await next();
};

export default bodyGuard;
