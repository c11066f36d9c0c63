import type { Core } from '@strapi/strapi';
import type { Context } from 'koa';

import { validationFailed } from '../domain/refusal';
import { isApiPath } from '../platform/http/paths';
import { findUncleanText } from '../platform/http/text-guard';

const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

function hasBody(ctx: Context): boolean {
  return Number(ctx.get('Content-Length') || 0) > 0 || ctx.get('Transfer-Encoding') !== '';
}

function refuseOtherContentTypes(ctx: Context): void {
  if (!hasBody(ctx) || ctx.is('application/json') === 'application/json') return;
  throw validationFailed([{ path: [], message: 'the body must be application/json' }], {
    zh: '请求内容必须是 JSON（Content-Type: application/json）',
    en: 'The body must be JSON (Content-Type: application/json)',
  });
}

/** Refuses bodies that are not JSON objects, and texts in them that no column should ever see. */
const bodyGuard: Core.MiddlewareFactory = () => async (ctx, next) => {
  if (METHODS_WITH_BODY.has(ctx.method) && ctx.state.isRawBody !== true) {
    if (isApiPath(ctx.path)) refuseOtherContentTypes(ctx);
    const body: unknown = ctx.request.body;
    if (Array.isArray(body) || (typeof body === 'string' && body !== '')) {
      throw validationFailed([{ path: [], message: 'the body must be a JSON object' }]);
    }
    const unclean = findUncleanText(body);
    if (unclean !== undefined) {
      throw validationFailed([{ path: unclean, message: 'has characters that are not allowed' }]);
    }
  }
  await next();
};

export default bodyGuard;
