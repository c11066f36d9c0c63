import type { Core } from '@strapi/strapi';
import type { Context, Next } from 'koa';

import { Refusal } from '../domain/refusal';
import { clock } from '../platform/clock';
import { inTransaction } from '../platform/database';
import {
  claimKey,
  type IdempotentRequest,
  readIdempotentRequest,
  releaseKey,
  storeAnswer,
  storedAnswer,
  type StoredAnswer,
} from '../platform/idempotency';

export interface IdempotencyConfig {
  /**
   * `transaction`: key, effect and answer are one transaction; for actions that touch nothing but the database.
   * `lease`: the key is held for a while around an action that calls outside and is itself safe to repeat.
   */
  mode: 'transaction' | 'lease';
}

const LEASE_MS = 30_000;
const WAIT_MS = 10_000;
const WAIT_STEP_MS = 100;

function replay(ctx: Context, answer: StoredAnswer): void {
  ctx.status = answer.status;
  ctx.body = answer.status === 204 ? null : answer.body;
  ctx.set('Idempotent-Replayed', 'true');
}

async function inOneTransaction(ctx: Context, next: Next, request: IdempotentRequest): Promise<void> {
  await inTransaction(async (tx) => {
    const holder = await claimKey(tx, request, { status: 'running' });
    const answer = holder === undefined ? undefined : storedAnswer(holder);
    if (answer !== undefined) return replay(ctx, answer);
    await next();
    await storeAnswer(tx, request, { status: ctx.status, body: ctx.body });
  });
}

async function underLease(ctx: Context, next: Next, request: IdempotentRequest): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const lockedUntil = new Date(clock.now().getTime() + LEASE_MS);
    const holder = await inTransaction((tx) => claimKey(tx, request, { status: 'running', lockedUntil }));
    if (holder === undefined) break;
    const answer = storedAnswer(holder);
    if (answer !== undefined) return replay(ctx, answer);
    if (Date.now() > deadline) {
      throw new Refusal('IDEMPOTENCY_CONFLICT', {
        sentence: {
          zh: '相同请求正在处理中，请稍后再试',
          en: 'The same request is still being worked on, please try again',
        },
        details: { retryAfterSeconds: 1 },
      });
    }
    await new Promise((resolve) => setTimeout(resolve, WAIT_STEP_MS));
  }
  try {
    await next();
  } catch (error) {
    await releaseKey(request);
    throw error;
  }
  await storeAnswer(undefined, request, { status: ctx.status, body: ctx.body });
}

/** Gives the same answer to the same `Idempotency-Key` of the same user; with another body, IDEMPOTENCY_CONFLICT. */
const idempotency: Core.MiddlewareFactory<IdempotencyConfig> = (config) => async (ctx, next) => {
  const request = readIdempotentRequest(ctx);
  if (request === undefined) return next();
  return config.mode === 'lease' ? underLease(ctx, next, request) : inOneTransaction(ctx, next, request);
};

export default idempotency;
