import { startApp, type TestApp } from '../support/app';
import {
  atWechat,
  checkOut,
  during,
  listen,
  messages,
  paymentRow,
  refundsOf,
  row,
  rows,
  salesOf,
  settleRefunds,
  transactionPath,
  whileWechatForgets,
} from '../support/factories/money';
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
const cancel = (order: { documentId: string }) =>
  app.api('post', `/orders/${order.documentId}/cancel`, buyer.token).send({}).expect(200);
const eventsOf = async (order: { documentId: string }): Promise<string[]> =>
  (await app.api('get', `/orders/${order.documentId}/history`, buyer.token)).body.data.map(
    ({ event }: { event: string }) => event,
  );

describe('an order cancelled while WeChat is silent', () => {
  const cancelInSilence = async (product: string) => {
    const order = await placeOrder(app, buyer, product);
    const { data: payment, payParams } = await startPaying(app, buyer, { order: order.documentId });
    await during(
      app,
      { host: 'pay', path: transactionPath(payment.paymentNumber), kind: 'refuse-connection' },
      () => cancel(order),
    );
    return { order, payment, payParams };
  };

  it('keeps its stock until its payment is closed for certain, and gives it back once', async () => {
    const product = await stocked(1);
    const { order, payment } = await cancelInSilence(product);
    expect(await readOrder(app, buyer, order.documentId)).toMatchObject({ status: 'cancelled' });
    expect(await readStock(app, staff, product)).toEqual({ onHand: 1, locked: 1, stock: 0 });
    await app.drain();
    expect(atWechat(app, payment.paymentNumber)?.state).toBe('CLOSED');
    expect(await readStock(app, staff, product)).toEqual({ onHand: 1, locked: 0, stock: 1 });
    const { id } = await row(app, 'orders', { document_id: order.documentId });
    await app.strapi.db
      .connection('outbox_messages')
      .where({ topic: 'order.end-payments', status: 'done' })
      .update({ status: 'pending' });
    await app.drain();
    expect(await messages(app, 'order.end-payments', { orderId: id })).toEqual([
      expect.objectContaining({ status: 'done' }),
    ]);
    expect(await sumLedger(app, product)).toEqual({ onHand: 1, locked: 0 });
    expect((await rows(app, 'inventory_logs', { order_id: id })).map((log) => log.change_type)).toEqual([
      'lock',
      'release',
    ]);
  });

  it('lives on with the stock it still holds when the money comes, and staff are told', async () => {
    const product = await stocked(1);
    const { order, payParams } = await cancelInSilence(product);
    const told = await listen(app);
    await payAtWechat(app, buyer, payParams);
    await app.drain();
    expect(await readOrder(app, buyer, order.documentId)).toMatchObject({
      status: 'paid',
      cancelledAt: null,
    });
    expect(await readStock(app, staff, product)).toEqual({ onHand: 1, locked: 1, stock: 0 });
    const { id, life } = await row(app, 'orders', { document_id: order.documentId });
    expect([life, (await rows(app, 'inventory_logs', { order_id: id })).length]).toEqual([1, 1]);
    expect(await eventsOf(order)).toEqual(['place', 'cancel', 'revive']);
    expect(await salesOf(app, product)).toBe(1);
    expect((await told.staff()).map(({ title }) => title)).toContain('已取消的订单收到付款，订单已恢复');
  });
});

describe('money for an order whose stock was given back', () => {
  const cancelForgotten = async (product: string) => {
    const order = await placeOrder(app, buyer, product);
    const { data: payment, payParams } = await startPaying(app, buyer, { order: order.documentId });
    await whileWechatForgets(app, payment.paymentNumber, () => cancel(order));
    expect((await paymentRow(app, payment.documentId)).status).toBe('closed');
    return { order, payment, payParams };
  };

  it('locks the stock again, in a second life', async () => {
    const product = await stocked(1);
    const { order, payParams } = await cancelForgotten(product);
    expect(await readStock(app, staff, product)).toEqual({ onHand: 1, locked: 0, stock: 1 });
    await payAtWechat(app, buyer, payParams);
    expect(await readOrder(app, buyer, order.documentId)).toMatchObject({ status: 'paid' });
    expect(await readStock(app, staff, product)).toEqual({ onHand: 1, locked: 1, stock: 0 });
    expect((await row(app, 'orders', { document_id: order.documentId })).life).toBe(2);
    expect(await sumLedger(app, product)).toEqual({ onHand: 1, locked: 1 });
  });

  it('goes back by itself within a minute when the stock is gone, in words a shopper understands', async () => {
    const product = await stocked(1);
    const { order, payment, payParams } = await cancelForgotten(product);
    await placeOrder(app, await createBuyer(app), product);
    const told = await listen(app);
    await payAtWechat(app, buyer, payParams);
    await settleRefunds(app);
    expect(await readOrder(app, buyer, order.documentId)).toMatchObject({ status: 'cancelled' });
    expect(await refundsOf(app, buyer, order.documentId)).toEqual([
      expect.objectContaining({
        kind: 'surplus',
        status: 'succeeded',
        order: order.documentId,
        orders: [order.documentId],
        reason: '订单已取消且库存不足，款项退回',
      }),
    ]);
    expect(atWechat(app, payment.paymentNumber)?.state).toBe('REFUND');
    expect(app.sandbox.control.state().refunds.at(-1)?.reason).toBe('订单已取消且库存不足，款项退回');
    expect((await told.shopper()).map(({ content }) => content).join()).toMatch(
      /已取消且商品已售完.*原路退回/,
    );
    expect((await told.staff()).map(({ title }) => title)).toContain('收到无法使用的款项，已自动退款');
  });

  it('of a whole checkout goes back as one refund, however many orders it covers', async () => {
    const products = await Promise.all([stocked(1, { price: 10 }), stocked(1, { price: 20.05 }), stocked(1)]);
    const { checkoutNumber, orders } = await checkOut(
      app,
      buyer,
      products.map((product) => ({ product, quantity: 1 })),
    );
    const { data: payment, payParams } = await startPaying(app, buyer, { checkoutNumber });
    await whileWechatForgets(app, payment.paymentNumber, async () => {
      for (const order of orders) await cancel(order);
    });
    const other = await createBuyer(app);
    for (const product of products) await placeOrder(app, other, product);
    await payAtWechat(app, buyer, payParams);
    await settleRefunds(app);
    const { id, amount } = await paymentRow(app, payment.documentId);
    const refunds = await rows(app, 'refunds', { payment_id: id });
    expect(refunds).toEqual([expect.objectContaining({ status: 'succeeded', order_id: null, amount })]);
    const parts = await rows(app, 'refund_allocations', { refund_id: refunds[0]?.id });
    const sorted = (values: unknown[]) => [...values].sort();
    expect(sorted(parts.map((part) => Number(part.amount)))).toEqual(
      sorted(orders.map((order) => order.actualAmount)),
    );
    const seen = (await app.api('get', `/refunds/${refunds[0]?.document_id}`, buyer.token)).body.data;
    expect([seen.order, sorted(seen.orders)]).toEqual([
      null,
      sorted(orders.map((order) => order.documentId)),
    ]);
    const listed = (await app.api('get', '/refunds', buyer.token)).body.data;
    expect(listed.map((refund: { documentId: string }) => refund.documentId)).toContain(
      refunds[0]?.document_id,
    );
    for (const product of products)
      expect(await readStock(app, staff, product)).toEqual({ onHand: 1, locked: 1, stock: 0 });
  });
});

describe('baskets that cross', () => {
  it('are all revived, however they are ordered, without waiting for each other', async () => {
    const [a, b] = [await stocked(50), await stocked(50)];
    const PAIRS = 4;
    const started = [];
    for (let pair = 0; pair < PAIRS; pair += 1) {
      for (const items of [
        [a, b],
        [b, a],
      ]) {
        const { checkoutNumber, orders } = await checkOut(
          app,
          buyer,
          items.map((product) => ({ product, quantity: 1 })),
        );
        const { data, payParams } = await startPaying(app, buyer, { checkoutNumber });
        await whileWechatForgets(app, data.paymentNumber, async () => {
          for (const order of orders) await cancel(order);
        });
        started.push({ orders, payParams });
      }
    }
    const notes = started.map(
      ({ payParams }) =>
        app.sandbox.control.pay({ payParams, openid: buyer.openid, notify: 'hold' }).notificationId,
    );
    const answers = await Promise.all(
      notes.map((note) => app.sandbox.control.notifications.resend(note ?? '')),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(PAIRS * 2).fill(200));
    for (const { orders } of started) {
      for (const order of orders)
        expect(await readOrder(app, buyer, order.documentId)).toMatchObject({ status: 'paid' });
    }
    expect([await salesOf(app, a), await salesOf(app, b)]).toEqual([PAIRS * 2, PAIRS * 2]);
    expect(await readStock(app, staff, a)).toMatchObject({ locked: PAIRS * 2 });
  });
});
