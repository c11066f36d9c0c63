import { compiled, startApp, type TestApp } from '../support/app';
import {
  type Buyer,
  createBuyer,
  createStaff,
  payAtWechat,
  placeOrder,
  readStock,
  startPaying,
  stockProduct,
} from '../support/factories/orders';

type Database = typeof import('../../src/platform/database');

let app: TestApp;
let buyer: Buyer;
let staff: Awaited<ReturnType<typeof createStaff>>;
let database: Database;

beforeAll(async () => {
  app = await startApp();
  buyer = await createBuyer(app);
  staff = await createStaff(app);
  database = compiled<Database>('src/platform/database');
});
afterAll(() => app.stop());

const order = async (product: string, quantity = 1): Promise<string> =>
  (await placeOrder(app, buyer, product, quantity)).documentId;
const statusOf = async (documentId: string) => {
  const [row] = (await database
    .query('api::order.order')
    .where('document_id', documentId)
    .select('status', 'cancel_reason', 'version')) as { status: string }[];
  return row;
};

describe('deadlines that fall together', () => {
  it('are met for each order as it stands: unpaid, being paid, paid, cancelled', async () => {
    const [a, b] = [
      await stockProduct(app, staff, 20, { price: 10 }),
      await stockProduct(app, staff, 20, { price: 10 }),
    ];
    const unpaid = [await order(a, 2), await order(b), await order(a), await order(b, 3)];
    const paying = await order(a);
    await startPaying(app, buyer, { order: paying });
    const paid = await order(b);
    const { payParams } = await startPaying(app, buyer, { order: paid });
    await payAtWechat(app, buyer, payParams);
    const cancelled = await order(a);
    await app.api('post', `/orders/${cancelled}/cancel`, buyer.token).send({ reason: '不要了' });
    await app.advance(31 * 60_000);
    await app.drain();

    for (const id of [...unpaid, paying])
      expect(await statusOf(id)).toMatchObject({
        status: 'cancelled',
        cancel_reason: '超时未付款',
        version: 2,
      });
    expect((await statusOf(paid))?.status).toBe('paid');
    expect(await statusOf(cancelled)).toMatchObject({ cancel_reason: '不要了' });
    expect(await readStock(app, staff, a)).toEqual({ onHand: 20, locked: 0, stock: 20 });
    expect(await readStock(app, staff, b)).toEqual({ onHand: 20, locked: 1, stock: 19 });

    const logs = (await database
      .query('api::inventory.inventory-log')
      .where({ product_document_id: a, change_type: 'release' })
      .orderBy('id')
      .select('quantity', 'locked_delta', 'locked_after')) as {
      quantity: number;
      locked_delta: number;
      locked_after: number;
    }[];
    expect(logs.map(({ quantity }) => quantity).sort()).toEqual([1, 1, 1, 2]);
    for (const log of logs) expect(log.locked_delta).toBe(-log.quantity);
    expect(logs.at(-1)?.locked_after).toBe(0);
    const history = await database
      .query('api::order.order-history')
      .where({ event: 'expire', actor_type: 'system' })
      .select('from', 'to');
    expect(history).toHaveLength(5);
    expect(new Set(history.map((row: object) => JSON.stringify(row)))).toEqual(
      new Set([JSON.stringify({ from: 'pending', to: 'cancelled' })]),
    );
  });

  it('are met although one order of the round cannot be worked', async () => {
    const [good, bad] = [
      await stockProduct(app, staff, 5, { price: 10 }),
      await stockProduct(app, staff, 5, { price: 10 }),
    ];
    const orders = [await order(good), await order(bad), await order(good)];
    // The figures of one product were changed behind the shop's back.
    await database
      .query('api::inventory.inventory-item')
      .where('product_document_id', bad)
      .update({ locked: 0 });
    await app.advance(31 * 60_000);
    await app.drain();
    expect(await Promise.all(orders.map(async (id) => (await statusOf(id))?.status))).toEqual([
      'cancelled',
      'pending',
      'cancelled',
    ]);
    expect((await readStock(app, staff, good)).locked).toBe(0);
  });

  it('that were moved are met at their new time', async () => {
    const product = await stockProduct(app, staff, 5, { price: 10 });
    const id = await order(product);
    const { clock } = compiled<typeof import('../../src/platform/clock')>('src/platform/clock');
    await database
      .query('api::order.order')
      .where('document_id', id)
      .update({ expires_at: new Date(clock.now().getTime() + 60 * 60_000) });
    await app.advance(31 * 60_000);
    await app.drain();
    expect((await statusOf(id))?.status).toBe('pending');
    await app.advance(30 * 60_000);
    await app.drain();
    expect((await statusOf(id))?.status).toBe('cancelled');
  });
});
