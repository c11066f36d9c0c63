import { startApp, type TestApp } from '../support/app';
import {
  atWechat,
  during,
  listen,
  paymentRow,
  PREPAY_PATH,
  row,
  rows,
  transactionPath,
} from '../support/factories/money';
import { payingSteps } from '../support/factories/paying-steps';
import {
  type Buyer,
  createBuyer,
  createStaff,
  payAtWechat,
  placeOrder,
  placePaidOrder,
  readOrder,
  startPaying,
  stockProduct,
} from '../support/factories/orders';
import { endSound } from '../support/sound';

let app: TestApp;
let buyer: Buyer;
let staff: Awaited<ReturnType<typeof createStaff>>;
beforeAll(async () => {
  app = await startApp();
  buyer = await createBuyer(app);
  staff = await createStaff(app);
});
// One test takes an order's deadline away.
afterAll(() => endSound(app, ['promise.deadline']));

const stocked = (onHand = 1, more: Record<string, unknown> = {}) => stockProduct(app, staff, onHand, more);
const prepays = () =>
  app.sandbox.control.requests().filter(({ path, method }) => method === 'POST' && path === PREPAY_PATH);
const { pay, paymentsOf, later } = payingSteps(() => ({ app, buyer }));

describe('a prepay whose outcome is unknown', () => {
  it.each([
    ['a lost answer', { kind: 'lose-answer' }],
    ['429', { kind: 'business', status: 429, code: 'FREQUENCY_LIMITED', processFirst: true }],
    ['500', { kind: 'business', status: 500, code: 'SYSTEM_ERROR' }],
    ['an answer nobody signed', { kind: 'unsigned' }],
  ] as const)(
    'because of %s is asked again with the same number and the same bytes',
    async (_name, fault) => {
      const order = await placeOrder(app, buyer, await stocked());
      const before = prepays().length;
      const first = await during(app, { host: 'pay', path: PREPAY_PATH, ...fault }, () => pay(order));
      expect([first.status, first.body.error.details.code]).toEqual([503, 'UPSTREAM_UNAVAILABLE']);
      const second = await pay(order);
      expect(second.status).toBe(200);
      const [one, two] = prepays().slice(before);
      expect(two?.body).toBe(one?.body);
      expect(await paymentsOf(order)).toHaveLength(1);
      await payAtWechat(app, buyer, second.body.payParams);
      expect(await readOrder(app, buyer, order.documentId)).toMatchObject({ status: 'paid' });
    },
  );

  it('carries the deadline of its order', async () => {
    const order = await placeOrder(app, buyer, await stocked());
    const { data } = await startPaying(app, buyer, { order: order.documentId });
    const seconds = (time: unknown) => Math.floor(Date.parse(String(time)) / 1000);
    expect(seconds(atWechat(app, data.paymentNumber)?.expiresAt)).toBe(seconds(order.expiresAt));
  });

  it('tells the shopper nothing of what was sent, nor who pays', async () => {
    const order = await placeOrder(app, buyer, await stocked());
    const started = await pay(order);
    const read = await app.api('get', `/payments/${started.body.data.documentId}`, buyer.token);
    for (const { data } of [started.body, read.body]) {
      expect(Object.keys(data).sort()).toEqual(
        [
          'amount',
          'checkoutNumber',
          'createdAt',
          'documentId',
          'expiresAt',
          'method',
          'orders',
          'paidAt',
          'paymentNumber',
          'status',
        ].sort(),
      );
      expect(JSON.stringify(data)).not.toContain(buyer.openid);
    }
    const other = await createBuyer(app);
    expect((await app.api('get', `/payments/${started.body.data.documentId}`, other.token)).status).toBe(404);
  });
});

describe('a prepay that WeChat refuses', () => {
  it.each([
    [401, 'SIGN_ERROR'],
    [403, 'NO_AUTH'],
    [403, 'RULE_LIMIT'],
    [400, 'SOMETHING_NEW'],
  ])(
    'with %i %s stays open, the shopper is not sent to sign in again, and staff learn of it once',
    async (status, code) => {
      const order = await placeOrder(app, buyer, await stocked());
      const told = await listen(app);
      const fault = { host: 'pay', path: PREPAY_PATH, kind: 'business', status, code } as const;
      const refused = await during(app, fault, async () => {
        await pay(order);
        return pay(order);
      });
      expect([refused.status, refused.body.error.details.code]).toEqual([502, 'UPSTREAM_FAILED']);
      expect((await told.staff()).map(({ title }) => title)).toEqual([`微信支付拒绝了请求：${code}`]);
      expect((await pay(order)).status).toBe(200);
      expect(await paymentsOf(order)).toEqual([expect.objectContaining({ status: 'pending' })]);
    },
  );

  it('for good is closed at WeChat before it counts as failed', async () => {
    const order = await placeOrder(app, buyer, await stocked());
    const refused = await during(
      app,
      { host: 'pay', path: PREPAY_PATH, kind: 'business', code: 'PARAM_ERROR', processFirst: true },
      () => pay(order),
    );
    expect([refused.status, refused.body.error.details.code]).toEqual([502, 'UPSTREAM_FAILED']);
    const [failed] = await paymentsOf(order);
    expect(failed?.status).toBe('failed');
    expect(atWechat(app, String(failed?.payment_number))?.state).toBe('CLOSED');
    expect((await pay(order)).status).toBe(201);
  });
});

describe('starting to pay again what was really paid', () => {
  it('is refused, whether we know of the payment or not', async () => {
    const { order } = await placePaidOrder(app, buyer, await stocked());
    const known = await pay(order);
    expect([known.status, known.body.error.details.code]).toEqual([409, 'PAYMENT_CONFLICT']);
    expect(await paymentsOf(order)).toEqual([expect.objectContaining({ status: 'succeeded' })]);

    const unheard = await placeOrder(app, buyer, await stocked());
    const { data, payParams } = await startPaying(app, buyer, { order: unheard.documentId });
    await payAtWechat(app, buyer, payParams, 'hold');
    // The prepay id is too old to be given out again.
    await app.strapi.db
      .connection('payments')
      .where({ document_id: data.documentId })
      .update({ prepay_id: null });
    const refused = await pay(unheard);
    expect([refused.status, refused.body.error.message]).toEqual([409, '订单已付款']);
    expect(await readOrder(app, buyer, unheard.documentId)).toMatchObject({ status: 'paid' });
  });
});

describe('a payment nobody notified us of', () => {
  it('is found by the shopper who comes back', async () => {
    const order = await placeOrder(app, buyer, await stocked());
    const { data, payParams } = await startPaying(app, buyer, { order: order.documentId });
    const sync = () => app.api('post', `/payments/${data.documentId}/sync`, buyer.token).send({});
    expect((await sync()).body.data.status).toBe('pending');
    await payAtWechat(app, buyer, payParams, 'hold');
    expect((await sync()).body.data).toMatchObject({ status: 'succeeded', paidAt: expect.any(String) });
    expect(await readOrder(app, buyer, order.documentId)).toMatchObject({ status: 'paid' });
    const silent = { host: 'pay', path: transactionPath('P'), kind: 'business', status: 401 } as const;
    const other = await placeOrder(app, buyer, await stocked());
    const open = await startPaying(app, buyer, { order: other.documentId });
    const answer = await during(app, { ...silent, code: 'SIGN_ERROR' }, () =>
      app.api('post', `/payments/${open.data.documentId}/sync`, buyer.token).send({}),
    );
    expect([answer.status, answer.body.error.details.code]).toEqual([503, 'UPSTREAM_UNAVAILABLE']);
  });

  it('is found by the worker', async () => {
    const order = await placeOrder(app, buyer, await stocked());
    const { payParams } = await startPaying(app, buyer, { order: order.documentId });
    await payAtWechat(app, buyer, payParams, 'hold');
    await app.advance(11_000);
    await app.drain();
    expect(await readOrder(app, buyer, order.documentId)).toMatchObject({ status: 'paid' });
  });

  it('is closed past its time, even if the order’s own deadline is never worked', async () => {
    const order = await placeOrder(app, buyer, await stocked());
    const { data } = await startPaying(app, buyer, { order: order.documentId });
    const { id } = await row(app, 'orders', { document_id: order.documentId });
    for (const message of await rows(app, 'outbox_messages', { topic: 'order.expire' })) {
      if (JSON.stringify(message.payload).includes(`:${id}`))
        await app.strapi.db.connection('outbox_messages').where({ id: message.id }).delete();
    }
    await later(31);
    expect((await paymentRow(app, data.documentId)).status).toBe('closed');
    expect(atWechat(app, data.paymentNumber)?.state).toBe('CLOSED');
  });
});

describe('more orders than WeChat would let go back', () => {
  it('are not taken into one payment', async () => {
    const order = await placeOrder(app, buyer, await stocked(100));
    const { id, ...copy } = await row(app, 'orders', { document_id: order.documentId });
    expect(id).toBeGreaterThan(0);
    await app.strapi.db.connection('orders').insert(
      Array.from({ length: 40 }, (_, place) => ({
        ...copy,
        document_id: `copy${place}of${order.documentId}`.slice(0, 24),
        order_number: `${order.orderNumber}-${place}`,
        haier_so_id: null,
      })),
    );
    const answer = await app
      .api('post', '/payments', buyer.token)
      .send({ checkoutNumber: order.checkoutNumber, method: 'wechat' });
    expect([answer.status, answer.body.error.message]).toEqual([409, '一次最多支付 40 个订单，请逐单支付']);
    await app.strapi.db.connection('orders').where('order_number', 'like', `${order.orderNumber}-%`).delete();
  });
});
