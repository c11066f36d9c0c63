import { startApp, type TestApp } from '../support/app';
import {
  type Buyer,
  createBuyer,
  createStaff,
  payAtWechat,
  placeOrder,
  readOrder,
  readStock,
  startPaying,
  stockProduct,
  sumLedger,
} from '../support/factories/orders';

let app: TestApp;
let buyer: Buyer;
let staff: Awaited<ReturnType<typeof createStaff>>;

beforeAll(async () => {
  app = await startApp();
  buyer = await createBuyer(app);
  staff = await createStaff(app);
});
afterAll(() => app.stop());

const stocked = (onHand: number, more: Record<string, unknown> = {}) =>
  stockProduct(app, staff, onHand, more);

describe('an order that is not paid', () => {
  it('can be cancelled by its shopper, which gives the stock back once', async () => {
    const product = await stocked(2);
    const order = await placeOrder(app, buyer, product, 2);
    const { data: payment } = await startPaying(app, buyer, { order: order.documentId });
    const cancel = () =>
      app.api('post', `/orders/${order.documentId}/cancel`, buyer.token).send({ reason: '不想要了' });
    expect((await cancel()).body.data).toMatchObject({ status: 'cancelled', cancelReason: '不想要了' });
    const again = await cancel();
    expect([again.status, again.body.error.details]).toEqual([
      409,
      expect.objectContaining({ code: 'ORDER_STATE_CONFLICT', status: 'cancelled', allowed: [] }),
    ]);
    expect(await readStock(app, staff, product)).toEqual({ onHand: 2, locked: 0, stock: 2 });
    expect((await app.api('get', `/payments/${payment.documentId}`, buyer.token)).body.data.status).toBe(
      'closed',
    );
  });

  it('dies at its deadline, and the payment is closed at WeChat before the stock is free', async () => {
    const product = await stocked(1);
    const order = await placeOrder(app, buyer, product);
    const { data: payment } = await startPaying(app, buyer, { order: order.documentId });
    await app.advance(31 * 60_000);
    await app.drain();
    expect(await readOrder(app, buyer, order.documentId)).toMatchObject({ status: 'cancelled' });
    expect(await readStock(app, staff, product)).toEqual({ onHand: 1, locked: 0, stock: 1 });
    const transaction = app.sandbox.control
      .state()
      .transactions.find((row) => row.outTradeNo === payment.paymentNumber);
    expect(transaction?.state).toBe('CLOSED');
  });

  it('is settled at its deadline when WeChat says that it was paid', async () => {
    const product = await stocked(1);
    const order = await placeOrder(app, buyer, product);
    const { payParams } = await startPaying(app, buyer, { order: order.documentId });
    await payAtWechat(app, buyer, payParams, 'hold');
    await app.advance(31 * 60_000);
    await app.drain();
    expect(await readOrder(app, buyer, order.documentId)).toMatchObject({ status: 'paid' });
  });

  it('keeps its stock while WeChat does not answer, and dies when it does', async () => {
    const product = await stocked(1);
    const order = await placeOrder(app, buyer, product);
    await startPaying(app, buyer, { order: order.documentId });
    await app.advance(31 * 60_000);
    const fault = app.sandbox.control.addFault({ host: 'pay', kind: 'refuse-connection' });
    await app.drain();
    expect(await readStock(app, staff, product)).toMatchObject({ locked: 1 });
    expect(await readOrder(app, buyer, order.documentId)).toMatchObject({ status: 'pending' });
    app.sandbox.control.clearFaults(fault.id);
    await app.advance(60_000);
    await app.drain();
    expect(await readOrder(app, buyer, order.documentId)).toMatchObject({ status: 'cancelled' });
  });
});

describe('a notification', () => {
  it('settles once, however many copies arrive', async () => {
    const product = await stocked(1);
    const order = await placeOrder(app, buyer, product);
    const { payParams } = await startPaying(app, buyer, { order: order.documentId });
    const { notificationId } = await payAtWechat(app, buyer, payParams, 'hold');
    const copies = await app.sandbox.control.notifications.copies(notificationId ?? '', 10);
    expect(copies.map((copy) => copy.status)).toEqual(Array(10).fill(200));
    const history = await app.api('get', `/orders/${order.documentId}/history`, buyer.token);
    expect(history.body.data.map((row: { event: string }) => row.event)).toEqual(['place', 'pay']);
  });

  it.each([
    'wrong-signature',
    'wrong-serial',
    'old-timestamp',
    'signtest',
    'altered-body',
    'missing-signature',
  ] as const)('with %s is refused, recorded, and settles nothing', async (variant) => {
    const order = await placeOrder(app, buyer, await stocked(1));
    const { payParams } = await startPaying(app, buyer, { order: order.documentId });
    const { notificationId } = await payAtWechat(app, buyer, payParams, 'hold');
    const attempt = await app.sandbox.control.notifications.send(notificationId ?? '', variant);
    expect(attempt.status).toBe(401);
    expect((await readOrder(app, buyer, order.documentId)).status).toBe('pending');
    const rejected = await app.strapi.db.connection('callback_inbox').where({ outcome: 'rejected' });
    expect(rejected.length).toBeGreaterThan(0);
  });

  it.each(['other-mchid', 'other-appid', 'other-amount', 'other-currency', 'other-openid'] as const)(
    'of %s is acknowledged, shown to staff, and settles nothing',
    async (variant) => {
      const order = await placeOrder(app, buyer, await stocked(1));
      const { payParams } = await startPaying(app, buyer, { order: order.documentId });
      const { notificationId } = await payAtWechat(app, buyer, payParams, 'hold');
      const attempt = await app.sandbox.control.notifications.send(notificationId ?? '', variant);
      expect(attempt.status).toBe(200);
      expect((await readOrder(app, buyer, order.documentId)).status).toBe('pending');
      expect(
        await app.strapi.db.connection('callback_inbox').where({ outcome: 'mismatch' }),
      ).not.toHaveLength(0);
    },
  );

  it('of 64 KB and more of rubbish is refused without ending the process', async () => {
    const big = await app
      .api('post', '/payments/notify/wechat')
      .set('Content-Type', 'application/json')
      .send(Buffer.alloc(70_000, 'x').toString());
    expect(big.status).toBe(413);
    const small = await app
      .api('post', '/payments/notify/wechat')
      .set('Content-Type', 'text/plain')
      .send('\u0000rubbish');
    expect(small.status).toBe(401);
  });
});

describe('late money', () => {
  it('brings a cancelled order back to life when its stock can be taken again', async () => {
    const product = await stocked(1);
    const order = await placeOrder(app, buyer, product);
    const { payParams } = await startPaying(app, buyer, { order: order.documentId });
    // WeChat is away while the shopper cancels, so the number stays payable, and the money comes.
    const fault = app.sandbox.control.addFault({ host: 'pay', kind: 'refuse-connection' });
    await app
      .api('post', `/orders/${order.documentId}/cancel`, buyer.token)
      .send({ reason: 'x' })
      .expect(200);
    app.sandbox.control.clearFaults(fault.id);
    await payAtWechat(app, buyer, payParams);
    expect(await readOrder(app, buyer, order.documentId)).toMatchObject({
      status: 'paid',
      cancelledAt: null,
    });
    expect(await readStock(app, staff, product)).toEqual({ onHand: 1, locked: 1, stock: 0 });
    expect(await sumLedger(app, product)).toEqual({ onHand: 1, locked: 1 });
  });

  it('goes back by itself when the stock is gone', async () => {
    const product = await stocked(1);
    const order = await placeOrder(app, buyer, product);
    const { payParams } = await startPaying(app, buyer, { order: order.documentId });
    const fault = app.sandbox.control.addFault({ host: 'pay', kind: 'refuse-connection' });
    await app
      .api('post', `/orders/${order.documentId}/cancel`, buyer.token)
      .send({ reason: 'x' })
      .expect(200);
    app.sandbox.control.clearFaults(fault.id);
    await placeOrder(app, await createBuyer(app), product);
    await payAtWechat(app, buyer, payParams);
    await app.drain();
    await app.advance(10_000);
    await app.sandbox.control.idle();
    expect(await readOrder(app, buyer, order.documentId)).toMatchObject({ status: 'cancelled' });
    const refunds = await app.api(
      'get',
      `/refunds?filters[order][documentId][$eq]=${order.documentId}`,
      buyer.token,
    );
    expect(refunds.body.data).toEqual([expect.objectContaining({ kind: 'surplus', status: 'succeeded' })]);
  });
});
