import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { compiled, startApp, type TestApp } from '../support/app';
import { DIST, PROJECT_ROOT } from '../support/boot';
import { ADDRESS_INPUT } from '../support/factories/accounts';
import { during, PREPAY_PATH, row, settleRefunds } from '../support/factories/money';
import {
  type Buyer,
  createBuyer,
  createStaff,
  payAtWechat,
  placeOrder,
  placePaidOrder,
  stockProduct,
  startPaying,
} from '../support/factories/orders';
import { panelUser } from '../support/factories/panel';
import { runNode } from '../support/hostile-process';

type Line = Record<string, unknown> & { message: string; level: string };

const folder = mkdtempSync(join(tmpdir(), 'shop-logs-'));
const printed: string[] = [];
let app: TestApp;
let buyer: Buyer;
let staff: Awaited<ReturnType<typeof createStaff>>;

beforeAll(async () => {
  const stdout = (console as unknown as { _stdout: NodeJS.WriteStream })._stdout;
  jest.spyOn(stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  app = await startApp({ LOG_LEVEL: 'debug', LOG_DIR: folder, LOG_FORMAT: 'json' });
  buyer = await createBuyer(app);
  staff = await createStaff(app);
});
afterAll(async () => {
  await app?.stop();
  compiled<typeof import('../../src/platform/logging')>('src/platform/logging').closeLogs();
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
async function lines(name: string): Promise<Line[]> {
  await compiled<typeof import('../../src/platform/logging')>('src/platform/logging').flushLogs();
  return text(name)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}
const of = async (name: string, requestId: string): Promise<Line[]> =>
  (await lines(name)).filter((line) => line.requestId === requestId);

describe('a line of the log', () => {
  it('names request, user and order, in api.log, at once and in the job that follows', async () => {
    const product = await stockProduct(app, staff, 3);
    const answer = await app
      .api('post', '/orders', buyer.token)
      .set('X-Request-Id', 'placing-1')
      .send({ data: { product, quantity: 1, address: buyer.address } });
    const { orderNumber, documentId } = answer.body.data as { orderNumber: string; documentId: string };
    const user = String((await row(app, 'orders', { document_id: documentId })).user_id);
    const [call, ...more] = await of('api.log', 'placing-1');
    expect(more).toEqual([]);
    expect(call).toMatchObject({
      method: 'POST',
      path: '/api/v1/orders',
      route: '/api/v1/orders',
      status: 201,
      user,
      order: orderNumber,
      process: expect.stringMatching(/^web@.+:\d+$/),
    });
    const { payParams } = await startPaying(app, buyer, { order: documentId });
    await payAtWechat(app, buyer, payParams);
    // The deadline's job belongs to the request that placed the order.
    const { runAttempt } = compiled<typeof import('../../src/platform/outbox/attempt')>(
      'src/platform/outbox/attempt',
    );
    const { id } = await row(app, 'orders', { document_id: documentId });
    const message = (await app.strapi.db.connection('outbox_messages').where({ topic: 'order.expire' })).find(
      ({ payload }: { payload: unknown }) =>
        (typeof payload === 'string' ? JSON.parse(payload) : payload).orderId === id,
    ) as { id: number; origin: unknown };
    const origin = typeof message.origin === 'string' ? JSON.parse(message.origin) : message.origin;
    expect(origin).toEqual({ requestId: 'placing-1' });
    await runAttempt(
      async () => void app.strapi.log.info('met the deadline'),
      { ...message, topic: 'order.expire', payload: {}, origin } as never,
      { abort: new AbortController(), limitMs: 1_000 },
    );
    const [met] = await of('app.log', 'placing-1').then((all) => all.filter(({ job }) => job !== undefined));
    expect(met).toMatchObject({ message: 'met the deadline', job: `order.expire#${message.id}` });
  });

  it('of a defect is written once, with everything, and the caller is told nothing', async () => {
    const cause = new Error('the cause of it');
    const defect = Object.assign(new TypeError('a defect with 13900000000', { cause }), { code: 'E_DEFECT' });
    const client = app.strapi.db.connection.client as { runner: () => unknown };
    const spy = jest.spyOn(client, 'runner').mockImplementation(() => {
      throw defect;
    });
    const answer = await app.api('get', '/categories/tree').set('X-Request-Id', 'broken-1');
    spy.mockRestore();
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).not.toContain('defect');
    for (const name of ['error.log', 'app.log']) {
      const errors = (await of(name, 'broken-1')).filter(({ level }) => level === 'error');
      expect(errors).toHaveLength(1);
      expect(errors[0]).toMatchObject({
        message: 'GET /api/v1/categories/tree failed',
        error: {
          name: 'TypeError',
          code: 'E_DEFECT',
          message: 'a defect with ***',
          stack: expect.stringContaining('at '),
          cause: { message: 'the cause of it' },
        },
      });
    }
  });

  it('goes to error.log when it is an error, and there alone of the files beside app.log', async () => {
    app.strapi.log.warn('only a warning');
    app.strapi.log.error('an error');
    const errors = (await lines('error.log')).map(({ message }) => message);
    expect(errors).toContain('an error');
    expect(errors).not.toContain('only a warning');
    expect((await lines('app.log')).map(({ message }) => message)).toEqual(
      expect.arrayContaining(['only a warning', 'an error']),
    );
  });

  it('keeps health out of api.log', async () => {
    await fetch(`${app.url}/healthz`);
    expect((await lines('api.log')).some(({ path }) => path === '/healthz')).toBe(false);
  });
});

describe('the payment audit of a shop', () => {
  const audit = async (payment: string): Promise<Line[]> =>
    (await lines('payment-audit.log')).filter((line) => line.payment === payment || line.about === payment);
  const events = (all: Line[]): unknown[] => all.map(({ event }) => event);

  it('has each change of a payment and its refund, with who and how much in fen', async () => {
    const product = await stockProduct(app, staff, 3, { price: 19.9 });
    const { order, payment } = await placePaidOrder(app, buyer, product);
    expect(events(await audit(payment.paymentNumber))).toEqual([
      'payment.created',
      'payment.succeeded',
      'notice.accepted',
    ]);
    const [, settled] = await audit(payment.paymentNumber);
    expect(settled).toMatchObject({
      amountFen: 1990,
      status: 'succeeded',
      order: order.orderNumber,
      requestId: expect.any(String),
    });
    const merchant = await panelUser(app, 'merchant');
    const asked = await app
      .api('post', `/orders/${order.documentId}/refund`, buyer.token)
      .send({ reason: '不想要了' });
    const { documentId, refundNumber } = asked.body.data as { documentId: string; refundNumber: string };
    await merchant.call('post', `/back-office/refunds/${documentId}/approve`).send({}).expect(200);
    await settleRefunds(app);
    const refund = (await lines('payment-audit.log')).filter((line) => line.refund === refundNumber);
    expect(events(refund)).toEqual([
      'refund.created',
      'refund.approved',
      'refund.submitting',
      'refund.processing',
      'refund.succeeded',
    ]);
    expect(refund.every(({ amountFen }) => amountFen === 1990)).toBe(true);
    expect(refund[1]).toMatchObject({ user: expect.stringMatching(/^admin:\d+$/) });
    expect(refund[2]).toMatchObject({ job: expect.stringMatching(/^refund\.submit#\d+$/) });
    const pressed = (await lines('payment-audit.log')).filter(
      ({ event }) => event === 'staff.approve-refund',
    );
    expect(pressed).toEqual([
      expect.objectContaining({ subject: documentId, by: expect.stringMatching(/^admin:/) }),
    ]);
  });

  it('has nothing of what was rolled back', async () => {
    const { inTransaction } = compiled<typeof import('../../src/platform/database')>('src/platform/database');
    const store = compiled<typeof import('../../src/api/payment/payment-store')>(
      'src/api/payment/payment-store',
    );
    const before = (await lines('payment-audit.log')).length;
    await expect(
      inTransaction(async (tx) => {
        const payment = await store.lockPayment(tx, 1);
        await store.changePayment(tx, payment, {}, { event: 'never' });
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    expect(await lines('payment-audit.log')).toHaveLength(before);
  });

  it('has notifications that were refused', async () => {
    await app
      .api('post', '/payments/notify/wechat')
      .set('Content-Type', 'text/plain')
      .send('rubbish')
      .expect(401);
    expect((await lines('payment-audit.log')).at(-1)).toMatchObject({
      event: 'notice.refused',
      source: 'wechat_pay',
      reason: expect.any(String),
    });
  });

  it('is written by its one writer: no other code changes payments, refunds or their logs', () => {
    const services = join(PROJECT_ROOT, 'src/api/payment/services');
    for (const name of readdirSync(services)) {
      const code = readFileSync(join(services, name), 'utf8');
      expect([name, code.match(/logs: logged|UID, tx, \w+\.id, \{[^}]*status/g)]).toEqual([name, null]);
    }
  });

  const check = async (...args: string[]) => {
    const child = runNode(
      'import(process.argv[1]).then((m) => m.main(process.argv.slice(2)))',
      [join(PROJECT_ROOT, 'scripts/lib/audit-log-command.mjs'), ...args],
      { SHOP_DIST: DIST, LOG_DIR: folder },
    );
    return { code: await child.ended, output: child.output() };
  };
  const anchored = async (): Promise<number> => {
    const keys = 'shop_payment-audit_%';
    const [anchor] = await app.strapi.db.connection('strapi_core_store_settings').where('key', 'like', keys);
    return anchor === undefined ? 0 : (JSON.parse(anchor.value as string) as { lines: number }).lines;
  };

  it('is found whole by npm run audit:log, and a change, a gap and a missing end are found', async () => {
    const whole = text('payment-audit.log');
    const all = whole.split('\n').filter(Boolean);
    for (let turn = 0; turn < 100 && (await anchored()) < all.length; turn += 1)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await check()).toEqual({ code: 0, output: expect.stringMatching(/审计日志完好.*1 个锚点/) });
    const spoil = async (lines: string[]) => {
      writeFileSync(join(folder, 'payment-audit.log'), `${lines.join('\n')}\n`);
      return check();
    };
    const paid = all.findIndex((line) => line.includes('"event":"payment.succeeded"'));
    const changed = all.map((line, at) =>
      at === paid ? line.replace(/"amountFen":\d+/, '"amountFen":1') : line,
    );
    expect(await spoil(changed)).toEqual({
      code: 1,
      output: expect.stringContaining(`第 ${paid + 1} 行被改动`),
    });
    expect(await spoil(all.filter((_, at) => at !== 2))).toMatchObject({
      code: 1,
      output: expect.stringMatching(/缺少第 3–3 行/),
    });
    expect(await spoil(all.slice(0, -2))).toMatchObject({
      code: 1,
      output: expect.stringMatching(/末尾缺少第/),
    });
    writeFileSync(join(folder, 'payment-audit.log'), whole);
    expect(await check(join(folder, 'nowhere'))).toMatchObject({ code: 2 });
    expect(await check('--everything')).toMatchObject({ code: 2 });
  });
});

describe('what nobody may read in a log', () => {
  it('stands in no file and was not printed, whatever went wrong', async () => {
    const secrets: string[] = [buyer.token, staff.token, buyer.openid];
    const address = {
      ...ADDRESS_INPUT,
      contactName: '欧阳某某',
      phone: '13711112222',
      detail: '某某花园路 77 号 1 单元 1601',
    };
    secrets.push(address.contactName, address.phone, address.detail);
    const login = await app.api('post', '/users/login').send(app.sandbox.control.mintLoginCode());
    secrets.push(login.body.access as string, login.body.refresh as string);
    await app
      .api('post', '/users/login')
      .send({ identifier: 'nobody@example.com', password: 'wrong-Password-9' });
    secrets.push('nobody@example.com', 'wrong-Password-9');
    const created = await app.api('post', '/addresses', buyer.token).send({ data: address });
    expect(created.status).toBe(201);
    await app.api(
      'get',
      `/products?search=${encodeURIComponent(address.contactName)}&phone=${address.phone}`,
    );
    await app.api('get', `/nowhere/${address.phone}`);
    const product = await stockProduct(app, staff, 3);
    const order = await placeOrder(app, { ...buyer, address: created.body.data.documentId }, product);
    await during(app, { path: PREPAY_PATH, method: 'POST', kind: 'error', status: 500 } as never, () =>
      app.api('post', '/payments', buyer.token).send({ order: order.documentId, method: 'wechat' }),
    );
    await app.drain();
    // The database refuses a row, and says so with all it holds.
    const orders = app.strapi.db.connection('orders');
    const copy = await row(app, 'orders', { document_id: order.documentId });
    const refused = await orders.insert(copy).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect((refused as Error).message).toContain('insert into');
    for (const value of [address.contactName, address.phone])
      expect((refused as Error).message).not.toContain(value);
    app.strapi.log.error('the row was refused', refused);
    app.strapi.log.error('the row was refused', { error: refused, row: copy });
    app.strapi.log.info(`called with ${JSON.stringify(address)} and Bearer ${buyer.token}`);
    for (const name of [
      'APP_KEYS',
      'JWT_SECRET',
      'ADMIN_JWT_SECRET',
      'ENCRYPTION_KEY',
      'WECHAT_PAY_API_V3_KEY',
      'WECHAT_APP_SECRET',
    ])
      secrets.push(process.env[name] as string);
    app.strapi.log.warn('the settings are', { settings: process.env });
    await lines('app.log');
    const everything = [
      ...readdirSync(folder).map((name) => [name, text(name)]),
      ['console', printed.join('')],
    ];
    expect(everything.map(([name]) => name)).toEqual(
      expect.arrayContaining(['app.log', 'error.log', 'api.log', 'payment-audit.log']),
    );
    expect(printed.join('')).toContain('the row was refused');
    for (const [name, content] of everything)
      for (const secret of secrets)
        expect([name, secret, content?.includes(secret)]).toEqual([name, secret, false]);
  });
});
