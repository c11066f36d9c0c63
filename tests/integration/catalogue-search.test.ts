import { type TestApp, startApp } from '../support/app';
import { makeBranch, makeBrand, makeProduct, setStock, unique } from '../support/factories/catalogue';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

type Query = Record<string, string>;
const list = (query: Query = {}) => app.api('get', '/products').query(query);
const ids = (body: { data: { documentId: string }[] }): string[] =>
  body.data.map(({ documentId }) => documentId);

async function listIds(query: Query): Promise<string[]> {
  const { status, body } = await list(query);
  expect(status).toBe(200);
  return ids(body);
}

async function expectRefused(query: Query, path?: (string | number)[]): Promise<void> {
  const { status, body } = await list(query);
  expect(status).toBe(400);
  expect(body.data).toBeNull();
  expect(body.error.details.code).toBe('VALIDATION_FAILED');
  if (path !== undefined)
    expect(body.error.details.errors.map((error: { path: unknown }) => error.path)).toContainEqual(path);
}

describe('languages', () => {
  it('reads texts in the language asked for, and Chinese when none is', async () => {
    const { item } = await makeBranch(app);
    const brand = await makeBrand(app, { english: unique('Brand') });
    const product = await makeProduct(app, {
      name: '滚筒洗衣机',
      category: item.documentId,
      brand: brand.documentId,
      specifications: { 容量: '10kg' },
      english: { name: 'Front loader', description: 'Quiet', specifications: { capacity: '10 kg' } },
    });
    const { body } = await app.api('get', `/products/${product.documentId}?locale=en`);
    expect(body.data).toMatchObject({
      name: 'Front loader',
      description: 'Quiet',
      specifications: { capacity: '10 kg' },
      locale: 'en',
    });
    // Nobody translated the category: its own name rather than none.
    expect(body.data.category).toEqual({ documentId: item.documentId, name: item.name });
    expect(body.data.brand.name).toMatch(/^Brand/);
    const { body: chinese } = await app.api('get', `/products/${product.documentId}`);
    expect(chinese.data).toMatchObject({
      name: '滚筒洗衣机',
      locale: 'zh-Hans',
      brand: { name: brand.name },
    });
  });

  it('leaves out what has no text in the language, as Strapi does', async () => {
    const product = await makeProduct(app);
    expect(await listIds({ locale: 'en', 'filters[documentId]': product.documentId })).toEqual([]);
    expect((await app.api('get', `/products/${product.documentId}?locale=en`)).status).toBe(404);
  });

  it('reads what is not text from the default row alone, whatever the other rows carry', async () => {
    const product = await makeProduct(app, { stock: 4, english: { name: unique('Fridge') } });
    await app.strapi.db
      .connection('products')
      .where({ document_id: product.documentId, locale: 'en' })
      .update({
        price: 1,
        sales_count: 999,
        view_count: 999,
        is_active: false,
        is_sales: false,
        source: 'haier',
        product_model: 'WRONG',
      });
    const { body } = await list({ locale: 'en', 'filters[documentId]': product.documentId });
    expect(body.data[0]).toMatchObject({
      price: 1999,
      salesCount: 0,
      viewCount: 0,
      isActive: true,
      isSales: true,
      source: 'local',
      productModel: null,
      stock: 4,
    });
    expect(
      await listIds({ locale: 'en', 'filters[documentId]': product.documentId, 'filters[price][$lt]': '10' }),
    ).toEqual([]);
    await app.strapi.db
      .connection('products')
      .where({ document_id: product.documentId, locale: 'zh-Hans' })
      .update({ is_active: false });
    expect(await listIds({ locale: 'en', 'filters[documentId]': product.documentId })).toEqual([]);
  });

  it.each(['fr', 'zh', 'EN', '*', 'zh-Hans; drop', ''])('refuses the language %p', async (locale) => {
    await expectRefused({ locale }, ['locale']);
    const { status } = await app.api('get', '/products/recommended').query({ locale });
    expect(status).toBe(400);
  });
});

describe('filters', () => {
  it('takes a category for everything below it', async () => {
    const branch = await makeBranch(app);
    const other = await makeBranch(app);
    const inItem = await makeProduct(app, {
      category: branch.item.documentId,
      english: { name: unique('Item') },
    });
    const inMajor = await makeProduct(app, { category: branch.major.documentId });
    const elsewhere = await makeProduct(app, { category: other.item.documentId });
    const of = (id: string) => listIds({ 'filters[category][documentId][$eq]': id });
    expect((await of(branch.major.documentId)).sort()).toEqual(
      [inItem.documentId, inMajor.documentId].sort(),
    );
    expect(await of(branch.minor.documentId)).toEqual([inItem.documentId]);
    expect(await listIds({ 'filters[category]': branch.item.documentId })).toEqual([inItem.documentId]);
    expect(await listIds({ 'filters[category]': branch.major.documentId, locale: 'en' })).toEqual([
      inItem.documentId,
    ]);
    expect(
      (
        await listIds({ 'filters[category][$in]': `${branch.major.documentId},${other.minor.documentId}` })
      ).sort(),
    ).toEqual([inItem.documentId, inMajor.documentId, elsewhere.documentId].sort());
    expect(await of('abcdefghijklmnopqrstuvwx')).toEqual([]);
  });

  it('takes brand, source, model and price, alone and together', async () => {
    const brand = await makeBrand(app);
    const make = (data: Record<string, unknown>) => makeProduct(app, { brand: brand.documentId, ...data });
    const cheap = await make({ price: 99.9, productModel: 'M-CHEAP' });
    const middle = await make({ price: 500 });
    const dear = await make({ price: 9999.99, source: 'haier' });
    const of = async (query: Query) =>
      await listIds({ 'filters[brand][documentId]': brand.documentId, sort: 'price', ...query });
    expect(await of({})).toEqual([cheap, middle, dear].map((p) => p.documentId));
    expect(await of({ 'filters[price][$eq]': '99.9' })).toEqual([cheap.documentId]);
    expect(await of({ 'filters[price][$lt]': '500' })).toEqual([cheap.documentId]);
    expect(await of({ 'filters[price][$lte]': '500' })).toEqual([cheap.documentId, middle.documentId]);
    expect(await of({ 'filters[price][$gt]': '99.9', 'filters[price][$lt]': '9999.99' })).toEqual([
      middle.documentId,
    ]);
    expect(await of({ 'filters[price][$gte]': '500', 'filters[source]': 'haier' })).toEqual([
      dear.documentId,
    ]);
    expect(await of({ 'filters[source][$ne]': 'haier' })).toEqual([cheap.documentId, middle.documentId]);
    expect(await of({ 'filters[productModel]': 'M-CHEAP' })).toEqual([cheap.documentId]);
  });

  it('takes inStock as more on hand than promised', async () => {
    const brand = await makeBrand(app);
    const make = (stock?: number) => makeProduct(app, { brand: brand.documentId, stock });
    const some = await make(2);
    const none = await make(0);
    const never = await make();
    const promised = await make(2);
    await app.strapi.db
      .connection('inventory_items')
      .where('product_document_id', promised.documentId)
      .update({ locked: 2 });
    const of = (inStock: string) =>
      listIds({ 'filters[brand]': brand.documentId, 'filters[inStock]': inStock, sort: 'createdAt' });
    expect(await of('true')).toEqual([some.documentId]);
    expect(await of('false')).toEqual([none, never, promised].map((p) => p.documentId));
    await setStock(app, none, 1);
    expect(await of('true')).toEqual([some.documentId, none.documentId]);
  });

  it.each<[Query, (string | number)[] | undefined]>([
    [{ nonsense: '1' }, ['nonsense']],
    [{ category: 'abcdefghijklmnopqrstuvwx' }, ['category']],
    [{ 'filters[nonsense]': '1' }, ['filters', 'nonsense']],
    [{ 'filters[brand][name]': 'x' }, undefined],
    [{ 'filters[$or][0][supplyPrice]': '1' }, ['filters', '$or', '0', 'supplyPrice']],
    [{ 'filters[price][$contains]': '1' }, ['filters', 'price', '$contains']],
    [{ 'filters[price][$lt]': '1 or 1=1' }, ['filters', 'price', '$lt']],
    [{ 'filters[price][$lt]': 'NaN' }, ['filters', 'price', '$lt']],
    [{ 'filters[price][$lt]': '1e30' }, ['filters', 'price', '$lt']],
    [{ 'filters[category][$ne]': 'abcdefghijklmnopqrstuvwx' }, ['filters', 'category', '$ne']],
    [{ 'filters[category]': "x' or '1'='1" }, ['filters', 'category', '$eq']],
    [{ 'filters[inStock]': 'perhaps' }, ['filters', 'inStock', '$eq']],
    [{ 'filters[inStock][$in]': 'true,false' }, ['filters', 'inStock']],
    [{ sort: 'name' }, ['sort']],
    [{ sort: 'price:sideways' }, ['sort']],
    [{ sort: 'price,price' }, ['sort']],
    [{ sort: 'price; drop table products' }, ['sort']],
    [{ 'pagination[page]': '0' }, ['pagination', 'page']],
    [{ 'pagination[pageSize]': '101' }, ['pagination', 'pageSize']],
    [{ 'pagination[size]': 'huge' }, ['pagination', 'size']],
    [{ 'pagination[cursor]': 'rubbish' }, ['pagination', 'cursor']],
    [{ search: 'x'.repeat(101) }, ['search']],
    [{ 'search[]': 'x' }, ['search']],
  ])('refuses %j', async (query, path) => {
    await expectRefused(query, path);
  });

  it('takes hostile texts for what they are: texts', async () => {
    const before = (await list()).body.meta.pagination.total;
    for (const text of [
      "'",
      '"',
      "' or 1=1 --",
      '%',
      '_',
      '\\',
      '😀',
      '<script>alert(1)</script>',
      "x'; delete from products; --",
      '$1',
      '?',
    ]) {
      const { status, body } = await list({ search: text });
      expect(status).toBe(200);
      expect(body.data).toEqual([]);
      expect((await list({ 'filters[source]': text })).body.data).toEqual([]);
    }
    expect((await list()).body.meta.pagination.total).toBe(before);
    expect((await list({ search: 'a\u0000b' })).status).toBe(400);
  });
});

describe('search', () => {
  it('finds names, models and codes, in Chinese and in any case', async () => {
    const product = await makeProduct(app, {
      name: '变频对开门冰箱Pro',
      productModel: 'QzW-510',
      productCode: 'Gx77Code',
      english: { name: 'Side-by-side Coolio' },
    });
    for (const text of ['冰箱', '对开门', '箱Pro', '箱pRO', 'qzw-5', 'GX77', '  冰箱　QZW  ', 'gx77 变频']) {
      expect(await listIds({ search: text })).toEqual([product.documentId]);
    }
    expect(await listIds({ search: 'coolIO side', locale: 'en' })).toEqual([product.documentId]);
    expect(await listIds({ search: 'qzw', locale: 'en' })).toEqual([product.documentId]);
    expect(await listIds({ search: '冰箱 洗衣机qq' })).toEqual([]);
    expect(await listIds({ search: '冰箱', locale: 'en' })).toEqual([]);
  });

  it('takes per cent, underscore and backslash literally', async () => {
    const product = await makeProduct(app, { name: '省电50%_新\\品qx' });
    await makeProduct(app, { name: '省电50元新款qx' });
    for (const text of ['50%_', '新\\品', '50%'])
      expect(await listIds({ search: text })).toEqual([product.documentId]);
    expect(await listIds({ search: 'qx', 'filters[price][$gt]': '100000' })).toEqual([]);
  });

  it('with nothing to search for is the whole list', async () => {
    const all = (await list()).body.meta.pagination.total;
    expect((await list({ search: '' })).body.meta.pagination.total).toBe(all);
    expect((await list({ search: '  ' })).body.meta.pagination.total).toBe(all);
  });
});
