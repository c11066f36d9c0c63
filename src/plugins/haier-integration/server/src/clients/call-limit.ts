/**
 * At most so many calls a second to one host: no second, wherever it begins, holds more. Each call is given its moment, in the
 * order they ask, so that nobody polls.
 */
import type { Redis } from 'ioredis';

/** A little more than the second: two calls may come nearer to each other on their way. */
const WINDOW_MS = 1_050;
/** Who would have to wait longer is told no. */
const LONGEST_WAIT_MS = 10_000;
/** What one process takes while Redis is away: how many others there are is not known. */
const SHARE_WITHOUT_REDIS = 4;

/** Moments given are kept, the last `limit` of them; the next is a window after the first of those. */
const SCRIPT = `
local limit, window, longest = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local at = now
local first = redis.call('LINDEX', KEYS[1], -limit)
if first and first + window > at then at = first + window end
local last = redis.call('LINDEX', KEYS[1], -1)
if last and tonumber(last) > at then at = tonumber(last) end
if at - now > longest then return -1 end
redis.call('RPUSH', KEYS[1], string.format('%.0f', at))
redis.call('LTRIM', KEYS[1], -limit, -1)
redis.call('PEXPIRE', KEYS[1], window + longest)
return at - now`;

export interface CallLimit {
  /** How many milliseconds to wait before calling, or undefined when that would be too long. Never fails. */
  reserve(host: string): Promise<number | undefined>;
}

export interface CallLimitOptions {
  perSecond: number;
  /** Shared by all processes; without it this process has the whole limit. */
  redis?: Redis;
  /** Told once when Redis is away, and once when it is back. */
  onFallback?: (isFallback: boolean) => void;
  now?: () => number;
}

function createLocalLimit(perSecond: number, now: () => number): (host: string) => number | undefined {
  const given = new Map<string, number[]>();
  return (host) => {
    const moments = given.get(host) ?? [];
    given.set(host, moments);
    const asked = now();
    const first = moments.length < perSecond ? undefined : moments[moments.length - perSecond];
    const at = Math.max(asked, (first ?? Number.NEGATIVE_INFINITY) + WINDOW_MS, moments.at(-1) ?? 0);
    if (at - asked > LONGEST_WAIT_MS) return undefined;
    moments.push(at);
    if (moments.length > perSecond) moments.shift();
    return at - asked;
  };
}

export function createCallLimit({
  perSecond,
  redis,
  onFallback,
  now = Date.now,
}: CallLimitOptions): CallLimit {
  const alone = createLocalLimit(perSecond, now);
  const share = createLocalLimit(Math.max(1, Math.floor(perSecond / SHARE_WITHOUT_REDIS)), now);
  let isFallback = false;
  const note = (next: boolean): void => {
    if (next !== isFallback) onFallback?.(next);
    isFallback = next;
  };
  return {
    async reserve(host) {
      if (redis === undefined) return alone(host);
      try {
        const key = `haier-integration:calls:${host}`;
        const wait = Number(await redis.eval(SCRIPT, 1, key, perSecond, WINDOW_MS, LONGEST_WAIT_MS));
        note(false);
        return wait < 0 ? undefined : wait;
      } catch {
        note(true);
        return share(host);
      }
    },
  };
}
