import { randomUUID } from 'node:crypto';

import { HAIER_PATHS } from '../../sandbox';
import { compiled, startApp, type TestApp } from '../support/app';
import { createAddress, signInShopper } from '../support/factories/accounts';
import { makeProduct, unique } from '../support/factories/catalogue';
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

/** Haier's goods, from the question for stock to the order. The sandbox plays Haier; the shop is as it is run. */

const DISTRICT = '370212';

let app: TestApp;
let buyer: Buyer;
let staff: Awaited<ReturnType<typeof createStaff>>;
beforeAll(async () => {
  app = await startApp();
  buyer = await createBuyer(app);
  staff = await createStaff(app);
});
afterEach(() => app.sandbox.control.clearFaults());
afterAll(() => app?.stop());

interface HaierProduct {
  product: string;
  code: string;
}

/** A product Haier sells, with so many pieces in each of its warehouses. */
async function haierProduct(...pieces: number[]): Promise<HaierProduct> {
  const code = unique('HAIER');
  app.sandbox.control.haier.putProduct({ productCode: code });
  app.sandbox.control.haier.setStock({
    productCode: code,
    warehouses: pieces.map((stock, index) => ({
      secCode: `WH-${index}`,
      stock,
      warehouseGrade: index === 0 ? '0' : '1',
      timelinessData: { cutTime: '16:00', achieveUserOrderCut: `${index + 1}日达`, hour: 24, isTranfer: '0' },
    })),
  });
  const { documentId } = await makeProduct(app, { source: 'haier', productCode: code, price: 3000 });
  return { product: documentId, code };
}

const order = ({ product }: HaierProduct, { quantity = 1, by = buyer, key = randomUUID() } = {}) =>
  app
    .api('post', '/orders', by.token)
    .set('Idempotency-Key', key)
    .send({ data: { product, quantity, address: by.address } });
const checkout = (items: { product: string; quantity: number }[], by = buyer) =>
  app.api('post', '/orders/checkout', by.token).send({ items, address: by.address });
const availability = ({ product }: HaierProduct, districtCode = DISTRICT) =>
  app.api('get', `/products/${product}/availability`).query({ districtCode });

const codeOf = (answer: { status: number; body: { error?: { details: { code: string } } } }) => [
  answer.status,
  answer.body.error?.details.code,
];
const countOrders = async ({ product }: HaierProduct): Promise<number> => {
  const [row] = await app.strapi.db
    .connection('orders')
    .where('product_document_id', product)
    .count({ total: 'id' });
  return Number(row?.total);
};
const questions = ({ code }: HaierProduct) =>
  app.sandbox.control
    .requests()
    .filter(({ path, body }) => path === HAIER_PATHS.stock && body.includes(code));

interface Rows<T> {
  rows: T[];
}
const isPostgres = () => app.strapi.db.dialect.client === 'postgres';
const databaseTime = async (): Promise<string> => {
  if (!isPostgres()) return '';
  const { rows } = (await app.strapi.db.connection.raw('select clock_timestamp()::text as now')) as Rows<{
    now: string;
  }>;
  return rows[0]?.now ?? '';
};
/** Transactions that have been open since before this moment; on SQLite there is no telling. */
const openSince = async (moment: string): Promise<unknown[]> => {
  if (!isPostgres()) return [];
  const { rows } = (await app.strapi.db.connection.raw(
    `select state, query from pg_stat_activity
     where datname = current_database() and backend_type = 'client backend' and xact_start < ?::timestamptz`,
    [moment],
  )) as Rows<unknown>;
  return rows;
};

describe('availability of Haier goods', () => {
  it('mistake 5: is the sum over the warehouses, with the promise of the fullest', async () => {
    const goods = await haierProduct(3, 4, 0);
    const { body } = await availability(goods).expect(200);
    expect(body.data).toEqual({ available: true, stock: 7, deliveryPromise: '2日达' });
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

describe('an order of Haier goods', () => {
  it('is placed when Haier has it, one order a piece', async () => {
    const goods = await haierProduct(2, 1);
    const one = await order(goods);
    expect([one.status, one.body.data]).toEqual([
      201,
      expect.objectContaining({
        quantity: 1,
        productSource: 'haier',
        actualAmount: 3000,
        haierStatus: 'none',
      }),
    ]);
    expect(codeOf(await order(goods, { quantity: 2 }))).toEqual([400, 'VALIDATION_FAILED']);
    const two = await checkout([{ product: goods.product, quantity: 2 }]);
    expect(two.status).toBe(201);
    const { checkoutNumber, orders, actualAmount } = two.body.data;
    expect(orders.map(({ quantity }: { quantity: number }) => quantity)).toEqual([1, 1]);
    expect(actualAmount).toBe(6000);
    const { payParams } = await startPaying(app, buyer, { checkoutNumber });
    await payAtWechat(app, buyer, payParams);
    for (const { documentId } of orders)
      expect((await readOrder(app, buyer, documentId)).status).toBe('paid');
    expect(codeOf(await order(goods))).toEqual([409, 'OUT_OF_STOCK']);
  });

  it('mistake 5: two lines of one product are asked for together', async () => {
    const goods = await haierProduct(3);
    const twice = await checkout([
      { product: goods.product, quantity: 2 },
      { product: goods.product, quantity: 2 },
    ]);
    expect(codeOf(twice)).toEqual([409, 'OUT_OF_STOCK']);
    expect(twice.body.error.details.items).toEqual([{ product: goods.product, requested: 4, available: 3 }]);
    expect(questions(goods)).toHaveLength(1);
    expect(await countOrders(goods)).toBe(0);
  });

  it('names every product there is too little of, and writes nothing of the others', async () => {
    const [plenty, scarce, none] = [await haierProduct(9), await haierProduct(1), await haierProduct()];
    const own = await stockProduct(app, staff, 5);
    const answer = await checkout([
      { product: own, quantity: 1 },
      ...[plenty, scarce, none].map(({ product }) => ({ product, quantity: 2 })),
    ]);
    expect(codeOf(answer)).toEqual([409, 'OUT_OF_STOCK']);
    expect(answer.body.error.details.items).toEqual([
      { product: scarce.product, requested: 2, available: 1 },
      { product: none.product, requested: 2, available: 0 },
    ]);
    const stock = (await app.api('get', `/inventory/${own}`, staff.token)).body.data;
    expect(stock).toMatchObject({ onHand: 5, locked: 0 });
    const mixed = await checkout([
      { product: own, quantity: 3 },
      { product: plenty.product, quantity: 2 },
    ]);
    expect(mixed.body.data.orders.map(({ quantity }: { quantity: number }) => quantity)).toEqual([3, 1, 1]);
  });

  it('is refused with nothing written when Haier is down', async () => {
    const goods = await haierProduct(5);
    app.sandbox.control.addFault({ host: 'haier', path: HAIER_PATHS.stock, kind: 'status', status: 503 });
    const answer = await order(goods);
    expect(codeOf(answer)).toEqual([503, 'UPSTREAM_UNAVAILABLE']);
    expect(await countOrders(goods)).toBe(0);
  });

  it('mistake 4: to a development zone is refused: Haier knows no such district', async () => {
    const goods = await haierProduct(5);
    const shopper = await signInShopper(app);
    const zone = await createAddress(app, shopper.token, {
      province: '江苏省',
      city: '苏州市',
      district: '苏州工业园区',
      districtCode: '320576',
    });
    const answer = await order(goods, { by: { ...shopper, address: zone.documentId } });
    expect(codeOf(answer)).toEqual([422, 'REGION_UNKNOWN']);
    expect(answer.body.error.details.suggestions).toHaveLength(5);
    expect([questions(goods), await countOrders(goods)]).toEqual([[], 0]);
  });

  it('of the last piece goes to one of many shoppers, also while Haier’s answer is a minute old', async () => {
    const goods = await haierProduct(1, 1);
    const buyers = [buyer, await createBuyer(app), await createBuyer(app)];
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => order(goods, { by: buyers[index % 3] })),
    );
    const placed = answers.filter(({ status }) => status === 201);
    expect(placed).toHaveLength(2);
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expect(codeOf(answer)).toEqual([409, 'OUT_OF_STOCK']);
      expect(answer.body.error.details.items).toEqual([
        { product: goods.product, requested: 1, available: 0 },
      ]);
    }
    expect(questions(goods)).toHaveLength(1);
    // Who gives up leaves the piece to the next.
    const owner = placed[0]?.body.data.documentId as string;
    const cancelled = await Promise.all(
      buyers.map(({ token }) => app.api('post', `/orders/${owner}/cancel`, token).send({})),
    );
    expect(cancelled.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await order(goods)).status).toBe(201);
    expect((await order(goods)).status).toBe(409);
  });

  it('within a minute what was pushed since Haier was asked still counts', async () => {
    const goods = await haierProduct(3);
    const { clock } = compiled<typeof import('../../src/platform/clock')>('src/platform/clock');
    const now = clock.now();
    const longAgo = new Date(now.getTime() - 120_000);
    for (const pushedAt of [now, longAgo]) {
      const placed = (await order(goods)).body.data as { documentId: string };
      const { id } = await app.strapi.db
        .connection('orders')
        .where('document_id', placed.documentId)
        .first('id');
      await app.strapi.db
        .connection('orders')
        .where({ id })
        .update({ status: 'paid', haier_status: 'pushed', updated_at: clock.now() });
      await app.strapi.db.connection('order_histories').insert({
        document_id: unique('history'),
        order_id: id,
        from: 'paid',
        to: 'paid',
        event: 'haier:pushed',
        actor_type: 'system',
        created_at: pushedAt,
        updated_at: pushedAt,
      });
    }
    // Of the one that was pushed before Haier was asked Haier's figure knows.
    expect((await availability(goods)).body.data.stock).toBe(2);
  });

  it('the same request sent twice at once is one order', async () => {
    const goods = await haierProduct(1);
    const key = randomUUID();
    const answers = await Promise.all([order(goods, { key }), order(goods, { key }), order(goods, { key })]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ body }) => body.data.documentId)).size).toBe(1);
  });

  it('mistake 6: no transaction is open while Haier thinks about it', async () => {
    const goods = await haierProduct(1);
    const own = await stockProduct(app, staff, 5);
    const { createSupplierStock } =
      compiled<typeof import('../../src/haier/supplier-stock')>('src/haier/supplier-stock');
    const { connectSupplierStock } = compiled<typeof import('../../src/api/product/supplier-stock')>(
      'src/api/product/supplier-stock',
    );
    const { connectHaier } = compiled<typeof import('../../src/haier')>('src/haier');
    let answer = (): void => undefined;
    const isAsked = new Promise<void>((asked) => {
      connectSupplierStock(
        createSupplierStock({
          async readStock(productCode, countyCode) {
            await new Promise<void>((done) => {
              answer = done;
              asked();
            });
            return { productCode, countyCode, pieces: 1, deliveryPromise: null, warehouses: [], ageMs: 0 };
          },
        }),
      );
    });
    try {
      const waiting = order(goods).then((done) => done);
      await isAsked;
      const asked = await databaseTime();
      // SQLite has one connection: were it held, these would wait for Haier too. PostgreSQL says who holds one.
      await placeOrder(app, buyer, own);
      await placeOrder(app, buyer, own);
      expect(await openSince(asked)).toEqual([]);
      answer();
      expect((await waiting).status).toBe(201);
    } finally {
      connectHaier(app.strapi);
    }
  });

  it('mistake 6: inside a transaction Haier is not asked at all, and no known answer is given', async () => {
    const goods = await haierProduct(1);
    await availability(goods).expect(200);
    const { getService } = compiled<
      typeof import('../../src/plugins/haier-integration/server/src/plugin-services')
    >('src/plugins/haier-integration/server/src/plugin-services');
    const { supplierStock } = compiled<typeof import('../../src/api/product/supplier-stock')>(
      'src/api/product/supplier-stock',
    );
    const { inTransaction } = compiled<typeof import('../../src/platform/database')>('src/platform/database');
    const line = { product: { documentId: goods.product, code: goods.code }, quantity: 1 };
    await inTransaction(async () => {
      await expect(getService('stockReader').read(goods.code, DISTRICT)).rejects.toThrow(/transaction/);
      await expect(supplierStock.assertAvailable([line], DISTRICT)).rejects.toThrow(/transaction/);
    });
    expect(questions(goods)).toHaveLength(1);
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
      { stock: 5, isAvailable: true, problem: null, deliveryPromise: '1日达' },
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
