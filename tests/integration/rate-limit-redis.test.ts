import { randomUUID } from 'node:crypto';

import Redis from 'ioredis';
import type { Context } from 'koa';

import { Refusal } from '../../src/domain/refusal';
import { createLimiter } from '../../src/platform/rate-limit/limiter';
import { describeRateLimits } from '../support/rate-limit-cases';

const REDIS_URL = process.env.TEST_REDIS_URL ?? 'TEST_REDIS_URL is not set';

describeRateLimits('Redis', REDIS_URL, { isRedisThere: true });

it('shares limits between processes', async () => {
  // Two processes share nothing but the server: each has a connection and a limiter of its own.
  const clients = [new Redis(REDIS_URL), new Redis(REDIS_URL)];
  const limiters = clients.map((redis) => createLimiter({ redis, onFallback: () => undefined }));
  const limit = { id: `user:${randomUUID()}`, perMinute: 4 };
  const ask = async (turn: number): Promise<string> => {
    const headers = new Map<string, string>();
    // What of Koa's context the limiter uses.
    const ctx = {
      state: {},
      response: { get: (name: string) => headers.get(name.toLowerCase()) ?? '' },
      set: (field: string | Record<string, string>, value?: string) => {
        const entries = typeof field === 'string' ? { [field]: value } : field;
        for (const [name, text] of Object.entries(entries)) headers.set(name.toLowerCase(), String(text));
      },
    } as unknown as Context;
    try {
      await limiters[turn % 2]?.(ctx, limit);
      return headers.get('ratelimit-remaining') ?? '';
    } catch (error) {
      return error instanceof Refusal ? error.code : String(error);
    }
  };
  const answers = [];
  for (let turn = 0; turn < 6; turn += 1) answers.push(await ask(turn));
  expect(answers).toEqual(['3', '2', '1', '0', 'RATE_LIMITED', 'RATE_LIMITED']);
  for (const client of clients) client.disconnect();
});
