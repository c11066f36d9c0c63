import Redis from 'ioredis';

import { createCallLimit } from '../../src/plugins/haier-integration/server/src/clients/call-limit';
import { readRetryAfter } from '../../src/plugins/haier-integration/server/src/clients/failure';

const HOST = 'haier.example';

/** Asks so many times at once; the moments at which the calls may go, after the first. */
async function moments(limit: ReturnType<typeof createCallLimit>, calls: number): Promise<number[]> {
  const waits = await Promise.all(Array.from({ length: calls }, () => limit.reserve(HOST)));
  return waits.map((wait) => wait ?? Number.NaN);
}

/** Whether no second, wherever it begins, holds more than so many. */
const holds = (times: number[], limit: number): boolean =>
  times.every((time) => times.filter((other) => other >= time && other < time + 1_000).length <= limit);

describe('the limit of calls a second', () => {
  it('lets so many go at once, and the others a second later, in order', async () => {
    const limit = createCallLimit({ perSecond: 3, now: () => 0 });
    expect(await moments(limit, 7)).toEqual([0, 0, 0, 1_050, 1_050, 1_050, 2_100]);
  });

  it('holds in every second, however the calls come', async () => {
    let now = 0;
    const limit = createCallLimit({ perSecond: 5, now: () => now });
    const times: number[] = [];
    for (const step of [0, 990, 20, 0, 0, 300, 1, 1, 1, 1, 1, 700, 0, 0, 0, 0, 0, 0, 0, 400]) {
      now += step;
      times.push(now + ((await limit.reserve(HOST)) ?? Number.NaN));
    }
    expect(holds(times, 5)).toBe(true);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('says no to who would have to wait too long, and forgets about them', async () => {
    let now = 0;
    const limit = createCallLimit({ perSecond: 1, now: () => now });
    const waits = await Promise.all(Array.from({ length: 12 }, () => limit.reserve(HOST)));
    expect(waits.filter((wait) => wait === undefined)).toHaveLength(2);
    now = 60_000;
    expect(await limit.reserve(HOST)).toBe(0);
  });

  it('is one for each host', async () => {
    const limit = createCallLimit({ perSecond: 1, now: () => 0 });
    expect(await limit.reserve('a')).toBe(0);
    expect(await limit.reserve('b')).toBe(0);
  });

  it('is a share of it while Redis is away, told once, and never an error', async () => {
    // Nobody listens there.
    const redis = new Redis('redis://127.0.0.1:1', {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
    });
    redis.on('error', () => undefined);
    const told: boolean[] = [];
    const limit = createCallLimit({
      perSecond: 8,
      redis,
      onFallback: (isFallback) => told.push(isFallback),
      now: () => 0,
    });
    expect(await moments(limit, 3)).toEqual([0, 0, 1_050]);
    expect(told).toEqual([true]);
    redis.disconnect();
  });
});

describe('Retry-After', () => {
  it.each([
    ['3', 3_000],
    ['0', 0],
    ['-1', 0],
    ['Thu, 01 Jan 2026 00:00:05 GMT', 5_000],
    ['999999999', 86_400_000],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%j is %j ms', (header, ms) => {
    expect(readRetryAfter(header, Date.parse('2026-01-01T00:00:00Z'))).toBe(ms);
  });
});
