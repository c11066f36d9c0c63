import { compiled, startApp, type TestApp } from '../support/app';
import { documents, makeCategory } from '../support/factories/catalogue';
import {
  connect,
  DISCOUNT_UID,
  goodsFor100,
  makeDiscount,
  previewLine,
} from '../support/factories/discounts';
import { type Buyer, createBuyer } from '../support/factories/orders';
import { panelUser, type PanelUser } from '../support/factories/panel';

const FORM = `/content-manager/collection-types/${DISCOUNT_UID}`;

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
const off = async (goods: string): Promise<number> => (await previewLine(app, buyer, goods)).discountAmount;

describe('saving a discount', () => {
  let merchant: PanelUser;
  beforeAll(async () => {
    merchant = await panelUser(app, 'merchant');
  });

  const save = (data: Record<string, unknown>) =>
    merchant.call('post', FORM).send({ name: '优惠', kind: 'percent', value: 10, isActive: true, ...data });

  it.each([
    ['selected without a product or category', { appliesTo: 'selected' }, 'products', /指定.*商品或分类/],
    ['selected without a shopper', { audience: 'selected' }, 'users', /指定.*顾客/],
    ['three places', { value: 12.345 }, 'value', /两位小数/],
    ['more than 100 %', { value: 100.01 }, 'value', /100/],
    [
      'an end before its beginning',
      { startsAt: '2026-11-12T00:00:00.000Z', endsAt: '2026-11-11T00:00:00.000Z' },
      'endsAt',
      /结束时间/,
    ],
  ])('is refused with %s, at the field', async (_name, data, field, sentence) => {
    const answer = await save(data);
    expect([answer.status, answer.body.error?.details?.errors?.[0]?.path]).toEqual([400, [field]]);
    expect(answer.body.error.message).toMatch(sentence);
    expect(await app.strapi.db.connection('discounts')).toEqual([]);
  });

  it('is refused when it covers all and yet names products, categories or shoppers', async () => {
    const [goods, shelf] = [await product(), await makeCategory(app)];
    for (const data of [
      { appliesTo: 'all', products: connect(goods) },
      { appliesTo: 'all', categories: connect(shelf.documentId) },
      { audience: 'everyone', users: connect(buyer.user.documentId) },
    ]) {
      expect((await save(data)).status).toBe(400);
    }
    expect(await app.strapi.db.connection('discounts')).toEqual([]);
  });

  it('is refused when an update takes away the last of what it names', async () => {
    const goods = await product();
    const { documentId } = (await save({ appliesTo: 'selected', products: connect(goods) })).body.data;
    const emptied = await merchant
      .call('put', `${FORM}/${documentId}`)
      .send({ products: { disconnect: [{ documentId: goods }] } });
    expect([emptied.status, emptied.body.error?.details?.errors?.[0]?.path]).toEqual([400, ['products']]);
    expect(await off(goods)).toBe(10);
    const renamed = await merchant.call('put', `${FORM}/${documentId}`).send({ name: '新名' });
    expect(renamed.status).toBe(200);
  });

  it('lets staff switch off one that names nothing any more', async () => {
    const goods = await product();
    const { documentId } = (await save({ appliesTo: 'selected', products: connect(goods) })).body.data;
    await documents(app, 'api::product.product').delete({ documentId: goods, locale: '*' });
    const on = await merchant.call('put', `${FORM}/${documentId}`).send({ name: '新名' });
    expect(on.status).toBe(400);
    const switchedOff = await merchant.call('put', `${FORM}/${documentId}`).send({ isActive: false });
    expect(switchedOff.status).toBe(200);
  });

  it('takes what is named for the scope when nothing states one', async () => {
    const goods = await product();
    const made = await discount({ products: connect(goods), users: connect(buyer.user.documentId) });
    expect(made).toMatchObject({ appliesTo: 'selected', audience: 'selected' });
    expect(await discount({})).toMatchObject({ appliesTo: 'all', audience: 'everyone' });
  });
});

it('states the scope of rows from before there was one, by what they name', async () => {
  const { stateDiscountScopes } = compiled<typeof import('../../src/api/discount/discount-scope')>(
    'src/api/discount/discount-scope',
  );
  const [named, other] = [await product(), await product()];
  const old = await discount({ products: connect(named) });
  const open = await discount({ value: 5 });
  await app.strapi.db.connection('discounts').update({ applies_to: null, audience: null });
  await stateDiscountScopes();
  const rows = await app.strapi.db
    .connection('discounts')
    .whereIn('document_id', [old.documentId, open.documentId])
    .orderBy('id')
    .select('applies_to', 'audience');
  expect(rows).toEqual([
    { applies_to: 'selected', audience: 'everyone' },
    { applies_to: 'all', audience: 'everyone' },
  ]);
  expect([await off(named), await off(other)]).toEqual([10, 5]);
});
