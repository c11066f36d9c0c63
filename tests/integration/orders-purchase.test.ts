import { startApp, type TestApp } from '../support/app';
import { createAddress } from '../support/factories/accounts';
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

describe('from a cart to a delivered order', () => {
  it('walks the whole way, and the stock moves with it', async () => {
    const [a, b] = [await stocked(5, { price: 1000 }), await stocked(3, { price: 250.5 })];
    await app
      .api('post', '/cart/items', buyer.token)
      .send({ data: { product: a, quantity: 2 } })
      .expect(200);
    const cart = await app
      .api('post', '/cart/items', buyer.token)
      .send({ data: { product: b, quantity: 1 } })
      .expect(200);
    expect(cart.body.data).toMatchObject({ totalQuantity: 3, actualAmount: 2250.5 });

    const cartItems = cart.body.data.items.map((item: { documentId: string }) => item.documentId);
    const preview = await app
      .api('post', '/orders/preview', buyer.token)
      .send({ cartItems, address: buyer.address })
      .expect(200);
    expect(preview.body.data.actualAmount).toBe(2250.5);
    const checkout = await app
      .api('post', '/orders/checkout', buyer.token)
      .send({ cartItems, address: buyer.address })
      .expect(201);
    expect(checkout.body.data).toMatchObject({
      actualAmount: 2250.5,
      totalAmount: 2250.5,
      discountAmount: 0,
    });
    expect(checkout.body.data.orders).toHaveLength(2);
    expect((await app.api('get', '/cart', buyer.token)).body.data.items).toEqual([]);
    expect(await readStock(app, staff, a)).toEqual({ onHand: 5, locked: 2, stock: 3 });

    const { checkoutNumber, orders } = checkout.body.data;
    const { data: payment, payParams } = await startPaying(app, buyer, { checkoutNumber });
    expect(Object.keys(payParams).sort()).toEqual([
      'nonceStr',
      'package',
      'paySign',
      'signType',
      'timeStamp',
    ]);
    await payAtWechat(app, buyer, payParams);
    expect((await app.api('get', `/payments/${payment.documentId}`, buyer.token)).body.data).toMatchObject({
      status: 'succeeded',
      amount: 2250.5,
    });

    for (const { documentId } of orders) {
      expect((await readOrder(app, buyer, documentId)).status).toBe('paid');
      const shipped = await app
        .api('post', `/orders/${documentId}/ship`, staff.token)
        .send({ company: '顺丰', trackingNumber: 'SF1234567' });
      expect(shipped.body.data).toMatchObject({ status: 'shipped', trackingNumber: 'SF1234567' });
      const done = await app.api('post', `/orders/${documentId}/confirm-receipt`, buyer.token).send({});
      expect(done.body.data.status).toBe('completed');
    }
    expect(await readStock(app, staff, a)).toEqual({ onHand: 3, locked: 0, stock: 3 });
    expect(await readStock(app, staff, b)).toEqual({ onHand: 2, locked: 0, stock: 2 });
    expect(await sumLedger(app, a)).toEqual({ onHand: 3, locked: 0 });

    const history = await app.api('get', `/orders/${orders[0].documentId}/history`, buyer.token);
    expect(history.body.data.map((row: { event: string }) => row.event)).toEqual([
      'place',
      'pay',
      'ship',
      'confirmReceipt',
    ]);
    const product = await app.strapi.db.connection('products').where('document_id', a).first('sales_count');
    expect(product.sales_count).toBe(2);
  });

  it('returns the live attempt again, with fresh parameters and 200', async () => {
    const order = await placeOrder(app, buyer, await stocked(1));
    const first = await startPaying(app, buyer, { order: order.documentId });
    const again = await app
      .api('post', '/payments', buyer.token)
      .send({ order: order.documentId, method: 'wechat' });
    expect(again.status).toBe(200);
    expect(again.body.data.documentId).toBe(first.data.documentId);
  });

  it('pays a free order by placing it, and has nothing to ask of WeChat for it', async () => {
    const product = await stocked(2, { price: 10 });
    const discounts = app.strapi.documents('api::discount.discount');
    await discounts.create({
      data: {
        name: '全免',
        kind: 'percent',
        value: 100,
        products: { connect: [{ documentId: product }] },
      } as never,
    });
    const order = await placeOrder(app, buyer, product);
    expect(order).toMatchObject({ status: 'paid', actualAmount: 0, discountAmount: 10 });
    expect((await readOrder(app, buyer, order.documentId)).status).toBe('paid');
    const payment = await app
      .api('post', '/payments', buyer.token)
      .send({ order: order.documentId, method: 'wechat' });
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
      app
        .api('post', '/orders', buyer.token)
        .set('Idempotency-Key', 'key-last-piece')
        .send({ data: { product, quantity: 1, address: buyer.address } });
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
    const answer = await app
      .api('post', '/orders/checkout', buyer.token)
      .send({ items, address: buyer.address });
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
      Array.from({ length: 12 }, () =>
        app
          .api('post', '/orders', buyer.token)
          .send({ data: { product, quantity: 1, address: buyer.address } }),
      ),
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
    const order = (product: string) =>
      app
        .api('post', '/orders', buyer.token)
        .send({ data: { product, quantity: 1, address: buyer.address } });
    for (const more of [{ isActive: false }, { isSales: false }, { price: 0 }]) {
      const answer = await order(await stocked(1, more));
      expect([answer.status, answer.body.error.details.code]).toEqual([422, 'NOT_FOR_SALE']);
    }
    expect((await order('a'.repeat(24))).status).toBe(404);
  });

  it('refuses somebody else’s address as if it were not there, and an address without a district code', async () => {
    const product = await stocked(1);
    const other = await createBuyer(app);
    const foreign = await app
      .api('post', '/orders', buyer.token)
      .send({ data: { product, quantity: 1, address: other.address } });
    expect(foreign.status).toBe(404);
    await app.strapi.db
      .connection('addresses')
      .where('document_id', other.address)
      .update({ district_code: null });
    const unknown = await app
      .api('post', '/orders', other.token)
      .send({ data: { product, quantity: 1, address: other.address } });
    expect([unknown.status, unknown.body.error.details.code]).toEqual([422, 'REGION_UNKNOWN']);
  });

  // What a program would send for NaN is null.
  it.each([0, -1, 1.5, 1e9, '1', true, [1], null])(
    'refuses a quantity of %p and writes nothing',
    async (quantity) => {
      const product = await stocked(5);
      const answer = await app
        .api('post', '/orders', buyer.token)
        .send({ data: { product, quantity, address: buyer.address } });
      expect([answer.status, answer.body.error.details.code]).toEqual([400, 'VALIDATION_FAILED']);
      expect(answer.body.error.details.errors[0].path).toEqual(['data', 'quantity']);
      expect(await readStock(app, staff, product)).toMatchObject({ locked: 0 });
    },
  );
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
    expect(
      (
        await app
          .api('post', `/orders/${order.documentId}/ship`, other.token)
          .send({ company: 'x', trackingNumber: 'y' })
      ).status,
    ).toBe(403);
    expect((await app.api('get', '/orders')).status).toBe(401);
    expect((await app.api('get', '/orders', other.token)).body.data).toEqual([]);
  });

  it('shows staff all orders, and their own when they ask for those', async () => {
    const { documentId: address } = await createAddress(app, staff.token);
    const theirs = await placeOrder(app, buyer, await stocked(1));
    const own = await app
      .api('post', '/orders', staff.token)
      .send({ data: { product: await stocked(1), quantity: 1, address } });
    const ids = async (query: string) =>
      (await app.api('get', `/orders${query}`, staff.token)).body.data.map(
        (order: { documentId: string }) => order.documentId,
      );
    expect(await ids('?pagination[pageSize]=2')).toEqual([own.body.data.documentId, theirs.documentId]);
    expect(await ids('?scope=mine')).toEqual([own.body.data.documentId]);
    expect(await ids('?scope=all&pagination[pageSize]=2')).toContain(theirs.documentId);
  });
});
