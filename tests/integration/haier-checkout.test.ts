import { randomUUID } from 'node:crypto';

import { HAIER_PATHS } from '../../sandbox';
import { compiled, startApp, type TestApp } from '../support/app';
import { createAddress, signInShopper } from '../support/factories/accounts';
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
afterEach(() => app?.sandbox.control.clearFaults());
afterAll(() => app?.stop());

const haierProduct = (...pieces: number[]) => makeHaierProduct(app, ...pieces);
const questions = (goods: HaierProduct) => stockQuestions(app, goods);
const order = ({ product }: HaierProduct, { quantity = 1, by = buyer, key = randomUUID() } = {}) =>
  app
    .api('post', '/orders', by.token)
    .set('Idempotency-Key', key)
    .send({ data: { product, quantity, address: by.address } });
const checkout = (items: { product: string; quantity: number }[], by = buyer) =>
  app.api('post', '/orders/checkout', by.token).send({ items, address: by.address });
const availability = ({ product }: HaierProduct, districtCode = DISTRICT) =>
  app.api('get', `/products/${product}/availability`).query({ districtCode });

const countOrders = async ({ product }: HaierProduct): Promise<number> => {
  const [row] = await app.strapi.db
    .connection('orders')
    .where('product_document_id', product)
    .count({ total: 'id' });
  return Number(row?.total);
};

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
