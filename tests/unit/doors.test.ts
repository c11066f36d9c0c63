import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

import type { Context } from 'koa';

import { Refusal, validationFailed } from '../../src/domain/refusal';
import { createNumber } from '../../src/domain/order-number';
import { createClientAddress } from '../../src/platform/http/client-address';
import { letBodyPass, readBody } from '../../src/platform/http/body-trace';
import { isApiPath, isRawBodyPath } from '../../src/platform/http/paths';
import { renderError } from '../../src/platform/errors';
import { readLanguage, readRequestId } from '../../src/platform/request';
import { findUncleanText } from '../../src/platform/http/text-guard';
import { encodeCursor, readListQuery } from '../../src/platform/listing';
import { type Counter, createLimiter } from '../../src/platform/rate-limit/limiter';
import { retryDelayMs } from '../../src/platform/outbox/retry-delay';

const request = (remoteAddress: string, forwarded?: string) =>
  ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }) as unknown as IncomingMessage;

describe('the caller’s address', () => {
  it('is the socket’s, whatever a stranger claims', () => {
    expect(createClientAddress([])(request('203.0.113.9', '198.51.100.1'))).toBe('203.0.113.9');
  });

  it('is what a trusted proxy says, read from the right', () => {
    const address = createClientAddress(['10.0.0.0/8', 'loopback']);
    expect(address(request('127.0.0.1', '198.51.100.1, 203.0.113.9, 10.1.2.3'))).toBe('203.0.113.9');
    expect(address(request('203.0.113.9', '198.51.100.1'))).toBe('203.0.113.9');
    expect(address(request('::ffff:10.0.0.1', 'rubbish, 198.51.100.7'))).toBe('198.51.100.7');
  });

  it('counts hops when told a number', () => {
    expect(createClientAddress(['1'])(request('10.0.0.1', '198.51.100.1, 203.0.113.9'))).toBe('203.0.113.9');
  });
});

describe('counters of requests', () => {
  it('are forgotten when their minute is over', async () => {
    const memory = new Map<string, Counter>();
    let later = 0;
    const limiter = createLimiter({
      redis: undefined,
      onFallback: () => undefined,
      memory,
      now: () => Date.now() + later,
    });
    const ask = (id: string) =>
      limiter({ state: {}, response: { get: () => '1' }, set: () => undefined } as unknown as Context, {
        id,
        perMinute: 5,
      });
    for (let caller = 0; caller < 50; caller += 1) await ask(`address:${caller}`);
    expect(memory.size).toBe(50);
    later = 61_000;
    await ask('address:new');
    expect([...memory.keys()]).toEqual(['shop:limit:address:new']);
  });
});

describe('a path at the door', () => {
  it.each(['/api/v1/payments/notify/wechat', '/API/V1/Payments/NOTIFY/WeChat/'])(
    'is the same in capitals: %s',
    (path) => expect([isApiPath(path), isRawBodyPath(path)]).toEqual([true, true]),
  );
});

describe('a body that is too large', () => {
  const MEGABYTE = Buffer.alloc(1024 * 1024, 'x');
  const megabytes = (count: number) =>
    Readable.from(Array.from({ length: count }, () => MEGABYTE)) as unknown as IncomingMessage;

  it('is read to its end, and its trace is kept', async () => {
    const digest = createHash('sha256')
      .update(Buffer.concat([MEGABYTE, MEGABYTE, MEGABYTE]))
      .digest('hex');
    expect(await readBody(megabytes(3), 64 * 1024)).toEqual({
      digest,
      beginning: MEGABYTE.subarray(0, 1024),
      size: 3 * MEGABYTE.length,
      isWhole: true,
    });
  });

  it('is not read for ever, and is given up once', async () => {
    const body = megabytes(64);
    const trace = await readBody(body, 64 * 1024);
    expect(trace).toMatchObject({ isWhole: false });
    expect(Buffer.isBuffer(trace) ? 0 : trace.size).toBeLessThan(36 * MEGABYTE.length);
    expect(await letBodyPass(body)).toBe(false);
  });

  it('is not waited for when nothing comes', async () => {
    jest.useFakeTimers();
    try {
      const passed = letBodyPass(new Readable({ read: () => undefined }) as unknown as IncomingMessage);
      jest.advanceTimersByTime(5_000);
      expect(await passed).toBe(false);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('the language of an answer', () => {
  it.each([
    ['', 'zh'],
    ['en', 'en'],
    ['en-GB,zh;q=0.5', 'en'],
    ['en;q=0.1,zh;q=0.9', 'zh'],
    ['fr,en;q=0.9', 'en'],
    ['fr,de;q=0.9,*', 'zh'],
    ['en;q=0.8,zh-CN;q=0.8', 'en'],
    ['zh;q=0,en;q=0.001', 'en'],
    ['en;q=0', 'zh'],
    ['english', 'zh'],
    ['en;q=\'"', 'zh'],
    ['en ; Q=0.7 , zh ; q=0.6', 'en'],
  ])('asked for as %j is %s', (header, language) => expect(readLanguage(header)).toBe(language));
});

describe('the id of a request', () => {
  it.each(['1', 'short', 'a/b+c=@~d:e_f.g-h', 'x'.repeat(128)])('is taken over: %s', (id) =>
    expect(readRequestId(id)).toBe(id),
  );
  it.each(['', 'a b', '"a"', "'a'", '<b>', 'a\\b', 'é', 'x'.repeat(129)])('is made anew for %s', (id) =>
    expect(readRequestId(id)).toMatch(/^[0-9a-f-]{36}$/),
  );
});

describe('a refused request', () => {
  const errorsOf = (error: unknown, language: 'zh' | 'en') =>
    renderError(error, { language, requestId: 'x', keepMessages: false }).body.error.details.errors;
  const unreadable = Object.assign(new SyntaxError('Unexpected token'), { status: 400, body: '{bad' });
  it('always lists what is wrong, the whole body when nothing else is known', () => {
    expect(errorsOf(unreadable, 'en')).toEqual([{ path: [], message: 'the body cannot be read as JSON' }]);
    expect(errorsOf(unreadable, 'zh')).toEqual([{ path: [], message: '请求内容不是有效的 JSON 对象' }]);
    const unsupported = Object.assign(new Error('unsupported charset'), { status: 415 });
    expect(errorsOf(unsupported, 'zh')).toEqual([{ path: [], message: '请求内容不正确' }]);
  });

  it('asks for one of two fields also of who sent neither', () => {
    const error = validationFailed([{ path: ['order'], message: 'either order or checkoutNumber' }]);
    expect(errorsOf(error, 'zh')).toEqual([
      { path: ['order'], message: '须填写 order 和 checkoutNumber 其中一个，且只填写一个' },
    ]);
  });
});

describe('texts at the door', () => {
  it.each([
    [{ a: ['ok', 'x\u0000y'] }, ['a', 1]],
    [{ 'k\u0000': 1 }, []],
    [{ a: '\uD800' }, ['a']],
    [{ a: 'bell\u0007' }, ['a']],
  ])('finds what no column should see in %j', (body, path) => expect(findUncleanText(body)).toEqual(path));

  it('lets pass line breaks, tabs, Chinese and emoji', () => {
    expect(findUncleanText({ a: 'line\r\n\ttab 海尔 🧊' })).toBeUndefined();
  });

  it('refuses what is nested without end', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 100; level += 1) deep = { deep };
    expect(findUncleanText(deep)).toBeDefined();
  });
});

describe('a list’s query', () => {
  const rules = {
    filters: { price: 'number', status: 'text', 'category.documentId': 'documentId' },
    sort: ['price'],
    defaultSort: ['createdAt:desc'],
  } as const;
  const read = (query: Record<string, unknown>) => readListQuery(query, rules as never);

  it('is 20 rows of the first page by default', () => {
    expect(read({})).toMatchObject({
      paging: { by: 'page', page: 1, pageSize: 20, withCount: true },
      sort: [{ field: 'createdAt', direction: 'desc' }],
    });
  });

  it('reads sizes by name, filters in Strapi’s grammar, and cursors we gave', () => {
    expect(read({ pagination: { size: 'large' } }).paging).toMatchObject({ pageSize: 100 });
    expect(
      read({
        filters: { price: { $gte: '10.5' }, status: 'paid', category: { documentId: { $in: ['a', 'b'] } } },
      }).filters,
    ).toEqual([
      { field: 'price', operator: '$gte', value: 10.5 },
      { field: 'status', operator: '$eq', value: 'paid' },
      { field: 'category.documentId', operator: '$in', value: ['a', 'b'] },
    ]);
    expect(
      read({
        sort: 'price:asc',
        pagination: { cursor: encodeCursor([1, 2], [{ field: 'price', direction: 'asc' }]), limit: '5' },
      }).paging,
    ).toEqual({ by: 'cursor', after: [1, 2], limit: 5 });
  });

  it.each([
    { unknown: '1' },
    { filters: { password: 'x' } },
    { filters: 'x' },
    { filters: { price: { $regex: 'x' } } },
    { filters: { price: { $gt: 'abc' } } },
    { filters: { price: { $gt: '1e400' } } },
    { sort: 'password' },
    { sort: 'price:sideways' },
    { pagination: { page: '0' } },
    { pagination: { page: '-1' } },
    { pagination: { pageSize: '101' } },
    { pagination: { size: 'huge' } },
    { pagination: { cursor: 'rubbish' } },
    { pagination: { cursor: encodeCursor([1], [{ field: 'price', direction: 'asc' }]) } },
    { pagination: { cursor: '', page: '2' } },
    { pagination: { start: '1' } },
    { fields: ['password'] },
    { populate: 'user' },
    { locale: "en'--" },
  ])('refuses %j', (query) => expect(() => read(query)).toThrow(Refusal));
});

describe('numbers and waits', () => {
  it('makes order numbers WeChat accepts, with China’s time in them', () => {
    const number = createNumber('D', new Date('2026-01-01T16:00:00Z'), () => 7);
    expect(number).toBe('D2026010200000077777777');
    expect(number).toMatch(/^[0-9A-Za-z]{6,32}$/);
  });

  it('waits longer after each failure, never for ever', () => {
    for (const attempts of [1, 5, 50]) {
      const ceiling = Math.min(1000 * 2 ** (attempts - 1), 600_000);
      expect(retryDelayMs(attempts)).toBeGreaterThanOrEqual(ceiling / 2 - 1);
      expect(retryDelayMs(attempts)).toBeLessThanOrEqual(ceiling + 1);
    }
  });
});
