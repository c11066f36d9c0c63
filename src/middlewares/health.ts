import path from 'node:path';

import type { Core } from '@strapi/strapi';
import type { Context } from 'koa';

import { settings } from '../../config/environment';
import { notFound } from '../domain/refusal';
import { renderError } from '../platform/errors';
import { checkReadiness } from '../platform/health';
import { maySeeMetrics, renderMetrics } from '../platform/metrics';
import { redis } from '../platform/redis/connection';
import type { HttpRequestContext } from '../platform/request';
import { isStopping } from '../platform/stopping';

async function answerReady(ctx: Context): Promise<void> {
  // Not once it stops: a balancer takes it out while it still answers.
  if (isStopping()) {
    ctx.status = 503;
    ctx.body = { status: 'stopping', failing: ['stopping'], checks: {} };
    return;
  }
  const { LOG_LEVEL, LOG_DIR, REDIS_URL } = settings();
  const folder = LOG_LEVEL === 'silent' ? process.cwd() : path.resolve(LOG_DIR);
  const { ready, failing, checks } = await checkReadiness({ redis: redis(REDIS_URL), folder });
  ctx.status = ready ? 200 : 503;
  ctx.body = { status: ready ? 'ready' : 'not ready', failing, checks };
}

/** Whoever may not see them is told no more than that there is nothing. */
async function answerMetrics(ctx: Context): Promise<void> {
  if (!maySeeMetrics(ctx.req, settings().METRICS_TOKEN)) return refuse(ctx, 404);
  const { contentType, body } = await renderMetrics();
  ctx.status = 200;
  ctx.type = contentType;
  ctx.body = body;
}

/** In the shape of every refusal; the middleware that dresses them stands further in. */
function refuse(ctx: Context, status: 404 | 405): void {
  const { body } = renderError(notFound(), {
    ...(ctx.state.request as HttpRequestContext),
    keepMessages: false,
  });
  body.error.status = status;
  if (status === 405) {
    ctx.set('Allow', 'GET, HEAD');
    body.error.name = 'MethodNotAllowedError';
    body.error.message = `${ctx.path} only answers GET`;
  }
  ctx.status = status;
  ctx.body = body;
}

const ANSWERS: Readonly<Record<string, (ctx: Context) => Promise<void> | void>> = {
  '/healthz': (ctx) => {
    ctx.status = 200;
    ctx.body = { status: 'alive' };
  },
  '/readyz': answerReady,
  '/metrics': answerMetrics,
};

/**
 * `/healthz`: the process lives. `/readyz`: it can serve, with what each part said. `/metrics`: its numbers. Before limits, logs and
 * sessions, with or without a slash at the end.
 */
const health: Core.MiddlewareFactory = () => async (ctx, next) => {
  const name = ctx.path.length > 1 ? ctx.path.replace(/\/$/, '') : ctx.path;
  const answer = Object.hasOwn(ANSWERS, name) ? ANSWERS[name] : undefined;
  if (answer === undefined) return next();
  if (ctx.method === 'GET' || ctx.method === 'HEAD') return answer(ctx as Context);
  refuse(ctx as Context, 405);
};

export default health;
