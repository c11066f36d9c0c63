import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { startApp, type TestApp } from '../support/app';
import { outside, PROJECT_ROOT } from '../support/boot';
import {
  type Buyer,
  createBuyer,
  createStaff,
  placeOrder,
  placePaidOrder,
  stockProduct,
} from '../support/factories/orders';
import { namesIn } from '../support/promql';

/** What the disk says, once a test has its own words for it. */
const disk = outside<typeof import('node:fs/promises')>('node:fs/promises');
const { statfs } = disk;
afterAll(() => void (disk.statfs = statfs));

let app: TestApp;
let buyer: Buyer;
let staff: Awaited<ReturnType<typeof createStaff>>;

beforeAll(async () => {
  app = await startApp({ RATE_LIMIT_LOGIN: '2' });
  buyer = await createBuyer(app);
  staff = await createStaff(app);
});
afterAll(() => app?.stop());
afterEach(() => jest.restoreAllMocks());

const scrape = async (headers: Record<string, string> = {}): Promise<string> => {
  const answer = await fetch(`${app.url}/metrics`, { headers });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    expect.stringContaining('text/plain; version=0.0.4'),
  ]);
  return answer.text();
};

/** The value of the sample that has these labels; undefined when there is none. */
function valueOf(text: string, name: string, labels: Record<string, string> = {}): number | undefined {
  for (const line of text.split('\n')) {
    const match = /^(\w+)(?:\{(.*)\})? ([^ ]+)$/i.exec(line);
    if (match?.[1] !== name) continue;
    const has = new Map(
      [...(match[2] ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]),
    );
    if (Object.entries(labels).every(([key, value]) => has.get(key) === value)) return Number(match[3]);
  }
  return undefined;
}

describe('who may see the metrics', () => {
  const status = async (url: string, headers: Record<string, string> = {}): Promise<number> =>
    (await fetch(`${url}/metrics`, { headers })).status;

  it('is this machine alone where there is no token, and nobody behind a proxy on it', async () => {
    expect(await status(app.url)).toBe(200);
    for (const headers of [
      { 'X-Forwarded-For': '127.0.0.1' },
      { 'X-Forwarded-For': '' },
      { Forwarded: 'for=127.0.0.1' },
    ])
      expect(await status(app.url, headers as never)).toBe(404);
    const { maySeeMetrics } = await import('../../src/platform/metrics/scrape');
    const from = (remoteAddress: string, headers = {}) => ({ socket: { remoteAddress }, headers }) as never;
    for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])
      expect([address, maySeeMetrics(from(address), undefined)]).toEqual([address, true]);
    for (const address of ['10.0.0.1', '::ffff:10.0.0.1', 'fe80::1', '']) {
      expect([address, maySeeMetrics(from(address), undefined)]).toEqual([address, false]);
      expect(maySeeMetrics(from(address, { 'x-forwarded-for': '127.0.0.1' }), undefined)).toBe(false);
    }
  });

  it('is who has the token where there is one, from wherever', async () => {
    const { maySeeMetrics } = await import('../../src/platform/metrics/scrape');
    const with_ = (authorization?: string) =>
      maySeeMetrics(
        { socket: { remoteAddress: '127.0.0.1' }, headers: { authorization } } as never,
        'the-token',
      );
    expect([with_('Bearer the-token'), with_('bearer the-token')]).toEqual([true, true]);
    for (const wrong of [undefined, '', 'the-token', 'Basic the-token', 'Bearer the-token2', 'Bearer '])
      expect([wrong, with_(wrong)]).toEqual([wrong, false]);
  });

  it('does not depend on the method, the slash or the query', async () => {
    for (const path of ['/metrics/', '/metrics?x=1', '/healthz/', '/readyz/'])
      expect([path, (await fetch(`${app.url}${path}`)).status]).toEqual([path, 200]);
    for (const path of ['/metrics', '/healthz', '/readyz/']) {
      const answer = await fetch(`${app.url}${path}`, {
        method: 'POST',
        headers: { 'X-Request-Id': 'wrong-method' },
      });
      expect([answer.status, answer.headers.get('allow'), await answer.json()]).toEqual([
        405,
        'GET, HEAD',
        {
          data: null,
          error: expect.objectContaining({
            status: 405,
            details: { code: 'NOT_FOUND', requestId: 'wrong-method' },
          }),
        },
      ]);
    }
    expect((await fetch(`${app.url}/healthz`, { method: 'HEAD' })).status).toBe(200);
  });
});

describe('the metrics', () => {
  it('count requests by the pattern of their route, never by what was sent', async () => {
    const order = await placeOrder(app, buyer, await stockProduct(app, staff, 1));
    await app.api('get', `/orders/${order.documentId}`, buyer.token).expect(200);
    await app.api('get', '/nowhere/at-all/13900000000');
    await fetch(`${app.url}/random-${Date.now()}.php`);
    await fetch(`${app.url}/api/v1/products`, { method: 'PROPFIND' });
    const text = await scrape();
    const labels = { method: 'GET', route: '/api/v1/orders/:id', status: '200' };
    expect(valueOf(text, 'shop_http_request_duration_seconds_count', labels)).toBe(1);
    for (const sent of [order.documentId, 'at-all', '.php', 'PROPFIND']) expect(text).not.toContain(sent);
    const routes = new Set([...text.matchAll(/route="([^"]*)"/g)].map(([, route]) => route));
    // The pattern of Strapi's own route for files begins with a bracket.
    const isPattern = (route = ''): boolean => route === 'none' || /^[/(]/.test(route);
    expect([...routes].filter((route) => !isPattern(route))).toEqual([]);
  });

  it('tell orders, money and the success of payments as they are', async () => {
    const before = await scrape();
    const product = await stockProduct(app, staff, 3, { price: 25 });
    const { order } = await placePaidOrder(app, buyer, product);
    await app
      .api('post', `/orders/${order.documentId}/refund`, buyer.token)
      .send({ reason: '不想要了' })
      .expect(202);
    const { refreshReadings } = readings();
    ageReadings();
    await refreshReadings();
    const text = await scrape();
    const rows = await app.strapi.db
      .connection('orders')
      .select('status')
      .count({ total: '*' })
      .groupBy('status');
    for (const { status, total } of rows as { status: string; total: number }[])
      expect([status, valueOf(text, 'shop_orders', { status })]).toEqual([status, Number(total)]);
    expect(valueOf(text, 'shop_money_waiting_fen', { kind: 'refund', status: 'requested' })).toBe(2500);
    expect(valueOf(text, 'shop_money_waiting', { kind: 'refund', status: 'requested' })).toBe(1);
    for (const event of ['created', 'succeeded']) {
      const labels = { kind: 'payment', event };
      const was = valueOf(before, 'shop_money_events_total', labels) ?? 0;
      expect(valueOf(text, 'shop_money_events_total', labels)).toBe(was + 1);
    }
    expect(valueOf(text, 'shop_outbox_messages', { status: 'pending' })).toBeGreaterThan(0);
    expect(
      valueOf(text, 'shop_outside_call_duration_seconds_count', { outcome: 'answered' }),
    ).toBeGreaterThan(0);
  });

  it('count refusals, stock among them, and limits that were hit', async () => {
    const product = await stockProduct(app, staff, 1);
    const data = { product, quantity: 2, address: buyer.address };
    await app.api('post', '/orders', buyer.token).send({ data }).expect(409);
    for (let turn = 0; turn < 4; turn += 1)
      await app.api('post', '/users/login').send({ identifier: 'night-visitor', password: 'something' });
    const text = await scrape();
    expect(valueOf(text, 'shop_refusals_total', { code: 'OUT_OF_STOCK' })).toBe(1);
    expect(valueOf(text, 'shop_rate_limited_total', { limit: 'login-address' })).toBeGreaterThan(0);
    expect(text).not.toContain('night-visitor');
  });

  it('show event loop, memory and pool of this process', async () => {
    const text = await scrape();
    for (const name of ['nodejs_eventloop_lag_p99_seconds', 'process_resident_memory_bytes'])
      expect(valueOf(text, name)).toBeGreaterThan(0);
    expect(valueOf(text, 'shop_db_pool_connections', { state: 'used' })).toBeGreaterThanOrEqual(0);
  });

  it('are there within two seconds while the database answers nobody, and say so', async () => {
    ageReadings();
    const client = app.strapi.db.connection.client as { acquireConnection: () => Promise<unknown> };
    // Whoever else asks meanwhile waits too, and no longer than this test: the pool gives up in the end.
    const waiting: (() => void)[] = [];
    const held = jest
      .spyOn(client, 'acquireConnection')
      .mockImplementation(
        () => new Promise((_resolve, reject) => waiting.push(() => reject(new Error('nobody answered')))),
      );
    const start = performance.now();
    const text = await scrape();
    expect(held).toHaveBeenCalled();
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(valueOf(text, 'process_resident_memory_bytes')).toBeGreaterThan(0);
    for (const giveUp of waiting) giveUp();
  });
});

function readings(): typeof import('../../src/platform/metrics/readings') {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the one the running shop uses
  return require(
    join(process.env.SHOP_DIST ?? join(PROJECT_ROOT, 'dist'), 'src/platform/metrics/readings'),
  ) as never;
}

let ahead = 0;
/** Lets all that was read be due again: readings go by the machine's steady clock. */
function ageReadings(): void {
  const now = performance.now.bind(performance);
  ahead += 16 * 60_000;
  jest.spyOn(performance, 'now').mockImplementation(() => now() + ahead);
}

describe('the dashboard and the alerts', () => {
  const read = (file: string): string => readFileSync(join(PROJECT_ROOT, 'deploy', file), 'utf8');
  interface Dashboard {
    panels: { title: string; targets?: { expr: string }[] }[];
  }
  const panels = () => (JSON.parse(read('grafana/shop.json')) as Dashboard).panels;
  const alertBlocks = () =>
    read('prometheus/shop-alerts.yml')
      .split(/^ {6}- alert: /m)
      .slice(1);

  it('name only metrics that a scrape has', async () => {
    const known = new Set<string>(['up']);
    for (const [, name, type] of (await scrape()).matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
      known.add(name as string);
      if (type === 'histogram') for (const end of ['bucket', 'count', 'sum']) known.add(`${name}_${end}`);
    }
    const expressions = [
      ...panels().flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
      ...alertBlocks().map(
        (block) => /expr:([^]*?)\n {8}(?:for|labels):/.exec(block)?.[1]?.replace('>-', '') ?? '',
      ),
    ];
    const named = new Set(expressions.flatMap(namesIn));
    expect(expressions.length).toBeGreaterThan(50);
    expect(named.size).toBeGreaterThan(20);
    expect([...named].filter((name) => !known.has(name))).toEqual([]);
  });

  it('leave no metric of the shop without a picture', async () => {
    const shown = panels()
      .flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
      .join(' ');
    const ours = [...(await scrape()).matchAll(/^# TYPE (shop_\w+)/gm)].map(([, name]) => name as string);
    const unseen = ours.filter((name) => !shown.includes(name));
    expect(unseen).toEqual(['shop_metrics_reading_failures_total', 'shop_haier_call_seconds_total']);
  });

  it('are explained: every alert has its place in the operator’s manual', () => {
    const manual = readFileSync(join(PROJECT_ROOT, 'docs/operations.md'), 'utf8');
    const alerts = alertBlocks().map((block) => /^\w+/.exec(block)?.[0] ?? '');
    expect(alerts.length).toBeGreaterThan(15);
    expect(alerts.filter((name) => !manual.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('readiness', () => {
  const ready = async () => {
    const answer = await fetch(`${app.url}/readyz`);
    return {
      status: answer.status,
      body: (await answer.json()) as { failing: string[]; checks: Record<string, { ok: boolean }> },
    };
  };

  it('asks database, outbox and disk, and says which one fails', async () => {
    const well = await ready();
    expect([well.status, well.body.failing]).toEqual([200, []]);
    expect(Object.keys(well.body.checks).sort()).toEqual(
      expect.arrayContaining(['database', 'disk', 'outbox']),
    );
    const client = app.strapi.db.connection.client as { acquireConnection: () => Promise<unknown> };
    jest.spyOn(client, 'acquireConnection').mockRejectedValue(new Error('at db.internal'));
    const ill = await ready();
    expect([ill.status, ill.body.failing]).toEqual([503, ['database', 'outbox']]);
    expect(JSON.stringify(ill.body)).not.toContain('internal');
  });

  it('says so when the disk is full, and when it is almost', async () => {
    const megabytes = async (free: number) => {
      disk.statfs = (() => Promise.resolve({ bavail: free * 1024, bsize: 1024 })) as never;
      const { status, body } = await ready();
      return [status, body.failing, (body.checks.disk as { message?: string }).message];
    };
    expect(await megabytes(63)).toEqual([503, ['disk'], 'the disk is full']);
    expect(await megabytes(64)).toEqual([200, [], 'the disk is almost full']);
    expect(await megabytes(1_024)).toEqual([200, [], undefined]);
  });
});
