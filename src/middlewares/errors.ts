import type { Core } from '@strapi/strapi';
import type { Context } from 'koa';

import { beijingStamp } from '../domain/beijing-day';
import { Refusal } from '../domain/refusal';
import { clock } from '../platform/clock';
import {
  codeForStatus,
  panelErrors,
  REFUSAL_FACES,
  renderError,
  type RenderContext,
  wholeProblem,
} from '../platform/errors';
import { countRefusal } from '../platform/metrics';
import { letBodyPass } from '../platform/http/body-trace';
import { callerOf, isApiPath } from '../platform/http/paths';
import { isRecord } from '../platform/is-record';
import type { HttpRequestContext } from '../platform/request';

interface StrapiErrorBody {
  error: { status: number; name: string; message: string; details?: Record<string, unknown> };
}

function isStrapiErrorBody(body: unknown): body is StrapiErrorBody {
  if (typeof body !== 'object' || body === null || !('error' in body)) return false;
  const { error } = body;
  return typeof error === 'object' && error !== null && 'status' in error;
}

const hasNoWords = (ctx: Context): boolean => ctx.body === undefined || ctx.body === null;
/** A plain object, and no file on its way. */
const hasWords = (ctx: Context): boolean => isRecord(ctx.body) && typeof ctx.body.pipe !== 'function';

/** What was answered rather than thrown: Strapi's `ctx.unauthorized()` and the like, or words of a plugin's own. */
function answeredError(ctx: Context): StrapiErrorBody['error'] | undefined {
  if (isStrapiErrorBody(ctx.body)) return ctx.body.error;
  if (ctx.status < 400 || callerOf(ctx.path) !== undefined) return undefined;
  if (!hasNoWords(ctx) && !hasWords(ctx)) return undefined;
  return { status: ctx.status, name: REFUSAL_FACES[codeForStatus(ctx.status)].name, message: '' };
}

/** It gets the same face as what is thrown. */
function dressAnswer(ctx: Context, context: RenderContext): void {
  const error = answeredError(ctx);
  if (error === undefined) return;
  if (typeof error.details?.code === 'string') return;
  const code =
    ctx.state.authRefusal instanceof Refusal ? ctx.state.authRefusal.code : codeForStatus(error.status);
  const face = REFUSAL_FACES[code];
  const status = context.keepMessages ? error.status : face.status;
  ctx.status = status;
  ctx.body = {
    data: null,
    error: {
      status,
      name: context.keepMessages ? error.name : face.name,
      message: context.keepMessages && error.message !== '' ? error.message : face[context.language],
      details: {
        ...panelErrors(context, error.name),
        ...wholeProblem(code, context),
        ...error.details,
        code,
        requestId: context.requestId,
      },
    },
  };
}

const UNROUTED = new Set([404, 405, 501]);
/** No route answered. Another method on a known path is no more there than an unknown path. */
const isUnrouted = (ctx: Context): boolean => hasNoWords(ctx) && UNROUTED.has(ctx.status);

/** Who calls back reads its own words, whoever refused the call. YLH reads nothing but a 200. */
function dressForCaller(ctx: Context): void {
  const caller = callerOf(ctx.path);
  if (caller === undefined || !isStrapiErrorBody(ctx.body)) return;
  const { message, status } = ctx.body.error;
  if (caller === 'wechat') {
    ctx.body = { code: 'FAIL', message };
    return;
  }
  // An address that is not there is no answer to a call-back.
  if (status === 404) return;
  ctx.status = 200;
  const code = status < 500 ? 'bad_request' : 'try_again';
  ctx.body = { success: false, code, description: message, timeStamp: beijingStamp(clock.now()), data: {} };
}

/**
 * What was left unread of a body, being refused, passes before the answer ends: else its sender, or the next request on
 * its connection, gets none.
 */
async function finishReading(ctx: Context): Promise<void> {
  if (ctx.req.complete) ctx.req.resume();
  else if (!(await letBodyPass(ctx.req))) ctx.set('Connection', 'close');
}

/** One shape for every failure of every route; a defect is logged once, with the request id, and says nothing. */
const errors: Core.MiddlewareFactory = (_config, { strapi }) => {
  return async (ctx, next) => {
    const request = ctx.state.request as HttpRequestContext;
    const context: RenderContext = { ...request, keepMessages: !isApiPath(ctx.path) };
    try {
      await next();
      if (isUnrouted(ctx)) throw new Refusal('NOT_FOUND');
      dressAnswer(ctx, context);
    } catch (error) {
      const rendered = renderError(error, context);
      countRefusal(rendered.body.error.details.code);
      ctx.status = rendered.status;
      ctx.body = rendered.body;
      const retryAfter = rendered.body.error.details.retryAfterSeconds;
      if (typeof retryAfter === 'number') ctx.set('Retry-After', String(retryAfter));
      if (rendered.isDefect) {
        strapi.log.error(`${ctx.method} ${ctx.path} failed`, { error });
      }
    }
    dressForCaller(ctx);
    await finishReading(ctx);
  };
};

export default errors;
