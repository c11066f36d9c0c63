import { startApp, type TestApp } from '../support/app';
import { type Buyer, createBuyer, createStaff, placeOrder, stockProduct } from '../support/factories/orders';
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

describe('a preview', () => {
  it('adds up what can be bought, as the cart does', async () => {
    const [there, short, closed] = [
      await stocked(5, { price: 100 }),
      await stocked(1, { price: 10 }),
      await stocked(5, { price: 1, isSales: false }),
    ];
    const lines = [there, short, closed].map((product) => ({ product, quantity: 2 }));
    const { body } = await app.api('post', '/orders/preview', buyer.token).send({ items: lines }).expect(200);
    expect(body.data.items.map(({ problem }: { problem: string | null }) => problem)).toEqual([
      null,
      'OUT_OF_STOCK',
      'NOT_FOR_SALE',
    ]);
    expect(body.data).toMatchObject({ totalAmount: 200, discountAmount: 0, actualAmount: 200 });
    expect(body.data.items[1]).toMatchObject({ totalAmount: 20 });
    const { body: none } = await app
      .api('post', '/orders/preview', buyer.token)
      .send({ data: { product: short, quantity: 2 } })
      .expect(200);
    expect(none.data).toMatchObject({ totalAmount: 0, actualAmount: 0 });
  });
});

describe('a note', () => {
  it('may be null, as answers say it', async () => {
    const product = await stocked(5);
    const data = { product, quantity: 1, address: buyer.address, note: null };
    const order = await app.api('post', '/orders', buyer.token).send({ data });
    expect([order.status, order.body.data?.note]).toEqual([201, null]);
    const { product: same, quantity, ...rest } = data;
    const checkout = await app
      .api('post', '/orders/checkout', buyer.token)
      .send({ ...rest, items: [{ product: same, quantity }] });
    expect([checkout.status, checkout.body.data?.orders[0].note]).toEqual([201, null]);
    await app.api('post', '/orders/preview', buyer.token).send({ data }).expect(200);
    for (const note of [1, 'x'.repeat(501)]) {
      const wrong = await app.api('post', '/orders', buyer.token).send({ data: { ...data, note } });
      expect([note, wrong.status]).toEqual([note, 400]);
    }
  });
});

describe('cancelling', () => {
  const notices = async () =>
    (await app.api('get', '/notifications', buyer.token)).body.data as {
      title: string;
      content: string;
      data: { order: string };
    }[];

  it('by staff is told to the shopper, with the reason; one’s own is not', async () => {
    const product = await stocked(5);
    const [theirs, own, silent] = [
      await placeOrder(app, buyer, product),
      await placeOrder(app, buyer, product),
      await placeOrder(app, buyer, product),
    ];
    const cancel = (id: string, token: string, body = {}) =>
      app.api('post', `/orders/${id}/cancel`, token).send(body).expect(200);
    await cancel(theirs.documentId, staff.token, { reason: '缺少配件' });
    await cancel(own.documentId, buyer.token, { reason: '改主意' });
    await cancel(silent.documentId, staff.token);
    const told = (await notices()).filter(({ title }) => title === '订单已取消');
    expect(told).toHaveLength(2);
    const about = (id: string) => told.find(({ data }) => data.order === id);
    expect(about(theirs.documentId)?.content).toContain('缺少配件');
    expect(about(theirs.documentId)?.content).toContain(theirs.orderNumber);
    expect(about(silent.documentId)?.content).toContain('商家取消');
    expect(about(own.documentId)).toBeUndefined();
    await app
      .api('post', `/orders/${theirs.documentId}/cancel`, staff.token)
      .send({ reason: '再一次' })
      .expect(409);
    expect((await notices()).filter(({ title }) => title === '订单已取消')).toHaveLength(2);
  });
});
