/** PostgreSQL only: one trace over two processes, as a collector gets it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';

import { startApp, type TestApp } from '../support/app';
import { DIST } from '../support/boot';
import { ADDRESS_INPUT } from '../support/factories/accounts';
import { type Buyer, createBuyer, createStaff, stockProduct } from '../support/factories/orders';
import { runNode } from '../support/hostile-process';
import { pause } from '../support/seeds';
import { type RoleProcess, startRole } from '../support/shop-process';

interface Span {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  role: string;
  attributes: Record<string, string>;
  links: string[];
}

const spans: Span[] = [];
const bodies: string[] = [];
const logs = mkdtempSync(join(tmpdir(), 'shop-traces-'));
const running: RoleProcess[] = [];
let collector: Server;
let app: TestApp;
let buyer: Buyer;
let product: string;
let web: RoleProcess;

type Attributes = { key: string; value: Record<string, unknown> }[];
const plain = (attributes: Attributes = []): Record<string, string> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, String(Object.values(value)[0])]));

function take(body: string): void {
  bodies.push(body);
  const { resourceSpans } = JSON.parse(body) as {
    resourceSpans: {
      resource: { attributes: Attributes };
      scopeSpans: {
        spans: (Omit<Span, 'attributes' | 'links'> & { attributes: Attributes; links?: Span[] })[];
      }[];
    }[];
  };
  for (const { resource, scopeSpans } of resourceSpans)
    for (const span of scopeSpans.flatMap((scope) => scope.spans))
      spans.push({
        ...span,
        role: plain(resource.attributes)['shop.role'] ?? '',
        attributes: plain(span.attributes),
        links: (span.links ?? []).map(({ traceId }) => traceId),
      });
}

beforeAll(async () => {
  collector = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      if (request.url === '/v1/traces') take(Buffer.concat(pieces).toString('utf8'));
      response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  app = await startApp();
  buyer = await createBuyer(app);
  product = await stockProduct(app, await createStaff(app), 5);
  const variables = {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
    OTEL_BSP_SCHEDULE_DELAY: '100',
    REDIS_URL: process.env.TEST_REDIS_URL ?? '',
    RATE_LIMIT_USER: '1000',
    LOG_DIR: logs,
    LOG_FORMAT: 'json',
  };
  for (const role of ['web', 'worker'] as const) running.push(await startRole(role, variables));
  web = running[0] as RoleProcess;
}, 180_000);
afterAll(async () => {
  await Promise.all(running.map((child) => child.kill()));
  await new Promise((resolve) => collector?.close(resolve));
  await app?.stop();
  rmSync(logs, { recursive: true, force: true });
});

async function until(find: () => Span | undefined): Promise<Span> {
  for (let turn = 0; turn < 300; turn += 1) {
    const span = find();
    if (span !== undefined) return span;
    await pause(100);
  }
  throw new Error(`no such span among ${spans.map(({ role, name }) => `${role} ${name}`).join(', ')}`);
}

const newTrace = () => ({ traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex') });
const send = (path: string, body: object, trace: { traceId: string; spanId: string }, more = {}) =>
  fetch(`${web.url}/api/v1${path}`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${buyer.token}`,
      traceparent: `00-${trace.traceId}-${trace.spanId}-01`,
      ...more,
    },
    body: JSON.stringify(body),
  });
const order = () => ({ data: { product, quantity: 1, address: buyer.address } });
const of = ({ traceId }: { traceId: string }): Span[] => spans.filter((span) => span.traceId === traceId);

describe('a trace', () => {
  it('goes from the request over its SQL, Redis and the outbox to the worker in another process', async () => {
    const trace = newTrace();
    const answer = await send('/orders', order(), trace, { Prefer: 'respond-async' });
    expect(answer.status).toBe(202);
    const hop = await until(() => of(trace).find(({ name }) => name === 'outbox order.place'));
    const request = await until(() => of(trace).find(({ name }) => name === 'POST /api/v1/orders'));
    await until(() => of(trace).find(({ parentSpanId }) => parentSpanId === hop.spanId));
    expect([request.role, request.parentSpanId, hop.role]).toEqual(['web', trace.spanId, 'worker']);
    expect(hop.attributes).toMatchObject({ 'messaging.destination.name': 'order.place' });
    const web = of(trace).filter(({ role }) => role === 'web');
    expect(web.some(({ spanId }) => spanId === hop.parentSpanId)).toBe(true);
    const systems = new Set(
      web.map(({ attributes }) => attributes['db.system.name'] ?? attributes['db.system']),
    );
    expect([...systems]).toEqual(expect.arrayContaining(['postgresql', 'redis']));
    expect(request.attributes).toMatchObject({
      'http.route': '/api/v1/orders',
      'shop.user': expect.any(String),
    });
  });

  it('has calls of other services, and what was done for several callers is linked to each', async () => {
    const trace = newTrace();
    const { data } = (await (await send('/orders', order(), trace)).json()) as {
      data: { documentId: string };
    };
    await until(() =>
      spans.find(({ name, links }) => name === 'batch placement' && links.includes(trace.traceId)),
    );
    const paying = newTrace();
    expect((await send('/payments', { order: data.documentId, method: 'wechat' }, paying)).status).toBe(201);
    const call = await until(() =>
      of(paying).find(({ attributes }) =>
        (attributes['url.full'] ?? '').includes('/v3/pay/transactions/jsapi'),
      ),
    );
    expect(call.role).toBe('web');
  });

  it('holds no values, queries or tokens, and its id stands in the lines of the log', async () => {
    const trace = newTrace();
    await send(`/orders/preview?phone=${ADDRESS_INPUT.phone}`, order(), trace);
    await until(() => of(trace).find(({ name }) => name.startsWith('POST ')));
    await pause(300);
    const sent = bodies.join('\n');
    expect(sent).toContain('select');
    for (const hidden of [
      ADDRESS_INPUT.phone,
      ADDRESS_INPUT.contactName,
      ADDRESS_INPUT.detail,
      buyer.token,
      buyer.openid,
    ])
      expect([hidden, sent.includes(hidden)]).toEqual([hidden, false]);
    const lines = readFileSync(join(logs, 'api.log'), 'utf8').split('\n').filter(Boolean);
    expect(lines.map((line) => (JSON.parse(line) as { trace?: string }).trace)).toContain(trace.traceId);
  });

  it('is not made, and nothing for it loaded, without an address to send it to', async () => {
    const source = `
      const { default: config } = require(process.argv[1] + '/config/tracing');
      const loaded = Object.keys(require.cache).filter((file) => /sdk-trace|instrumentation|exporter/.test(file) && file.includes('opentelemetry'));
      process.send({ ...config(), loaded: loaded.length });`;
    const child = runNode(source, [DIST], { OTEL_EXPORTER_OTLP_ENDPOINT: '' });
    expect(await child.message()).toEqual({ enabled: false, loaded: 0 });
    await child.stop();
  });
});
