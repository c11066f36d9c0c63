import { compiled, startApp, type TestApp } from '../support/app';
import { unique } from '../support/factories/catalogue';
import {
  codeOf,
  type HaierProduct,
  makeHaierProduct,
  stockQuestions,
} from '../support/factories/haier-goods';
import { type Buyer, createBuyer, placeOrder } from '../support/factories/orders';

/** Haier's last pieces, wanted by several at once. */

let app: TestApp;
let buyer: Buyer;
beforeAll(async () => {
  app = await startApp();
  buyer = await createBuyer(app);
});
afterAll(() => app?.stop());

const haierProduct = (...pieces: number[]) => makeHaierProduct(app, ...pieces);
const order = ({ product }: HaierProduct, by = buyer) =>
  app.api('post', '/orders', by.token).send({ data: { product, quantity: 1, address: by.address } });
const availability = ({ product }: HaierProduct) =>
  app.api('get', `/products/${product}/availability`).query({ districtCode: '370212' });

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

/** Resolves when a transaction waits for a lock of another, or will not; on SQLite the second cannot even begin. */
async function somebodyWaits(hasEnded: () => boolean): Promise<void> {
  while (isPostgres() && !hasEnded()) {
    const { rows } = (await app.strapi.db.connection.raw(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event = 'advisory'`,
    )) as Rows<unknown>;
    if (rows.length > 0) return;
  }
}

describe('a piece of Haier’s', () => {
  it('that is the last goes to one of many shoppers, also while Haier’s answer is a minute old', async () => {
    const goods = await haierProduct(1, 1);
    const buyers = [buyer, await createBuyer(app), await createBuyer(app)];
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => order(goods, buyers[index % 3])),
    );
    const placed = answers.filter(({ status }) => status === 201);
    expect(placed).toHaveLength(2);
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expect(codeOf(answer)).toEqual([409, 'OUT_OF_STOCK']);
      expect(answer.body.error.details.items).toEqual([
        { product: goods.product, requested: 1, available: 0 },
      ]);
    }
    expect(stockQuestions(app, goods)).toHaveLength(1);
    // Who gives up leaves the piece to the next.
    const owner = placed[0]?.body.data.documentId as string;
    const cancelled = await Promise.all(
      buyers.map(({ token }) => app.api('post', `/orders/${owner}/cancel`, token).send({})),
    );
    expect(cancelled.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await order(goods)).status).toBe(201);
    expect((await order(goods)).status).toBe(409);
  });

  it('waits with its count for whoever is writing orders of the same product, and then counts those too', async () => {
    const goods = await haierProduct(9);
    const placed = await placeOrder(app, buyer, goods.product);
    const { id, ...like } = await app.strapi.db
      .connection('orders')
      .where('document_id', placed.documentId)
      .first();
    expect(id).toBeGreaterThan(0);
    const { inTransaction } = compiled<typeof import('../../src/platform/database')>('src/platform/database');
    const { keepWithinAllowances } = compiled<
      typeof import('../../src/api/order/services/supplier-allowance')
    >('src/api/order/services/supplier-allowance');
    const wanted = { product: goods.product, productId: Number(like.product_id), quantity: 1 };
    // Two pieces, one of them promised: there is one left for both.
    const word = { product: goods.product, pieces: 2, askedAt: new Date() };
    const write = (beforeCommit: () => Promise<void>) =>
      inTransaction(async (tx) => {
        await tx('orders').insert({ ...like, order_number: unique('D'), document_id: unique('order') });
        await keepWithinAllowances(tx, [wanted], [word]);
        await beforeCommit();
      });
    let hasEnded = false;
    let counted = (): void => undefined;
    const hasCounted = new Promise<void>((resolve) => (counted = resolve));
    const first = write(async () => {
      counted();
      await somebodyWaits(() => hasEnded);
    });
    await hasCounted;
    const second = write(() => Promise.resolve()).finally(() => (hasEnded = true));
    await expect(second).rejects.toMatchObject({ code: 'OUT_OF_STOCK' });
    await first;
    expect(await countOrders(goods)).toBe(2);
  });

  it('within a minute what was pushed since Haier was asked still counts', async () => {
    const goods = await haierProduct(3);
    const { clock } = compiled<typeof import('../../src/platform/clock')>('src/platform/clock');
    for (const secondsAgo of [0, 120]) {
      const placed = (await order(goods)).body.data as { documentId: string };
      const pushedAt = new Date(clock.now().getTime() - secondsAgo * 1000);
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
});
