import { startApp, type TestApp } from '../support/app';
import { makeProduct } from '../support/factories/catalogue';
import {
  type Buyer,
  createBuyer,
  createStaff,
  payAtWechat,
  placeOrder,
  placePaidOrder,
  readOrder,
  readStock,
  startPaying,
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

const stocked = async (onHand: number, more: Record<string, unknown> = {}) => {
  const { documentId } = await makeProduct(app, more);
  const answer = await app.api('post', `/inventory/${documentId}/adjust`, staff.token).send({ onHand, reason: '入库' });
  expect(answer.status).toBe(200);
  return documentId;
};

describe('from a cart to a delivered order', () => {
  it('walks the whole way, and the stock moves with it', async () => {
    const [a, b] = [await stocked(5, { price: 1000 }), await stocked(3, { price: 250.5 })];
    await app.api('post', '/cart/items', buyer.token).send({ data: { product: a, quantity: 2 } }).expect(200);
    const cart = await app.api('post', '/cart/items', buyer.token).send({ data: { product: b, quantity: 1 } }).expect(200);
    expect(cart.body.data).toMatchObject({ totalQuantity: 3, actualAmount: 2250.5 });

    const cartItems = cart.body.data.items.map((item: { documentId: string }) => item.documentId);
    const preview = await app.api('post', '/orders/preview', buyer.token).send({ cartItems, address: buyer.address }).expect(200);
    expect(preview.body.data.actualAmount).toBe(2250.5);
    const checkout = await app.api('post', '/orders/checkout', buyer.token).send({ cartItems, address: buyer.address }).expect(201);
    expect(checkout.body.data).toMatchObject({ actualAmount: 2250.5, totalAmount: 2250.5, discountAmount: 0 });
    expect(checkout.body.data.orders).toHaveLength(2);
    expect((await app.api('get', '/cart', buyer.token)).body.data.items).toEqual([]);
    expect(await readStock(app, staff, a)).toEqual({ onHand: 5, locked: 2, stock: 3 });

    const { checkoutNumber, orders } = checkout.body.data;
    const { data: payment, payParams } = await startPaying(app, buyer, { checkoutNumber });
    expect(Object.keys(payParams).sort()).toEqual(['nonceStr', 'package', 'paySign', 'signType', 'timeStamp']);
    await payAtWechat(app, buyer, payParams);
    expect((await app.api('get', `/payments/${payment.documentId}`, buyer.token)).body.data).toMatchObject({ status: 'succeeded', amount: 2250.5 });

    for (const { documentId } of orders) {
      expect((await readOrder(app, buyer, documentId)).status).toBe('paid');
      const shipped = await app.api('post', `/orders/${documentId}/ship`, staff.token).send({ company: '顺丰', trackingNumber: 'SF1234567' });
      expect(shipped.body.data).toMatchObject({ status: 'shipped', trackingNumber: 'SF1234567' });
      const done = await app.api('post', `/orders/${documentId}/confirm-receipt`, buyer.token).send({});
      expect(done.body.data.status).toBe('completed');
    }
    expect(await readStock(app, staff, a)).toEqual({ onHand: 3, locked: 0, stock: 3 });
    expect(await readStock(app, staff, b)).toEqual({ onHand: 2, locked: 0, stock: 2 });
    expect(await sumLedger(app, a)).toEqual({ onHand: 3, locked: 0 });

    const history = await app.api('get', `/orders/${orders[0].documentId}/history`, buyer.token);
    expect(history.body.data.map((row: { event: string }) => row.event)).toEqual(['place', 'pay', 'ship', 'confirmReceipt']);
    const product = await app.strapi.db.connection('products').where('document_id', a).first('sales_count');
    expect(product.sales_count).toBe(2);
  });

  it('returns the live attempt again, with fresh parameters and 200', async () => {
    const order = await placeOrder(app, buyer, await stocked(1));
    const first = await startPaying(app, buyer, { order: order.documentId });
    const again = await app.api('post', '/payments', buyer.token).send({ order: order.documentId, method: 'wechat' });
    expect(again.status).toBe(200);
    expect(again.body.data.documentId).toBe(first.data.documentId);
  });

  it('pays a free order by placing it, and has nothing to ask of WeChat for it', async () => {
    const product = await stocked(2, { price: 10 });
    const discounts = app.strapi.documents('api::discount.discount');
    await discounts.create({ data: { name: '全免', kind: 'percent', value: 100, products: { connect: [{ documentId: product }] } } as never });
    const order = await placeOrder(app, buyer, product);
    expect(order).toMatchObject({ status: 'paid', actualAmount: 0, discountAmount: 10 });
    expect((await readOrder(app, buyer, order.documentId)).status).toBe('paid');
    const payment = await app.api('post', '/payments', buyer.token).send({ order: order.documentId, method: 'wechat' });
    expect(payment.body.error.details.code).toBe('PAYMENT_CONFLICT');
  });
});

describe('placing an order', () => {
  it('answers the same key with the same order, and another body with a conflict', async () => {
    const product = await stocked(5);
    const send = (quantity: number) =>
      app
        .api('post', '/orders', buyer.token)
        .set('Idempotency-Key', 'key-one-order-123')
        .send({ data: { product, quantity, address: buyer.address } });
    const answers = await Promise.all([send(1), send(1), send(1), send(1)]);
    expect(answers.map((answer) => answer.status)).toEqual([201, 201, 201, 201]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    expect((await send(2)).body.error.details.code).toBe('IDEMPOTENCY_CONFLICT');
    expect(await readStock(app, staff, product)).toMatchObject({ locked: 1 });
  });

  it('answers the key of the order that took the last piece with that order', async () => {
    const product = await stocked(1);
    const send = () =>
      app.api('post', '/orders', buyer.token).set('Idempotency-Key', 'key-last-piece').send({ data: { product, quantity: 1, address: buyer.address } });
    const first = await send();
    const second = await send();
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
  });

  it('names every shortage of a basket and takes nothing', async () => {
    const [a, b, c] = [await stocked(1), await stocked(2), await stocked(9)];
    const items = [
      { product: a, quantity: 2 },
      { product: b, quantity: 1 },
      { product: b, quantity: 2 },
      { product: c, quantity: 1 },
    ];
    const answer = await app.api('post', '/orders/checkout', buyer.token).send({ items, address: buyer.address });
    expect(answer.status).toBe(409);
    expect(answer.body.error.details).toMatchObject({ code: 'OUT_OF_STOCK' });
    expect(answer.body.error.details.items).toEqual(
      expect.arrayContaining([
        { product: a, requested: 2, available: 1 },
        { product: b, requested: 3, available: 2 },
      ]),
    );
    expect(await readStock(app, staff, c)).toMatchObject({ locked: 0 });
  });

  it('sells exactly what is there to buyers who come at once', async () => {
    const product = await stocked(3);
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => app.api('post', '/orders', buyer.token).send({ data: { product, quantity: 1, address: buyer.address } })),
    );
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(3);
    expect(answers.filter((answer) => answer.status === 409)).toHaveLength(9);
    expect(await readStock(app, staff, product)).toEqual({ onHand: 3, locked: 3, stock: 0 });
    expect(await sumLedger(app, product)).toEqual({ onHand: 3, locked: 3 });
  });

  it('refuses another price than today’s, and says which it is', async () => {
    const product = await stocked(1, { price: 99.9 });
    const answer = await app
      .api('post', '/orders', buyer.token)
      .send({ data: { product, quantity: 1, address: buyer.address, expectedAmount: 1 } });
    expect(answer.body.error.details).toMatchObject({ code: 'PRICE_CHANGED', actualAmount: 99.9 });
  });

  it('refuses products that are off sale, free of price or gone', async () => {
    const order = (product: string) => app.api('post', '/orders', buyer.token).send({ data: { product, quantity: 1, address: buyer.address } });
    for (const more of [{ isActive: false }, { isSales: false }, { price: 0 }]) {
      const answer = await order(await stocked(1, more));
      expect([answer.status, answer.body.error.details.code]).toEqual([422, 'NOT_FOR_SALE']);
    }
    expect((await order('a'.repeat(24))).status).toBe(404);
  });

  it('refuses somebody else’s address as if it were not there, and an address without a district code', async () => {
    const product = await stocked(1);
    const other = await createBuyer(app);
    const foreign = await app.api('post', '/orders', buyer.token).send({ data: { product, quantity: 1, address: other.address } });
    expect(foreign.status).toBe(404);
    await app.strapi.db.connection('addresses').where('document_id', other.address).update({ district_code: null });
    const unknown = await app.api('post', '/orders', other.token).send({ data: { product, quantity: 1, address: other.address } });
    expect([unknown.status, unknown.body.error.details.code]).toEqual([422, 'REGION_UNKNOWN']);
  });

  it.each([0, -1, 1.5, 1e9, '1', null, Number.NaN])('refuses a quantity of %p and writes nothing', async (quantity) => {
    const product = await stocked(5);
    const answer = await app.api('post', '/orders', buyer.token).send({ data: { product, quantity, address: buyer.address } });
    expect([answer.status, answer.body.error.details.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect(answer.body.error.details.errors[0].path).toEqual(['data', 'quantity']);
    expect(await readStock(app, staff, product)).toMatchObject({ locked: 0 });
  });
});

describe('an order belongs to somebody', () => {
  it('is not there for another shopper, whatever they try', async () => {
    const order = await placeOrder(app, buyer, await stocked(1));
    const other = await createBuyer(app);
    const tries = [
      app.api('get', `/orders/${order.documentId}`, other.token),
      app.api('get', `/orders/${order.documentId}/history`, other.token),
      app.api('post', `/orders/${order.documentId}/cancel`, other.token).send({ reason: 'x' }),
      app.api('post', `/orders/${order.documentId}/confirm-receipt`, other.token).send({}),
      app.api('post', `/orders/${order.documentId}/refund`, other.token).send({ reason: 'x' }),
      app.api('post', '/payments', other.token).send({ order: order.documentId, method: 'wechat' }),
    ];
    for (const answer of await Promise.all(tries)) expect(answer.status).toBe(404);
    expect((await app.api('post', `/orders/${order.documentId}/ship`, other.token).send({ company: 'x', trackingNumber: 'y' })).status).toBe(403);
    expect((await app.api('get', '/orders')).status).toBe(401);
    expect((await app.api('get', '/orders', other.token)).body.data).toEqual([]);
  });

  it('shows staff all orders, and their own when they ask for those', async () => {
    const all = await app.api('get', '/orders', staff.token);
    expect(all.body.meta.pagination.total).toBeGreaterThan(0);
    expect((await app.api('get', '/orders?scope=mine', staff.token)).body.meta.pagination.total).toBe(0);
  });
});

describe('an order that is not paid', () => {
  it('can be cancelled by its shopper, which gives the stock back once', async () => {
    const product = await stocked(2);
    const order = await placeOrder(app, buyer, product, 2);
    const { data: payment } = await startPaying(app, buyer, { order: order.documentId });
    const cancel = () => app.api('post', `/orders/${order.documentId}/cancel`, buyer.token).send({ reason: '不想要了' });
    expect((await cancel()).body.data).toMatchObject({ status: 'cancelled', cancelReason: '不想要了' });
    const again = await cancel();
    expect([again.status, again.body.error.details]).toEqual([409, expect.objectContaining({ code: 'ORDER_STATE_CONFLICT', status: 'cancelled', allowed: [] })]);
    expect(await readStock(app, staff, product)).toEqual({ onHand: 2, locked: 0, stock: 2 });
    expect((await app.api('get', `/payments/${payment.documentId}`, buyer.token)).body.data.status).toBe('closed');
  });

  it('dies at its deadline, and the payment is closed at WeChat before the stock is free', async () => {
    const product = await stocked(1);
    const order = await placeOrder(app, buyer, product);
    const { data: payment } = await startPaying(app, buyer, { order: order.documentId });
    await app.advance(31 * 60_000);
    await app.drain();
    expect(await readOrder(app, buyer, order.documentId)).toMatchObject({ status: 'cancelled' });
    expect(await readStock(app, staff, product)).toEqual({ onHand: 1, locked: 0, stock: 1 });
    const transaction = app.sandbox.control.state().transactions.find((row) => row.outTradeNo === payment.paymentNumber);
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

  it.each(['wrong-signature', 'wrong-serial', 'old-timestamp', 'signtest', 'altered-body', 'missing-signature'] as const)(
    'with %s is refused, recorded, and settles nothing',
    async (variant) => {
      const order = await placeOrder(app, buyer, await stocked(1));
      const { payParams } = await startPaying(app, buyer, { order: order.documentId });
      const { notificationId } = await payAtWechat(app, buyer, payParams, 'hold');
      const attempt = await app.sandbox.control.notifications.send(notificationId ?? '', variant);
      expect(attempt.status).toBe(401);
      expect((await readOrder(app, buyer, order.documentId)).status).toBe('pending');
      const rejected = await app.strapi.db.connection('callback_inbox').where({ outcome: 'rejected' });
      expect(rejected.length).toBeGreaterThan(0);
    },
  );

  it.each(['other-mchid', 'other-appid', 'other-amount', 'other-currency', 'other-openid'] as const)(
    'of %s is acknowledged, shown to staff, and settles nothing',
    async (variant) => {
      const order = await placeOrder(app, buyer, await stocked(1));
      const { payParams } = await startPaying(app, buyer, { order: order.documentId });
      const { notificationId } = await payAtWechat(app, buyer, payParams, 'hold');
      const attempt = await app.sandbox.control.notifications.send(notificationId ?? '', variant);
      expect(attempt.status).toBe(200);
      expect((await readOrder(app, buyer, order.documentId)).status).toBe('pending');
      expect(await app.strapi.db.connection('callback_inbox').where({ outcome: 'mismatch' })).not.toHaveLength(0);
    },
  );

  it('of 64 KB and more of rubbish is refused without ending the process', async () => {
    const big = await app.api('post', '/payments/notify/wechat').set('Content-Type', 'application/json').send(Buffer.alloc(70_000, 'x').toString());
    expect(big.status).toBe(413);
    const small = await app.api('post', '/payments/notify/wechat').set('Content-Type', 'text/plain').send('\u0000rubbish');
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
    await app.api('post', `/orders/${order.documentId}/cancel`, buyer.token).send({ reason: 'x' }).expect(200);
    app.sandbox.control.clearFaults(fault.id);
    await payAtWechat(app, buyer, payParams);
    expect(await readOrder(app, buyer, order.documentId)).toMatchObject({ status: 'paid', cancelledAt: null });
    expect(await readStock(app, staff, product)).toEqual({ onHand: 1, locked: 1, stock: 0 });
    expect(await sumLedger(app, product)).toEqual({ onHand: 1, locked: 1 });
  });

  it('goes back by itself when the stock is gone', async () => {
    const product = await stocked(1);
    const order = await placeOrder(app, buyer, product);
    const { payParams } = await startPaying(app, buyer, { order: order.documentId });
    const fault = app.sandbox.control.addFault({ host: 'pay', kind: 'refuse-connection' });
    await app.api('post', `/orders/${order.documentId}/cancel`, buyer.token).send({ reason: 'x' }).expect(200);
    app.sandbox.control.clearFaults(fault.id);
    await placeOrder(app, await createBuyer(app), product);
    await payAtWechat(app, buyer, payParams);
    await app.drain();
    await app.advance(10_000);
    await app.sandbox.control.idle();
    expect(await readOrder(app, buyer, order.documentId)).toMatchObject({ status: 'cancelled' });
    const refunds = await app.api('get', `/refunds?filters[order][documentId][$eq]=${order.documentId}`, buyer.token);
    expect(refunds.body.data).toEqual([expect.objectContaining({ kind: 'surplus', status: 'succeeded' })]);
  });
});

describe('a refund', () => {
  const settleRefunds = async () => {
    await app.drain();
    await app.advance(10_000);
    await app.sandbox.control.idle();
  };

  it('of everything ends a paid order and gives its stock back', async () => {
    const product = await stocked(2);
    const { order } = await placePaidOrder(app, buyer, product, 2);
    const asked = await app.api('post', `/orders/${order.documentId}/refund`, buyer.token).send({ reason: '买错了' });
    expect([asked.status, asked.body.data.status]).toEqual([202, 'requested']);
    expect((await readOrder(app, buyer, order.documentId)).status).toBe('refunding');
    const approved = await app.api('post', `/refunds/${asked.body.data.documentId}/approve`, staff.token).send({});
    expect(approved.body.data.status).toBe('approved');
    await settleRefunds();
    expect((await readOrder(app, buyer, order.documentId)).status).toBe('refunded');
    expect(await readStock(app, staff, product)).toEqual({ onHand: 2, locked: 0, stock: 2 });
    const twice = await app.api('post', `/refunds/${asked.body.data.documentId}/approve`, staff.token).send({});
    expect([twice.status, twice.body.error.details.code]).toEqual([409, 'PAYMENT_CONFLICT']);
  });

  it('of a part gives money back and leaves the order; more than is left is refused', async () => {
    const product = await stocked(1, { price: 100 });
    const { order } = await placePaidOrder(app, buyer, product);
    const path = `/orders/${order.documentId}/refund`;
    const part = await app.api('post', path, buyer.token).send({ reason: '补差价', amount: 30.5 });
    expect(part.status).toBe(202);
    await app.api('post', `/refunds/${part.body.data.documentId}/approve`, staff.token).send({}).expect(200);
    await settleRefunds();
    expect((await readOrder(app, buyer, order.documentId)).status).toBe('paid');
    const much = await app.api('post', path, buyer.token).send({ reason: 'x', amount: 70 });
    expect([much.status, much.body.error.details.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect((await app.api('post', path, buyer.token).send({ reason: 'x', amount: 69.5 })).status).toBe(202);
    expect((await readOrder(app, buyer, order.documentId)).status).toBe('refunding');
  });

  it('that staff reject leaves the order where it was', async () => {
    const { order } = await placePaidOrder(app, buyer, await stocked(1));
    const asked = await app.api('post', `/orders/${order.documentId}/refund`, buyer.token).send({ reason: 'x' });
    const rejected = await app.api('post', `/refunds/${asked.body.data.documentId}/reject`, staff.token).send({ reason: '已发货' });
    expect(rejected.body.data).toMatchObject({ status: 'rejected', decisionReason: '已发货' });
    expect((await readOrder(app, buyer, order.documentId)).status).toBe('paid');
  });

  it('of a shipped order restocks only what staff say is back', async () => {
    const product = await stocked(2);
    for (const isGoodsReturned of [false, true]) {
      const { order } = await placePaidOrder(app, buyer, product);
      await app.api('post', `/orders/${order.documentId}/ship`, staff.token).send({ company: '顺丰', trackingNumber: '1' }).expect(200);
      const asked = await app.api('post', `/orders/${order.documentId}/refund`, buyer.token).send({ reason: 'x' });
      await app.api('post', `/refunds/${asked.body.data.documentId}/approve`, staff.token).send({ isGoodsReturned }).expect(200);
      await settleRefunds();
      expect((await readOrder(app, buyer, order.documentId)).status).toBe('refunded');
    }
    expect(await readStock(app, staff, product)).toEqual({ onHand: 1, locked: 0, stock: 1 });
  });

  it('that WeChat cannot pay out puts the order back and tells staff', async () => {
    const { order } = await placePaidOrder(app, buyer, await stocked(1));
    const asked = await app.api('post', `/orders/${order.documentId}/refund`, buyer.token).send({ reason: 'x' });
    app.sandbox.control.refunds.script({ outcome: 'ABNORMAL', times: 1 });
    await app.api('post', `/refunds/${asked.body.data.documentId}/approve`, staff.token).send({}).expect(200);
    await settleRefunds();
    expect((await readOrder(app, buyer, order.documentId)).status).toBe('paid');
    expect((await app.api('get', `/refunds/${asked.body.data.documentId}`, buyer.token)).body.data.status).toBe('failed');
  });
});
