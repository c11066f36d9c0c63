import { randomUUID } from 'node:crypto';

import Redis from 'ioredis';

import { createCallLimit } from '../../src/plugins/haier-integration/server/src/clients/call-limit';

const REDIS_URL = process.env.TEST_REDIS_URL ?? 'TEST_REDIS_URL is not set';

it('the limit of calls is one for all processes', async () => {
  // Two processes share nothing but the server.
  const connections = [new Redis(REDIS_URL), new Redis(REDIS_URL)];
  const limits = connections.map((redis) => createCallLimit({ perSecond: 10, redis }));
  const host = randomUUID();
  const startedAt = Date.now();
  const waits = await Promise.all(
    Array.from({ length: 30 }, async (_, call) => {
      const wait = await limits[call % 2]?.reserve(host);
      return wait ?? Number.NaN;
    }),
  );
  const took = Date.now() - startedAt;
  const sorted = [...waits].sort((a, b) => a - b);
  expect(sorted.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 0));
  // Those of the next seconds are told how long; asking took some of that.
  for (const [second, from] of [
    [1, 10],
    [2, 20],
  ] as const)
    for (const wait of sorted.slice(from, from + 10)) {
      expect(wait).toBeGreaterThan(second * 1_050 - took - 2);
      expect(wait).toBeLessThanOrEqual(second * 1_050);
    }
  for (const redis of connections) redis.disconnect();
});

it('and says no when too many wait', async () => {
  const redis = new Redis(REDIS_URL);
  const limit = createCallLimit({ perSecond: 1, redis });
  const host = randomUUID();
  const waits = await Promise.all(Array.from({ length: 20 }, () => limit.reserve(host)));
  expect(waits.filter((wait) => wait === undefined).length).toBeGreaterThanOrEqual(8);
  redis.disconnect();
});
