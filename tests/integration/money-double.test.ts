import { startApp, type TestApp } from '../support/app';
import {
  checkOut,
  listen,
  makeFree,
  paymentRow,
  refundsOf,
  rows,
  salesOf,
  settleRefunds,
  whileWechatForgets,
} from '../support/factories/money';
import {
  type Buyer,
  createBuyer,
  createStaff,
  payAtWechat,
  placeOrder,
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
// One test changes what a payment was to be.
afterAll(() => endSound(app, ['payment.shares', 'payment.request']));

const stocked = (onHand: number, more: Record<string, unknown> = {}) =>
  stockProduct(app, staff, onHand, more);
describe('two payments of one checkout that both succeed', () => {
  it('pay each order once; what came twice goes back, and the shopper reads why', async () => {
    const [shared, single] = [await stocked(5, { price: 30 }), await stocked(5, { price: 7 })];
    const { checkoutNumber, orders } = await checkOut(app, buyer, [
      { product: shared, quantity: 1 },
      { product: single, quantity: 1 },
    ]);
    const both = await startPaying(app, buyer, { checkoutNumber });
    const first = orders.find(({ actualAmount }) => actualAmount === 30) ?? orders[0]!;
    const one = await whileWechatForgets(app, both.data.paymentNumber, () =>
      startPaying(app, buyer, { order: first.documentId }),
    );
    await payAtWechat(app, buyer, one.payParams);
    const told = await listen(app);
    await payAtWechat(app, buyer, both.payParams);
    await settleRefunds(app);
    for (const order of orders)
      expect(await readOrder(app, buyer, order.documentId)).toMatchObject({ status: 'paid' });
    expect(await refundsOf(app, buyer, first.documentId)).toEqual([
      expect.objectContaining({
        kind: 'surplus',
        status: 'succeeded',
        amount: 30,
        reason: '重复支付，款项退回',
      }),
    ]);
    expect((await told.shopper()).map(({ content }) => content).join()).toMatch(
      /已付款，重复支付的 30.00 元将原路退回，订单不受影响/,
    );
    expect([await salesOf(app, shared), await salesOf(app, single)]).toEqual([1, 1]);
    // The payment that was sent back is not the one a refund of the order is taken from.
    const asked = await app
      .api('post', `/orders/${first.documentId}/refund`, buyer.token)
      .send({ reason: '不想要了' });
    expect([asked.status, asked.body.data.payment]).toEqual([202, one.data.documentId]);
  });
});

describe('an amount that does not fit', () => {
  it('because the order changed in between: the money goes back and the order can be paid anew', async () => {
    const product = await stocked(1, { price: 50 });
    const order = await placeOrder(app, buyer, product);
    const { payParams } = await startPaying(app, buyer, { order: order.documentId });
    await app.strapi.db
      .connection('orders')
      .where({ document_id: order.documentId })
      .update({ actual_amount: 40, discount_amount: 10 });
    await payAtWechat(app, buyer, payParams);
    await settleRefunds(app);
    expect(await readOrder(app, buyer, order.documentId)).toMatchObject({ status: 'pending' });
    expect(await refundsOf(app, buyer, order.documentId)).toEqual([
      expect.objectContaining({ status: 'succeeded', amount: 50, reason: '订单金额已变更，款项退回' }),
    ]);
    const again = await startPaying(app, buyer, { order: order.documentId });
    await payAtWechat(app, buyer, again.payParams);
    expect(await readOrder(app, buyer, order.documentId)).toMatchObject({ status: 'paid' });
  });

  it('because another one arrived: what arrived goes back by itself, once WeChat has confirmed it', async () => {
    const { checkoutNumber, orders } = await checkOut(app, buyer, [
      { product: await stocked(1, { price: 60 }), quantity: 1 },
      { product: await stocked(1, { price: 30 }), quantity: 1 },
    ]);
    const { data: payment, payParams } = await startPaying(app, buyer, { checkoutNumber });
    await app.strapi.db
      .connection('payments')
      .where({ document_id: payment.documentId })
      .update({ amount: 89.99 });
    const told = await listen(app);
    await payAtWechat(app, buyer, payParams);
    expect((await paymentRow(app, payment.documentId)).status).toBe('disputed');
    await settleRefunds(app);
    const paid = await paymentRow(app, payment.documentId);
    expect([paid.status, Number(paid.received_amount)]).toEqual(['succeeded', 90]);
    const [refund] = await rows(app, 'refunds', { payment_id: paid.id });
    expect([refund?.status, Number(refund?.amount), refund?.kind]).toEqual(['succeeded', 90, 'surplus']);
    const parts = await rows(app, 'refund_allocations', { refund_id: refund?.id });
    expect(parts.map((part) => Number(part.amount))).toEqual([60, 30]);
    for (const order of orders)
      expect(await readOrder(app, buyer, order.documentId)).toMatchObject({ status: 'pending' });
    expect((await told.staff()).map(({ title }) => title)).toEqual([
      '支付结果与记录不符，请核对',
      '收到无法使用的款项，已自动退款',
    ]);
  });
});

describe('an order that costs nothing', () => {
  it('says the same time of payment in its answer and in its row', async () => {
    const product = await stocked(1, { price: 10 });
    await makeFree(app, product);
    const placed = await placeOrder(app, buyer, product);
    const read = await readOrder(app, buyer, placed.documentId);
    expect([placed.status, placed.paidAt]).toEqual(['paid', read.paidAt]);
  });
});
