/** Lists ask the database a fixed number of questions, however many rows they show. */
import { startApp, type TestApp } from '../support/app';
import { signInShopper } from '../support/factories/accounts';
import { countStatements } from '../support/factories/catalogue';
import {
  type Buyer,
  createBuyer,
  createStaff,
  placeOrder,
  placePaidOrder,
  stockProduct,
} from '../support/factories/orders';

let app: TestApp;
let buyer: Buyer;
let staff: Awaited<ReturnType<typeof createStaff>>;

beforeAll(async () => {
  app = await startApp();
  buyer = await createBuyer(app);
  staff = await createStaff(app);
});
afterAll(() => app?.stop());

const stocked = (more: Record<string, unknown> = {}) => stockProduct(app, staff, 20, more);

/** How many rows a list shows and how many statements it took. */
async function measure(path: string, token: string): Promise<{ rows: number; statements: number }> {
  let rows = 0;
  const statements = await countStatements(app, async () => {
    const { status, body } = await app.api('get', path, token);
    expect(status).toBe(200);
    const data = body.data as unknown[] | { items: unknown[] };
    rows = Array.isArray(data) ? data.length : data.items.length;
  });
  return { rows, statements: statements.length };
}

/** Measures before and after `more`, which must add rows and no statements. */
async function expectNoMore(path: string, token: string, more: () => Promise<unknown>): Promise<void> {
  const few = await measure(path, token);
  await more();
  const many = await measure(path, token);
  expect(many.rows).toBeGreaterThanOrEqual(few.rows + 4);
  expect(many.statements).toBeLessThanOrEqual(few.statements);
}

const times = async (count: number, work: () => Promise<unknown>): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await work();
};

describe('a list asks no more of the database for more rows', () => {
  it.each([
    ['of orders, for their shopper', () => buyer.token],
    ['of orders, for staff', () => staff.token],
  ])('%s', async (_name, token) => {
    const order = async () => placeOrder(app, buyer, await stocked());
    await order();
    await expectNoMore('/orders', token(), () => times(4, order));
  });

  it('of refunds', async () => {
    const refund = async () => {
      const { order } = await placePaidOrder(app, buyer, await stocked());
      const answer = await app
        .api('post', `/orders/${order.documentId}/refund`, buyer.token)
        .send({ reason: '不想要了' });
      expect(answer.status).toBe(202);
    };
    await refund();
    await expectNoMore('/refunds', staff.token, () => times(4, refund));
  });

  it('of users', async () => {
    await expectNoMore('/users', staff.token, () => times(4, () => signInShopper(app)));
  });

  it('of what is in a cart', async () => {
    const add = async () => {
      const answer = await app
        .api('post', '/cart/items', buyer.token)
        .send({ data: { product: await stocked(), quantity: 1 } });
      expect(answer.status).toBe(200);
    };
    await add();
    await expectNoMore('/cart', buyer.token, () => times(4, add));
  });

  it('of stock movements', async () => {
    const product = await stocked();
    const adjust = () =>
      app.api('post', `/inventory/${product}/adjust`, staff.token).send({ delta: 1, reason: '盘点' });
    await expectNoMore(`/inventory/${product}/logs`, staff.token, () => times(4, adjust));
  });
});

describe('the cart', () => {
  it('holds as many lines as one checkout takes, and not one more', async () => {
    const shopper = await createBuyer(app);
    const { user } = shopper;
    const product = await stocked();
    const { connection } = app.strapi.db;
    const add = (documentId: string) =>
      app.api('post', '/cart/items', shopper.token).send({ data: { product: documentId, quantity: 1 } });
    await add(product);
    const { id: userId } = await connection('up_users').where('document_id', user.documentId).first('id');
    const { id: cart } = await connection('carts').where('user_id', userId).first('id');
    const filler = Array.from({ length: 48 }, (_, line) => ({
      document_id: `filler${String(line).padStart(18, '0')}`,
      cart_id: cart as number,
      product_document_id: `gone${String(line).padStart(20, '0')}`,
      quantity: 1,
    }));
    await connection('cart_items').insert(filler);
    expect((await add(await stocked())).status).toBe(200);
    const full = await add(await stocked());
    expect([full.status, full.body.error.details.code]).toEqual([400, 'VALIDATION_FAILED']);
    // More of what is there is no new line.
    expect((await add(product)).status).toBe(200);
    const items = (await app.api('get', '/cart', shopper.token)).body.data.items as { documentId: string }[];
    expect(items).toHaveLength(50);
    const checkout = await app.api('post', '/orders/preview', shopper.token).send({
      cartItems: items.map(({ documentId }) => documentId),
      address: shopper.address,
    });
    // Not refused for its length: some of the goods are gone.
    expect([checkout.status, checkout.body.error.details.code]).toEqual([404, 'NOT_FOUND']);
  });
});

describe('the ledger of a product', () => {
  it('tells each movement, newest first, with who did it and why', async () => {
    const product = await stockProduct(app, staff, 5);
    const order = await placeOrder(app, buyer, product, 2);
    await app.api('post', `/orders/${order.documentId}/cancel`, buyer.token).send({ reason: '改主意' });
    await app.api('post', `/inventory/${product}/adjust`, staff.token).send({ delta: -1, reason: '破损' });
    const { body } = await app.api('get', `/inventory/${product}/logs`, staff.token);
    const of = { documentId: expect.any(String), createdAt: expect.stringMatching(/Z$/) };
    expect(body.data).toEqual([
      {
        ...of,
        changeType: 'adjust',
        quantity: -1,
        onHandAfter: 4,
        lockedAfter: 0,
        reason: '破损',
        order: null,
        operator: `staff:${staff.user.documentId}`,
      },
      expect.objectContaining({
        changeType: 'release',
        onHandAfter: 5,
        lockedAfter: 0,
        order: order.documentId,
      }),
      expect.objectContaining({
        changeType: 'lock',
        onHandAfter: 5,
        lockedAfter: 2,
        order: order.documentId,
      }),
      expect.objectContaining({
        changeType: 'adjust',
        quantity: 5,
        onHandAfter: 5,
        reason: '入库',
        order: null,
      }),
    ]);
    const locks = await app.api(
      'get',
      `/inventory/${product}/logs?filters[changeType]=lock&pagination[pageSize]=1`,
      staff.token,
    );
    expect(locks.body.data).toHaveLength(1);
    expect(locks.body.meta.pagination).toMatchObject({ total: 1 });
    expect((await app.api('get', `/inventory/${product}/logs`, buyer.token)).status).toBe(403);
  });
});
