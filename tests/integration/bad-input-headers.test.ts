import { connect } from 'node:net';

import type { Attack } from '../support/hostile-answer';
import { problemsOf } from '../support/hostile-answer';
import { inBatches } from '../support/hostile-client';
import { useHostileSuite } from '../support/hostile-suite';
import { digestTables, type HostileRoute } from '../support/hostile-world';

const suite = useHostileSuite();
const writes = () => suite.routes.filter(({ method }) => method !== 'GET');
const attacksOn = (
  on: HostileRoute[],
  name: string,
  requestOf: (route: HostileRoute) => Attack['request'],
  codes: Attack['codes'] = ['VALIDATION_FAILED'],
): Attack[] => on.map((route) => ({ name: `${route.name} with ${name}`, request: requestOf(route), codes }));

describe('a header', () => {
  it('Idempotency-Key that is none is refused on every route that keeps one, and nothing is written', async () => {
    const keyed = writes().filter(
      ({ name, isPublic }) =>
        !isPublic &&
        ![
          'POST /users/logout',
          'POST /orders/preview',
          'POST /payments/:id/sync',
          'POST /refunds/:id/sync',
        ].includes(name),
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
    await suite.expectNothingWritten(
      keys.flatMap((key) =>
        attacksOn(keyed, `the key ${key.slice(0, 20)}`, (route) =>
          suite.requestTo(route, { body: suite.rightBody(route), headers: { 'Idempotency-Key': key } }),
        ),
      ),
    );
  });

  it('of the request id is taken over only when it is harmless', async () => {
    for (const id of ['a b c d e f g h', '<script>alert(1)</script>', 'x'.repeat(129), "' or 1=1 --------"]) {
      const answer = await suite.send({
        method: 'GET',
        path: '/api/v1/nothing',
        headers: { 'X-Request-Id': id },
      });
      expect(answer.headers['x-request-id']).not.toBe(id);
      expect(problemsOf(answer, { codes: ['NOT_FOUND'] })).toEqual([]);
    }
    const answer = await suite.send({
      method: 'GET',
      path: '/api/v1/nothing',
      headers: { 'X-Request-Id': 'phone-12345678' },
    });
    expect(answer.headers['x-request-id']).toBe('phone-12345678');
    for (const path of ['/healthz', '/readyz'])
      expect([path, (await suite.send({ method: 'GET', path })).headers['x-request-id']]).toEqual([
        path,
        expect.stringMatching(/^[0-9a-f-]{36}$/),
      ]);
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
      suite.send({ method: 'GET', path: '/api/v1/products', headers: each }),
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
    expect((await suite.app.api('get', '/products')).status).toBe(200);
  });
});

/** What the server says to these very bytes. */
function raw(text: string): Promise<string> {
  const { hostname, port } = new URL(suite.app.url);
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
    const before = await digestTables(suite.app);
    const requests = paths.flatMap((path) =>
      bodies.flatMap((body) => headers.map((each) => ({ method: 'POST', path, body, headers: each }))),
    );
    const answers = await inBatches(requests, suite.send);
    expect([...new Set(answers.map(({ status }) => status))]).toEqual([401]);
    expect(answers.filter(({ text }) => (JSON.parse(text) as { code: string }).code !== 'FAIL')).toEqual([]);
    const { callback_inbox: _inbox, ...after } = await digestTables(suite.app);
    expect(before).toMatchObject(after);
  });

  it('is told FAIL when it is too large, or when something else is wrong with it', async () => {
    const before = await digestTables(suite.app);
    const sizes = [65 * 1024, 5 * 1024 * 1024];
    const chunked = { 'Transfer-Encoding': 'chunked' };
    const large = paths.flatMap((path) =>
      sizes.flatMap((size) =>
        [{}, chunked].map((each) => ({ method: 'POST', path, body: 'x'.repeat(size), headers: each })),
      ),
    );
    const wrong = paths.flatMap((path) => [
      { method: 'POST', path: `${path}?x=%00`, body: '{}' },
      { method: 'GET', path },
    ]);
    const answers = await inBatches([...large, ...wrong], suite.send);
    expect(answers.map(({ status }) => status)).toEqual([
      ...large.map(() => 413),
      ...paths.flatMap(() => [400, 404]),
    ]);
    for (const { text } of answers)
      expect(JSON.parse(text)).toEqual({ code: 'FAIL', message: expect.stringMatching(/./) });
    const { callback_inbox: _inbox, ...after } = await digestTables(suite.app);
    expect(before).toMatchObject(after);
  });
});
