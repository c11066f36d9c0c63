/** Who is let in at all: by host, by scheme, by pace; before and behind the answers that memory gives. */
import { connect } from 'node:net';
import { request } from 'node:http';

import { startApp, type TestApp } from '../support/app';
import { makeProduct } from '../support/factories/catalogue';

let app: TestApp;
let product: string;

beforeAll(async () => {
  app = await startApp({
    PUBLIC_URL: 'https://shop.example.com',
    ALLOWED_HOSTS: 'shop.example.com,api.example.com:8443',
    TRUST_PROXY: '127.0.0.1',
    CORS_ORIGINS: 'https://pages.example.com',
    REQUEST_HEADERS_TIMEOUT_SECONDS: '1',
    REQUEST_TIMEOUT_SECONDS: '2',
  });
  product = (await makeProduct(app)).documentId;
});
afterAll(() => app.stop());

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}

/** `from` is the address the request comes from: 127.0.0.1 is the proxy, 127.0.0.2 a stranger. */
const ask = (
  path: string,
  headers: Record<string, string>,
  { from = '127.0.0.1', method = 'GET' } = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const options = { method, headers, localAddress: from, agent: false };
    const outgoing = request(new URL(path, app.url), options, (answer) => {
      let body = '';
      answer.on('data', (piece: Buffer) => (body += piece.toString('utf8')));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });

const ours = (more: Record<string, string> = {}) => ({ Host: 'shop.example.com', ...more });
const products = () => `/api/v1/products/${product}`;

describe('the host', () => {
  it.each(['shop.example.com', 'SHOP.example.com:443', 'api.example.com:8443'])('%s is ours', async (Host) =>
    expect((await ask(products(), { Host })).status).toBe(200),
  );

  it.each(['evil.example.com', 'api.example.com', 'shop.example.com.evil.test', '127.0.0.1'])(
    '%s is refused in the shape of every refusal, also where memory has the answer',
    async (Host) => {
      for (let turn = 0; turn < 2; turn += 1) await ask(products(), ours());
      const answer = await ask(products(), { Host, 'Accept-Language': 'en' });
      expect(answer.status).toBe(400);
      expect(JSON.parse(answer.body)).toMatchObject({
        data: null,
        error: {
          status: 400,
          message: 'This host is not an address of the shop',
          details: { code: 'VALIDATION_FAILED', errors: [{ path: ['Host'] }] },
        },
      });
      expect(answer.headers['x-request-id']).toEqual(expect.any(String));
    },
  );

  it('is no matter to probes, which ask the process by its address', async () => {
    expect((await ask('/healthz', { Host: '10.1.2.3:1337', 'X-Forwarded-Proto': 'http' })).status).toBe(200);
    expect((await ask('/readyz', { Host: '10.1.2.3:1337' })).status).toBe(200);
  });
});

describe('a shop that is https', () => {
  const overHttp = ours({ 'X-Forwarded-Proto': 'http' });
  const overHttps = ours({ 'X-Forwarded-Proto': 'https' });

  it('sends whoever came by http to its own address, method and all', async () => {
    for (const method of ['GET', 'POST']) {
      const answer = await ask('/api/v1/products?q=%E5%86%B0', overHttp, { method });
      expect([answer.status, answer.headers.location]).toEqual([
        308,
        'https://shop.example.com/api/v1/products?q=%E5%86%B0',
      ]);
      expect(answer.headers).not.toHaveProperty('strict-transport-security');
    }
  });

  it('believes only its proxy, also where memory has the answer', async () => {
    for (let turn = 0; turn < 2; turn += 1) {
      const stranger = await ask(products(), overHttp, { from: '127.0.0.2' });
      expect([stranger.status, stranger.headers['strict-transport-security']]).toEqual([200, undefined]);
      const liar = await ask(products(), overHttps, { from: '127.0.0.2' });
      expect([liar.status, liar.headers['strict-transport-security']]).toEqual([200, undefined]);
      expect((await ask(products(), overHttp)).status).toBe(308);
      const secure = await ask(products(), overHttps);
      expect([secure.status, secure.headers['strict-transport-security']]).toEqual([200, 'max-age=31536000']);
    }
  });

  it('sets the headers that keep a browser from guessing, framing and telling', async () => {
    for (let turn = 0; turn < 2; turn += 1) {
      const { headers } = await ask(products(), overHttps);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'SAMEORIGIN',
        'referrer-policy': 'no-referrer',
      });
      expect(headers['content-security-policy']).toContain("default-src 'self'");
      expect(headers).not.toHaveProperty('x-powered-by');
    }
  });

  it('lets pages of named origins read, and no others', async () => {
    const allowed = await ask(products(), { ...overHttps, Origin: 'https://pages.example.com' });
    expect(allowed.headers['access-control-allow-origin']).toBe('https://pages.example.com');
    const other = await ask(products(), { ...overHttps, Origin: 'https://evil.example.com' });
    expect(other.headers['access-control-allow-origin'] ?? '').not.toMatch(/evil|\*/);
  });
});

describe('a caller that takes its time', () => {
  /** Sends `first`, then a byte now and then; resolves with what came back when the connection was closed. */
  const dawdle = (first: string): Promise<{ text: string; ms: number }> =>
    new Promise((resolve) => {
      const begun = Date.now();
      let text = '';
      const socket = connect(Number(new URL(app.url).port), '127.0.0.1', () => socket.write(first));
      const timer = setInterval(() => socket.write('a'), 100);
      socket.on('data', (piece: Buffer) => (text += piece.toString('latin1')));
      socket.on('error', () => undefined);
      socket.on('close', () => {
        clearInterval(timer);
        resolve({ text, ms: Date.now() - begun });
      });
    });

  it.each([
    ['headers', 'GET /api/v1/products HTTP/1.1\r\nHost: shop.example.com\r\nX-Slow: '],
    [
      'a body',
      'POST /api/v1/orders HTTP/1.1\r\nHost: shop.example.com\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"a": "',
    ],
  ])('over %s is cut off', async (_what, first) => {
    const { text, ms } = await dawdle(first);
    expect(text).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(ms).toBeLessThan(10_000);
  });
});
