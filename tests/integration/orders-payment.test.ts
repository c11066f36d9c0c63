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
afterAll(() => endSound(app));

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
