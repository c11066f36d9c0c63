import { readdirSync } from 'node:fs';

import { compiled, type TestApp } from '../support/app';
import { ADDRESS_INPUT } from '../support/factories/accounts';
import { during, PREPAY_PATH, row } from '../support/factories/money';
import {
  type Buyer,
  createBuyer,
  createStaff,
  payAtWechat,
  placeOrder,
  startPaying,
  stockProduct,
} from '../support/factories/orders';
import { type Line, type LogWorld, startLogWorld } from '../support/log-world';

let world: LogWorld;
let app: TestApp;
let buyer: Buyer;
let staff: Awaited<ReturnType<typeof createStaff>>;

beforeAll(async () => {
  world = await startLogWorld();
  ({ app } = world);
  buyer = await createBuyer(app);
  staff = await createStaff(app);
});
afterAll(() => world?.stop());

const lines = (name: string): Promise<Line[]> => world.lines(name);
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
      ...readdirSync(world.folder).map((name) => [name, world.text(name)]),
      ['console', world.printed.join('')],
    ];
    expect(everything.map(([name]) => name)).toEqual(
      expect.arrayContaining(['app.log', 'error.log', 'api.log', 'payment-audit.log']),
    );
    expect(world.printed.join('')).toContain('the row was refused');
    for (const [name, content] of everything)
      for (const secret of secrets)
        expect([name, secret, content?.includes(secret)]).toEqual([name, secret, false]);
  });
});
