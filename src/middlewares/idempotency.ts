import { randomUUID } from 'node:crypto';

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
  renewKey,
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

const WAIT_MS = 10_000;
/** Shorter than the wait: who repeats a request whose process died gets through in one try. */
const LEASE_MS = 9_000;
const RENEW_MS = LEASE_MS / 3;
const WAIT_STEP_MS = 100;

function replay(ctx: Context, answer: StoredAnswer): void {
  ctx.status = answer.status;
  ctx.body = answer.status === 204 ? null : answer.body;
  ctx.set('Idempotent-Replayed', 'true');
}

const leaseEnd = (): Date => new Date(clock.now().getTime() + LEASE_MS);

/** What comes after a middleware runs once: a conflict is not tried again here, it asks the caller to. */
async function inOneTransaction(ctx: Context, next: Next, request: IdempotentRequest): Promise<void> {
  await inTransaction(
    async (tx) => {
      const holder = await claimKey(tx, request, { status: 'running' });
      const answer = holder === undefined ? undefined : storedAnswer(holder);
      if (answer !== undefined) return replay(ctx, answer);
      await next();
      await storeAnswer(tx, request, { status: ctx.status, body: ctx.body });
    },
    { retry: 'never' },
  );
}

/** Takes the key for `owner`, or waits for the answer of the request that has it. */
async function takeKey(request: IdempotentRequest, owner: string): Promise<StoredAnswer | undefined> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const holder = await inTransaction((tx) =>
      claimKey(tx, request, { status: 'running', lockedUntil: leaseEnd(), lockedBy: owner }),
    );
    if (holder === undefined) return undefined;
    const answer = storedAnswer(holder);
    if (answer !== undefined) return answer;
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
}

async function underLease(ctx: Context, next: Next, request: IdempotentRequest): Promise<void> {
  const owner = randomUUID();
  const earlier = await takeKey(request, owner);
  if (earlier !== undefined) return replay(ctx, earlier);
  // The work may take longer than the lease: whoever is alive keeps it.
  const renewal = setInterval(() => {
    renewKey(request, owner, leaseEnd()).catch((error: unknown) =>
      strapi.log.warn(`an idempotency key could not be renewed: ${String(error)}`),
    );
  }, RENEW_MS);
  try {
    await next();
  } catch (error) {
    await releaseKey(request, owner).catch((failure: unknown) =>
      strapi.log.warn(`an idempotency key was not released: ${String(failure)}`),
    );
    throw error;
  } finally {
    clearInterval(renewal);
  }
  await storeAnswer(undefined, request, { status: ctx.status, body: ctx.body }, owner);
}

/** Gives the same answer to the same `Idempotency-Key` of the same user; with another body, IDEMPOTENCY_CONFLICT. */
const idempotency: Core.MiddlewareFactory<IdempotencyConfig> = (config) => async (ctx, next) => {
  const request = readIdempotentRequest(ctx);
  if (request === undefined) return next();
  return config.mode === 'lease' ? underLease(ctx, next, request) : inOneTransaction(ctx, next, request);
};

export default idempotency;
