import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { gzipSync } from 'node:zlib';

import { startApp, type TestApp } from '../support/app';
import { type Attack, attackAll, leaksOf, problemsOf } from '../support/hostile-answer';
import { createSender, inBatches, type Send } from '../support/hostile-client';
import { BODIES } from '../support/hostile-fields';
import {
  createHostileWorld,
  digestTables,
  fillPath,
  type HostileRoute,
  hostileRoutes,
  type HostileWorld,
} from '../support/hostile-world';

let app: TestApp;
let world: HostileWorld;
let send: Send;
let close: () => void;
let routes: HostileRoute[];
let writes: HostileRoute[];

beforeAll(async () => {
  app = await startApp();
  ({ send, close } = createSender(app.url));
  world = await createHostileWorld(app);
  routes = hostileRoutes(app);
  writes = routes.filter(({ method }) => method !== 'GET');
});
afterAll(async () => {
  close?.();
  await app?.stop();
});

const tokenFor = ({ isPublic, isForStaff }: HostileRoute) =>
  isPublic ? undefined : isForStaff ? world.staff.token : world.shopper.token;
const right = ({ name }: HostileRoute) => JSON.stringify(BODIES[name]?.[0]?.body(world) ?? {});
const requestTo = (
  route: HostileRoute,
  body: string | Buffer | undefined = right(route),
  headers: Record<string, string> = {},
) => ({
  method: route.method,
  path: fillPath(route.pattern, world.ids[route.names ?? ''] ?? ''),
  token: tokenFor(route),
  body,
  headers,
});
const attacksOn = (
  on: HostileRoute[],
  name: string,
  requestOf: (route: HostileRoute) => Attack['request'],
  codes: Attack['codes'] = ['VALIDATION_FAILED'],
): Attack[] => on.map((route) => ({ name: `${route.name} with ${name}`, request: requestOf(route), codes }));

async function expectNothingWritten(attacks: Attack[]): Promise<void> {
  expect(attacks).not.toEqual([]);
  const before = await digestTables(app);
  expect(await attackAll(send, attacks)).toEqual([]);
  expect(await digestTables(app)).toEqual(before);
  expect((await app.api('get', '/products')).status).toBe(200);
}

const BOUNDARY = 'boundary';
const multipart = (field: string, filename: string, content = 'hello') =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${field}"; filename="${filename}"\r\nContent-Type: text/plain\r\n\r\n${content}\r\n--${BOUNDARY}--\r\n`;

describe('a body in another dress', () => {
  it('is refused for its content type, and nothing is written', async () => {
    const types = [
      'text/plain',
      'application/x-www-form-urlencoded',
      `multipart/form-data; boundary=${BOUNDARY}`,
      'multipart/form-data',
      'application/xml',
      'application/json-patch+json',
      'json',
      'application/',
      '*/*',
    ];
    await expectNothingWritten([
      ...types.flatMap((type, index) =>
        attacksOn(
          writes.filter((_, turn) => (turn + index) % 3 === 0),
          type,
          (route) => requestTo(route, right(route), { 'Content-Type': type }),
        ),
      ),
      ...attacksOn(writes, 'a form', (route) =>
        requestTo(route, 'data[product]=x&code=1', { 'Content-Type': 'application/x-www-form-urlencoded' }),
      ),
      ...attacksOn(writes, 'a file', (route) =>
        requestTo(route, multipart('files', 'a.txt'), {
          'Content-Type': `multipart/form-data; boundary=${BOUNDARY}`,
        }),
      ),
    ]);
  });

  it('is refused when it is compressed, however small, and nothing is written', async () => {
    const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024, '{"a":1} '));
    await expectNothingWritten([
      ...attacksOn(writes, 'a bomb', (route) => requestTo(route, bomb, { 'Content-Encoding': 'gzip' })),
      ...attacksOn(writes, 'a good body, compressed', (route) =>
        requestTo(route, gzipSync(right(route)), { 'Content-Encoding': 'gzip' }),
      ),
      ...['gzip', 'deflate', 'br', 'zstd', 'x', 'gzip, gzip'].flatMap((encoding, index) =>
        attacksOn(
          writes.filter((_, turn) => (turn + index) % 4 === 0),
          `${encoding} that is none`,
          (route) => requestTo(route, right(route), { 'Content-Encoding': encoding }),
        ),
      ),
    ]);
  });

  it('of another character set is refused or read, and is no defect', async () => {
    const requests = ['utf-16', 'utf-32', 'latin1', 'no-such-charset', ''].flatMap((charset) =>
      writes
        .filter(({ pattern }) => pattern === '/users/login' || pattern === '/orders/preview')
        .map((route) =>
          requestTo(route, right(route), { 'Content-Type': `application/json; charset=${charset}` }),
        ),
    );
    const answers = await inBatches(requests, send);
    expect(answers.flatMap(leaksOf)).toEqual([]);
  });

  it('of 5 MB is refused as too large by every route, and nothing is written', async () => {
    const parsed = writes.filter(({ method }) => method !== 'DELETE');
    const huge = `{"data":"${'x'.repeat(5 * 1024 * 1024)}"}`;
    await expectNothingWritten(
      attacksOn(parsed, '5 MB', (route) => requestTo(route, huge), ['PAYLOAD_TOO_LARGE']),
    );
    const chunked = attacksOn(
      parsed.slice(0, 2),
      '5 MB in pieces',
      (route) => requestTo(route, huge, { 'Transfer-Encoding': 'chunked' }),
      ['PAYLOAD_TOO_LARGE'],
    );
    await expectNothingWritten(chunked);
  });

  it('that was too large leaves its connection free for the next request', async () => {
    const one = createSender(app.url, 1);
    const huge = 'x'.repeat(3 * 1024 * 1024);
    try {
      for (const path of ['/api/v1/users/login', '/api/v1/payments/notify/wechat', '/admin/login']) {
        const refused = await one.send({ method: 'POST', path, body: `{"a":"${huge}"}` });
        expect(problemsOf(refused, { codes: ['PAYLOAD_TOO_LARGE'] })).toEqual([]);
        const startedAt = Date.now();
        expect((await one.send({ method: 'GET', path: '/api/v1/products' })).status).toBe(200);
        expect(Date.now() - startedAt).toBeLessThan(2_000);
      }
    } finally {
      one.close();
    }
  });

  it('leaves no file behind on the disk, whatever it is sent to', async () => {
    // The parser names its files so; the folder is shared with whatever else runs here.
    const uploads = () => readdirSync(tmpdir()).filter((name) => /^[a-z0-9]{24,25}$/.test(name));
    const before = new Set(uploads());
    const paths = ['/api/v1/orders', '/api/v1/upload', '/admin/login', '/upload', '/nothing'];
    for (const path of paths) {
      for (const field of ['files', 'other', 'a[b]']) {
        const answer = await send({
          method: 'POST',
          path,
          body: multipart(field, 'left-behind.bin', 'x'.repeat(50_000)),
          headers: { 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}` },
        });
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
      }
    }
    expect(uploads().filter((name) => !before.has(name))).toEqual([]);
  });
});

describe('a method', () => {
  it('that a path does not have is not there, and nothing is written', async () => {
    const known = new Set(routes.map(({ method, pattern }) => `${method} ${fillPath(pattern, 'ID')}`));
    const attacks = routes.flatMap((route) =>
      ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND', 'LOCK', 'PURGE']
        .filter(
          (method) =>
            !routes.some((other) => other.method === method && matches(other.pattern, route.pattern)),
        )
        .map((method) => ({
          name: `${method} ${route.pattern}`,
          request: {
            ...requestTo(
              route,
              method === 'POST' || method === 'PUT' || method === 'PATCH' ? '{}' : undefined,
            ),
            method,
          },
          codes: ['NOT_FOUND' as const],
        })),
    );
    expect(known.size).toBeGreaterThan(40);
    await expectNothingWritten(attacks);
  });

  it('in a header or a field changes nothing', async () => {
    const order = `/api/v1/orders/${world.ids.orders}`;
    const before = await digestTables(app);
    const answer = await send({
      method: 'GET',
      path: order,
      token: world.shopper.token,
      headers: { 'X-HTTP-Method-Override': 'DELETE', 'X-Method-Override': 'POST' },
    });
    expect(answer.status).toBe(200);
    expect(await digestTables(app)).toEqual(before);
  });
});

/** `/users/me` is also one of `/users/:id`. */
function matches(pattern: string, path: string): boolean {
  const parts = pattern.split('/');
  const others = path.split('/');
  return (
    parts.length === others.length &&
    parts.every(
      (part, index) =>
        part.startsWith(':') || others[index]?.startsWith(':') === true || part === others[index],
    )
  );
}

describe('a header', () => {
  it('Idempotency-Key that is none is refused on every route that keeps one, and nothing is written', async () => {
    const keyed = writes.filter(
      ({ name, isPublic }) =>
        !isPublic &&
        !['POST /users/logout', 'POST /orders/preview', 'POST /payments/:id/sync'].includes(name),
    );
    const keys = [
      'short',
      '1234567',
      'k'.repeat(129),
      'k'.repeat(5_000),
      'has a space',
      'schlüssel',
      'tab\there',
      "'; drop table --\u00a0",
    ];
    await expectNothingWritten(
      keys.flatMap((key) =>
        attacksOn(keyed, `the key ${key.slice(0, 20)}`, (route) =>
          requestTo(route, right(route), { 'Idempotency-Key': key }),
        ),
      ),
    );
  });

  it('of the request id is taken over only when it is harmless', async () => {
    for (const id of [
      'short',
      'a b c d e f g h',
      '<script>alert(1)</script>',
      'x'.repeat(129),
      "' or 1=1 --------",
    ]) {
      const answer = await send({ method: 'GET', path: '/api/v1/nothing', headers: { 'X-Request-Id': id } });
      expect(answer.headers['x-request-id']).not.toBe(id);
      expect(problemsOf(answer, { codes: ['NOT_FOUND'] })).toEqual([]);
    }
    const answer = await send({
      method: 'GET',
      path: '/api/v1/nothing',
      headers: { 'X-Request-Id': 'phone-12345678' },
    });
    expect(answer.headers['x-request-id']).toBe('phone-12345678');
  });

  it('that is odd or long is no defect', async () => {
    const headers: Record<string, string>[] = [
      { 'Accept-Language': 'x'.repeat(5_000) },
      { 'Accept-Language': 'en;q=\'"' },
      { 'X-Forwarded-For': "1' or 1=1, ::::::, \u00e9" },
      { 'X-Forwarded-Host': 'evil.example', Host: 'evil.example' },
      { Host: '' },
      { Origin: 'null' },
      { Origin: 'javascript:alert(1)' },
      { Cookie: `koa.sess=${'a'.repeat(2_000)}; koa.sess.sig=x` },
      { Cookie: 'strapi_admin_refresh=x.y.z; =; ;;' },
      { 'If-None-Match': '\u00e9'.repeat(100) },
      { Range: 'bytes=0-99999999999999,-1' },
      { Accept: 'text/html;q=2, */*;q=x' },
      { Prefer: 'respond-async; wait=1e400' },
      { 'Content-Length': '0', Expect: 'nothing' },
    ];
    const answers = await inBatches(headers, (each) =>
      send({ method: 'GET', path: '/api/v1/products', headers: each }),
    );
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    expect(answers.map(({ text }) => text).join()).not.toContain('evil.example');
  });

  it('beyond what Node reads ends that connection and no other', async () => {
    const answer = await raw(
      `GET /api/v1/products HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(100_000)}\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    for (const text of [
      'GET /api/v1/products HTTP/9.9\r\n\r\n',
      'nonsense\r\n\r\n',
      'GET /api/v1/pro\u0000ducts HTTP/1.1\r\nHost: x\r\n\r\n',
      'POST /api/v1/users/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ]) {
      expect(await raw(text)).toMatch(/^HTTP\/1\.1 400 /);
    }
    expect(await raw('GET /api/v1/products?x=\r\nSet-Cookie: a=b HTTP/1.1\r\nHost: x\r\n\r\n')).not.toMatch(
      /Set-Cookie/i,
    );
    expect((await app.api('get', '/products')).status).toBe(200);
  });
});

/** What the server says to these very bytes. */
function raw(text: string): Promise<string> {
  const { hostname, port } = new URL(app.url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.setTimeout(2_000, () => socket.end());
    socket.on('data', (chunk) => (answer += chunk.toString('utf8')));
    socket.on('error', (error) => (answer === '' ? reject(error) : resolve(answer)));
    socket.on('close', () => resolve(answer));
  });
}

describe('a call-back that is not WeChat’s', () => {
  const paths = ['/api/v1/payments/notify/wechat', '/api/v1/payments/notify/wechat-refund'];
  const signed = {
    'Wechatpay-Timestamp': String(Math.floor(Date.now() / 1000)),
    'Wechatpay-Nonce': 'x',
    'Wechatpay-Signature': 'AAAA',
    'Wechatpay-Serial': 'PUB_KEY_ID_X',
  };
  const bodies = [
    '',
    '{}',
    '[]',
    'null',
    'nonsense',
    '{"id":"a\u0000b"}',
    '\u0000\u0001\ufffd',
    '<xml/>',
    Buffer.from([0xff, 0xfe, 0xed, 0xa0, 0x80]),
    `{"id":"${'长'.repeat(10_000)}"}`,
    '{"resource":{"ciphertext":"x"}}',
  ];
  const headers: Record<string, string>[] = [
    {},
    signed,
    { ...signed, 'Wechatpay-Timestamp': '1e400' },
    { ...signed, 'Wechatpay-Timestamp': '-1' },
    { ...signed, 'Wechatpay-Serial': '__proto__' },
    { ...signed, 'Wechatpay-Signature': '\u00e9' },
  ];

  it('is answered FAIL with a 4xx and changes nothing but the inbox', async () => {
    const before = await digestTables(app);
    const requests = paths.flatMap((path) =>
      bodies.flatMap((body) => headers.map((each) => ({ method: 'POST', path, body, headers: each }))),
    );
    const answers = await inBatches(requests, send);
    expect([...new Set(answers.map(({ status }) => status))]).toEqual([401]);
    expect(answers.filter(({ text }) => (JSON.parse(text) as { code: string }).code !== 'FAIL')).toEqual([]);
    const { callback_inbox: _inbox, ...after } = await digestTables(app);
    expect(before).toMatchObject(after);
  });

  it('is told when it is too large', async () => {
    for (const size of [65 * 1024, 5 * 1024 * 1024]) {
      const attacks = paths.flatMap((path) => [
        {
          name: `${size}`,
          request: { method: 'POST', path, body: 'x'.repeat(size) },
          codes: ['PAYLOAD_TOO_LARGE' as const],
        },
        {
          name: `${size} in pieces`,
          request: {
            method: 'POST',
            path,
            body: 'x'.repeat(size),
            headers: { 'Transfer-Encoding': 'chunked' },
          },
          codes: ['PAYLOAD_TOO_LARGE' as const],
        },
      ]);
      await expectNothingWritten(attacks);
    }
  });
});
