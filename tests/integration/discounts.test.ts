import { compiled, startApp, type TestApp } from '../support/app';
import { countStatements, documents, makeBranch, makeCategory } from '../support/factories/catalogue';
import {
  connect,
  DISCOUNT_UID,
  goodsFor100,
  makeDiscount,
  previewLine,
} from '../support/factories/discounts';
import { type Buyer, createBuyer } from '../support/factories/orders';

let app: TestApp;
let buyer: Buyer;

beforeAll(async () => {
  app = await startApp();
  buyer = await createBuyer(app);
});
afterAll(() => app?.stop());
// A discount for everything would change the prices of the tests after it.
afterEach(() => app.strapi.db.connection('discounts').delete());

const discount = (data: Record<string, unknown>) => makeDiscount(app, data);
const product = (more: Record<string, unknown> = {}) => goodsFor100(app, more);
/** What is taken off, in yuan. */
const off = async (goods: string, quantity = 1, who = buyer): Promise<number> =>
  (await previewLine(app, who, goods, quantity)).discountAmount;

/** Columns of a row that no form would take, or that the clock decides. */
const setColumns = (documentId: string, columns: Record<string, unknown>) =>
  app.strapi.db.connection('discounts').where('document_id', documentId).update(columns);

describe('what a discount covers', () => {
  it('is everything when it says so', async () => {
    await discount({ appliesTo: 'all' });
    expect(await off(await product())).toBe(10);
  });

  it('is the products it names, and no others', async () => {
    const [named, other] = [await product(), await product()];
    await discount({ appliesTo: 'selected', products: connect(named) });
    expect([await off(named), await off(other)]).toEqual([10, 0]);
  });

  it('is everything below the categories it names, in every level', async () => {
    const [branch, sibling] = [await makeBranch(app), await makeBranch(app)];
    const inside = await product({ category: branch.item.documentId });
    const beside = await product({ category: sibling.item.documentId });
    const without = await product();
    for (const level of ['major', 'minor', 'item'] as const) {
      const made = await discount({ appliesTo: 'selected', categories: connect(branch[level].documentId) });
      expect([level, await off(inside), await off(beside), await off(without)]).toEqual([level, 10, 0, 0]);
      await documents(app, DISCOUNT_UID).delete({ documentId: made.documentId });
    }
    const above = await product({ category: branch.minor.documentId });
    await discount({ appliesTo: 'selected', categories: connect(branch.item.documentId) });
    expect([await off(inside), await off(above)]).toEqual([10, 0]);
  });

  it('is a product or a category when it names both', async () => {
    const { item } = await makeBranch(app);
    const [named, inside, other] = [
      await product(),
      await product({ category: item.documentId }),
      await product(),
    ];
    await discount({
      appliesTo: 'selected',
      products: connect(named),
      categories: connect(item.documentId),
    });
    expect([await off(named), await off(inside), await off(other)]).toEqual([10, 10, 0]);
  });

  it.each([
    [
      'product',
      async () => {
        const only = await product();
        await discount({ appliesTo: 'selected', products: connect(only) });
        await documents(app, 'api::product.product').delete({ documentId: only, locale: '*' });
      },
    ],
    [
      'category',
      async () => {
        const only = await makeCategory(app);
        await discount({ appliesTo: 'selected', categories: connect(only.documentId) });
        await documents(app, 'api::category.category').delete({ documentId: only.documentId, locale: '*' });
      },
    ],
    [
      'shopper',
      async () => {
        const only = await createBuyer(app);
        await discount({ audience: 'selected', users: connect(only.user.documentId) });
        await app.strapi.db.connection('up_users').where('document_id', only.user.documentId).delete();
      },
    ],
  ])('is nothing once the one %s it names is deleted', async (_name, makeAndDelete) => {
    await makeAndDelete();
    expect(await app.strapi.db.connection('discounts')).toHaveLength(1);
    expect(await off(await product())).toBe(0);
  });
});

describe('whom a discount is for', () => {
  it('is everyone, or the shoppers it names', async () => {
    const [named, other] = [await createBuyer(app), await createBuyer(app)];
    const goods = await product();
    await discount({ audience: 'selected', users: connect(named.user.documentId) });
    expect([await off(goods, 1, named), await off(goods, 1, other)]).toEqual([10, 0]);
    await discount({ audience: 'everyone', value: 5 });
    expect([await off(goods, 1, named), await off(goods, 1, other)]).toEqual([10, 5]);
  });
});

describe('when a discount counts', () => {
  const from = (ms: number) =>
    new Date(
      compiled<typeof import('../../src/platform/clock')>('src/platform/clock').clock.now().getTime() + ms,
    );

  it.each([
    ['has begun and not ended', -1000, 60_000, 10],
    ['begins later', 60_000, 120_000, 0],
    ['has ended', -120_000, -1000, 0],
    ['has begun and never ends', -1000, null, 10],
    ['began always and ends later', null, 60_000, 10],
    ['began always and has ended', null, -1000, 0],
    ['has no dates', null, null, 10],
  ])('counts one that %s', async (_name, starts, ends, expected) => {
    await discount({
      startsAt: starts === null ? null : from(starts),
      endsAt: ends === null ? null : from(ends),
    });
    expect(await off(await product())).toBe(expected);
  });

  it('counts from its first millisecond to the last before its end', async () => {
    const { readDiscountBook } = compiled<typeof import('../../src/api/discount/discount-rules')>(
      'src/api/discount/discount-rules',
    );
    const goods = await product();
    const made = await discount({});
    const at = new Date('2026-11-11T00:00:00.000Z');
    const near = (ms: number) => new Date(at.getTime() + ms);
    const counts = async (columns: Record<string, unknown>) => {
      await setColumns(made.documentId, { starts_at: null, ends_at: null, ...columns });
      return (await readDiscountBook(undefined, [goods], { now: at })).forProduct({ documentId: goods })
        .length;
    };
    expect([await counts({ starts_at: at }), await counts({ starts_at: near(1) })]).toEqual([1, 0]);
    expect([await counts({ ends_at: near(1) }), await counts({ ends_at: at })]).toEqual([1, 0]);
  });

  it('does not count one that is off', async () => {
    const goods = await product();
    const made = await discount({ isActive: false });
    expect(await off(goods)).toBe(0);
    await setColumns(made.documentId, { is_active: null });
    expect(await off(goods)).toBe(0);
  });

  it('counts from the smallest number of pieces on', async () => {
    const goods = await product();
    await discount({ kind: 'amount', value: 3, minQuantity: 2 });
    expect([await off(goods, 1), await off(goods, 2), await off(goods, 3)]).toEqual([0, 6, 9]);
  });
});

describe('how much a discount takes off', () => {
  it('is the best single one, never a sum', async () => {
    const goods = await product();
    await discount({ name: '九折', value: 10 });
    await discount({ name: '减十五', kind: 'amount', value: 15, products: connect(goods) });
    await discount({ name: '减十二', kind: 'amount', value: 12, priority: 99 });
    const { discountAmount, items } = await previewLine(app, buyer, goods, 2);
    expect([discountAmount, items[0]?.discountName]).toEqual([30, '减十五']);
  });

  it('is named after the one of higher priority when two take off the same', async () => {
    const goods = await product();
    await discount({ name: '普通', priority: 1 });
    await discount({ name: '优先', priority: 2 });
    expect((await previewLine(app, buyer, goods)).items[0]?.discountName).toBe('优先');
  });

  it('is the whole price at 100 %, and never more than the price', async () => {
    const goods = await product();
    await discount({ value: 100 });
    expect(await previewLine(app, buyer, goods)).toMatchObject({ discountAmount: 100, actualAmount: 0 });
    await discount({ kind: 'amount', value: 100.01 });
    expect(await previewLine(app, buyer, goods)).toMatchObject({ discountAmount: 100, actualAmount: 0 });
  });

  it('is the same in the cart', async () => {
    const who = await createBuyer(app);
    const goods = await product();
    await discount({ value: 12.5, products: connect(goods) });
    const cart = await app
      .api('post', '/cart/items', who.token)
      .send({ data: { product: goods, quantity: 2 } });
    expect(cart.body.data).toMatchObject({ discountAmount: 25, actualAmount: 175 });
  });

  it('is rounded for a value with three places that is in the table already', async () => {
    const goods = await product();
    const made = await discount({ kind: 'amount', value: 12 });
    await setColumns(made.documentId, { value: 12.345 });
    expect(await off(goods)).toBe(12.35);
  });
});

it('reads the discounts of a whole basket with one statement', async () => {
  const { readDiscountBook } = compiled<typeof import('../../src/api/discount/discount-rules')>(
    'src/api/discount/discount-rules',
  );
  const { item } = await makeBranch(app);
  const basket = [await product({ category: item.documentId }), await product(), await product()];
  await discount({ products: connect(basket[1] as string) });
  await discount({ categories: connect(item.documentId) });
  await discount({ users: connect(buyer.user.documentId) });
  const statements = await countStatements(app, () => readDiscountBook(undefined, basket));
  // Without what Strapi still reads in the background of the discounts it has just written.
  expect(statements.filter((sql) => !sql.includes('__strapi'))).toHaveLength(1);
});
