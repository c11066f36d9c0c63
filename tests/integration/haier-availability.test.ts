import { HAIER_PATHS } from '../../sandbox';
import { startApp, type TestApp } from '../support/app';
import {
  codeOf,
  type HaierProduct,
  makeHaierProduct,
  stockQuestions,
} from '../support/factories/haier-goods';
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

/** What shoppers are told of Haier's stock. The sandbox plays Haier; the shop is as it is run. */

const DISTRICT = '370212';

let app: TestApp;
let buyer: Buyer;
let staff: Awaited<ReturnType<typeof createStaff>>;
beforeAll(async () => {
  app = await startApp();
  buyer = await createBuyer(app);
  staff = await createStaff(app);
});
afterEach(() => app?.sandbox.control.clearFaults());
afterAll(() => app?.stop());

const haierProduct = (...pieces: number[]) => makeHaierProduct(app, ...pieces);
const questions = (goods: HaierProduct) => stockQuestions(app, goods);
const availability = ({ product }: HaierProduct, districtCode = DISTRICT) =>
  app.api('get', `/products/${product}/availability`).query({ districtCode });

describe('availability of Haier goods', () => {
  it('mistake 5: is the sum over the warehouses, with the promise of the fullest', async () => {
    const goods = await haierProduct(3, 4, 0);
    const { body } = await availability(goods).expect(200);
    expect(body.data).toEqual({ available: true, stock: 7, deliveryPromise: '16:00前下单，48小时内送达' });
    const none = await haierProduct(0, 0);
    expect((await availability(none).expect(200)).body.data).toMatchObject({ available: false, stock: 0 });
  });

  it('asks Haier once for many who ask, and again for another district', async () => {
    const goods = await haierProduct(5);
    const answers = await Promise.all(Array.from({ length: 8 }, () => availability(goods)));
    expect(answers.map(({ status, body }) => [status, body.data?.stock])).toEqual(
      answers.map(() => [200, 5]),
    );
    await availability(goods).expect(200);
    expect(questions(goods)).toHaveLength(1);
    await availability(goods, '370202').expect(200);
    expect(questions(goods)).toHaveLength(2);
  });

  it('is what this shop has not promised: orders placed, and paid but not pushed', async () => {
    const goods = await haierProduct(5);
    const placed = await placeOrder(app, buyer, goods.product);
    await placeOrder(app, buyer, goods.product);
    expect((await availability(goods)).body.data.stock).toBe(3);
    const { payParams } = await startPaying(app, buyer, { order: placed.documentId });
    await payAtWechat(app, buyer, payParams);
    expect((await readOrder(app, buyer, placed.documentId)).status).toBe('paid');
    // All districts, for one warehouse may serve several.
    expect((await availability(goods, '370202')).body.data.stock).toBe(3);
  });

  it('mistake 4: of an unknown district is REGION_UNKNOWN, and Haier is not asked', async () => {
    const goods = await haierProduct(5);
    for (const district of ['999999', '370200', '110100'])
      expect(codeOf(await availability(goods, district))).toEqual([422, 'REGION_UNKNOWN']);
    const zone = await availability(goods, '320576');
    expect(codeOf(zone)).toEqual([422, 'REGION_UNKNOWN']);
    expect(zone.body.error.message).toContain('国标');
    expect(zone.body.error.details.suggestions).toHaveLength(5);
    expect(questions(goods)).toEqual([]);
  });

  it('says whose fault it is when Haier cannot be asked', async () => {
    const down = await haierProduct(5);
    app.sandbox.control.addFault({ host: 'haier', path: HAIER_PATHS.stock, kind: 'rubbish' });
    expect(codeOf(await availability(down))).toEqual([502, 'UPSTREAM_FAILED']);
    app.sandbox.control.clearFaults();
    const refusal = { host: 'haier', path: HAIER_PATHS.stock, kind: 'status', status: 200 } as const;
    app.sandbox.control.addFault({
      ...refusal,
      body: JSON.stringify({ success: false, code: '500', message: '系统异常', data: null }),
    });
    expect(codeOf(await availability(down))).toEqual([502, 'UPSTREAM_FAILED']);
    app.sandbox.control.clearFaults();
    app.sandbox.control.addFault({
      ...refusal,
      body: JSON.stringify({ success: false, code: '500', message: '商品暂不可采', data: null }),
    });
    const closed = await availability(down);
    expect(codeOf(closed)).toEqual([422, 'NOT_FOR_SALE']);
    expect(closed.body.error.details).toMatchObject({ product: down.product, reason: '商品暂不可采' });
    app.sandbox.control.clearFaults();
    // What failed is not remembered.
    expect((await availability(down)).body.data.stock).toBe(5);
  });
});

describe('a preview and the cart', () => {
  it('ask Haier when there is an address, and say line by line what stands in the way', async () => {
    const [plenty, scarce] = [await haierProduct(5), await haierProduct(1)];
    const own = await stockProduct(app, staff, 5, { price: 10 });
    const items = [
      { product: own, quantity: 1 },
      { product: plenty.product, quantity: 2 },
      { product: scarce.product, quantity: 2 },
    ];
    const preview = async (body: Record<string, unknown>) =>
      (await app.api('post', '/orders/preview', buyer.token).send(body).expect(200)).body.data;
    const without = await preview({ items });
    expect(without.items.map(({ problem }: { problem: unknown }) => problem)).toEqual([null, null, null]);
    expect(questions(plenty)).toEqual([]);

    const withAddress = await preview({ items, address: buyer.address });
    expect(withAddress.items).toMatchObject([
      { stock: 5, isAvailable: true, problem: null, deliveryPromise: null },
      { stock: 5, isAvailable: true, problem: null, deliveryPromise: '16:00前下单，24小时内送达' },
      { stock: 1, isAvailable: false, problem: 'OUT_OF_STOCK' },
    ]);
    expect(withAddress).toMatchObject({ totalAmount: 6010, actualAmount: 6010 });
    expect([questions(plenty).length, questions(scarce).length]).toEqual([1, 1]);

    app.sandbox.control.addFault({ host: 'haier', path: HAIER_PATHS.stock, kind: 'status', status: 503 });
    const other = await haierProduct(3);
    const down = await preview({
      items: [items[0], { product: other.product, quantity: 1 }],
      address: buyer.address,
    });
    expect(down.items).toMatchObject([
      { problem: null },
      { isAvailable: false, problem: 'UPSTREAM_UNAVAILABLE' },
    ]);
    expect(down.actualAmount).toBe(10);
  });

  it('the cart asks nobody, and what it holds can be ordered', async () => {
    const goods = await haierProduct(2);
    const shopper = await createBuyer(app);
    const { body } = await app
      .api('post', '/cart/items', shopper.token)
      .send({ data: { product: goods.product, quantity: 2 } })
      .expect(200);
    expect(body.data.items).toMatchObject([{ isAvailable: true, problem: null, quantity: 2 }]);
    expect(questions(goods)).toEqual([]);
    const cartItems = [body.data.items[0].documentId];
    const ordered = await app
      .api('post', '/orders/checkout', shopper.token)
      .send({ cartItems, address: shopper.address });
    expect([ordered.status, ordered.body.data?.orders.length]).toEqual([201, 2]);
    const left = await app.api('get', '/cart', shopper.token).expect(200);
    expect(left.body.data.items).toEqual([]);
  });
});
