import { compiled, type TestApp, startApp } from '../support/app';
import { BRAND_UID, countStatements, linkPicture, makeBranch, makeBrand, makeProduct, PRODUCT_UID, setStock, unique } from '../support/factories/catalogue';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

type Query = Record<string, string>;
const list = (query: Query = {}) => app.api('get', '/products').query(query);
const ids = (body: { data: { documentId: string }[] }): string[] => body.data.map(({ documentId }) => documentId);

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
  if (path !== undefined) expect(body.error.details.errors.map((error: { path: unknown }) => error.path)).toContainEqual(path);
}

const SECRETS = [
  'supplyPrice', 'invoicePrice', 'marketPrice', 'stockRebate', 'rebateMoney', 'productCode', 'createdBy', 'updatedBy', 'SECRETCODE',
  'supply_price', 'product_code', '1234.56', '1345.67', '2456.78', '12.34', '23.45',
];
const expectNoSecret = (text: string): void => {
  for (const secret of SECRETS) expect(text).not.toContain(secret);
};

describe('what a product looks like', () => {
  it('has everything a card shows, and in detail everything its page shows', async () => {
    const { item } = await makeBranch(app);
    const brand = await makeBrand(app);
    const product = await makeProduct(app, {
      description: '一级能效',
      specifications: { 容量: '500L' },
      productModel: 'BCD-500',
      productGroup: '冰箱',
      category: item.documentId,
      brand: brand.documentId,
      stock: 3,
      price: 2999,
    });
    await linkPicture(app, { uid: PRODUCT_UID, field: 'mainImages', id: product.id }, {
      url: '/uploads/one.png', width: 600, height: 400, alternativeText: '正面', formats: { thumbnail: { url: '/uploads/t_one.png', width: 245, height: 163, hash: 'x' } },
    });
    await linkPicture(app, { uid: PRODUCT_UID, field: 'mainImages', id: product.id }, { url: 'https://pictures.example/two.png' });
    await linkPicture(app, { uid: PRODUCT_UID, field: 'detailImages', id: product.id }, { url: '/uploads/detail.png' });
    await linkPicture(app, { uid: BRAND_UID, field: 'logo', id: brand.id }, { url: '/uploads/logo.png' });

    const card = {
      documentId: product.documentId,
      name: product.name,
      category: { documentId: item.documentId, name: item.name },
      brand: { documentId: brand.documentId, name: brand.name, logo: { url: `${app.url}/uploads/logo.png`, width: null, height: null, alternativeText: null } },
      price: 2999,
      displayPrice: '2999.00',
      source: 'local',
      productModel: 'BCD-500',
      productGroup: '冰箱',
      specifications: { 容量: '500L' },
      mainImages: [
        {
          url: `${app.url}/uploads/one.png`, width: 600, height: 400, alternativeText: '正面',
          formats: { thumbnail: { url: `${app.url}/uploads/t_one.png`, width: 245, height: 163 } },
        },
        { url: 'https://pictures.example/two.png', width: null, height: null, alternativeText: null },
      ],
      isActive: true,
      isSales: true,
      noSalesReason: null,
      isAvailable: true,
      stock: 3,
      salesCount: 0,
      viewCount: 0,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      locale: 'zh-Hans',
    };
    const { body: listed } = await list({ 'filters[documentId][$eq]': product.documentId });
    expect(listed.data).toEqual([card]);
    expect(listed.meta).toEqual({ pagination: { page: 1, pageSize: 20, pageCount: 1, total: 1 } });
    const { body: detail } = await app.api('get', `/products/${product.documentId}`);
    expect(detail).toEqual({
      data: { ...card, description: '一级能效', detailImages: [{ url: `${app.url}/uploads/detail.png`, width: null, height: null, alternativeText: null }] },
      meta: {},
    });
  });

  it('is there without category, brand, pictures and stock', async () => {
    const product = await makeProduct(app);
    const { body } = await app.api('get', `/products/${product.documentId}`);
    expect(body.data).toMatchObject({ category: null, brand: null, mainImages: [], detailImages: [], stock: 0, isAvailable: false });
  });

  it('shows no cost and no code in any answer, whatever is asked for', async () => {
    const { item } = await makeBranch(app);
    const product = await makeProduct(app, { category: item.documentId });
    await makeProduct(app, { category: item.documentId });
    for (const path of [
      '/products', '/products?fields=*&populate=*', '/products?search=SECRETCODE', '/products/recommended?limit=20',
      `/products/${product.documentId}?populate=*&fields=*`, `/products/${product.documentId}/related`, `/products/${product.documentId}/availability`,
    ]) {
      const { status, text } = await app.api('get', path);
      expect(status).toBe(200);
      expectNoSecret(text);
    }
    for (const field of ['supplyPrice', 'productCode', 'createdBy', 'id']) {
      const { status, text } = await list({ fields: field });
      expect(status).toBe(400);
      expect(text).not.toContain('1234.56');
    }
    await expectRefused({ 'filters[supplyPrice][$lt]': '2000' }, ['filters', 'supplyPrice']);
    await expectRefused({ 'filters[productCode]': 'X' }, ['filters', 'productCode']);
    await expectRefused({ sort: 'supplyPrice' }, ['sort']);
    await expectRefused({ populate: 'createdBy' }, ['populate', 'createdBy']);
  });

  it('has only the fields and relations asked for, as in Strapi', async () => {
    const product = await makeProduct(app, { description: '说明' });
    const only = { 'filters[documentId]': product.documentId };
    const read = async (query: Query) => (await list({ ...only, ...query })).body.data[0];
    expect(await read({ fields: 'name,price' })).toEqual({ documentId: product.documentId, name: product.name, price: 1999 });
    expect(await read({ 'fields[0]': 'description' })).toEqual({ documentId: product.documentId, description: '说明' });
    expect(await read({ fields: 'name', populate: 'brand' })).toEqual({ documentId: product.documentId, name: product.name, brand: null });
    expect(Object.keys(await read({ 'populate[category]': 'true' }))).toEqual(expect.arrayContaining(['price', 'category']));
    expect(await read({ 'populate[category]': 'true' })).not.toHaveProperty('brand');
    expect(await read({ populate: '*' })).toHaveProperty('detailImages');
    expect(await read({})).not.toHaveProperty('description');
  });

  it.each([
    ['switched off sale', { isSales: false }, 5, false],
    ['without a price', { price: 0 }, 5, false],
    ['sold out', {}, 0, false],
    ['in stock', {}, 5, true],
    ['of Haier, whose stock is asked for live', { source: 'haier' }, undefined, true],
  ])('says whether a product %s is available', async (_case, data, stock, expected) => {
    const product = await makeProduct(app, { ...data, stock });
    const { body } = await app.api('get', `/products/${product.documentId}`);
    expect(body.data.isAvailable).toBe(expected);
  });

  it('answers 404 for what is unknown, inactive, deleted or no documentId', async () => {
    const inactive = await makeProduct(app, { isActive: false });
    const deleted = await makeProduct(app);
    await app.strapi.documents(PRODUCT_UID as never).delete({ documentId: deleted.documentId, locale: '*' } as never);
    for (const id of [inactive.documentId, deleted.documentId, 'abcdefghijklmnopqrstuvwx', '1', "'; drop table products; --", '%F0%9F%98%80', 'a'.repeat(500)]) {
      for (const suffix of ['', '/related', '/availability']) {
        const { status, body } = await app.api('get', `/products/${id.startsWith('%') ? id : encodeURIComponent(id)}${suffix}`);
        expect(status).toBe(404);
        expect(body.error.details.code).toBe('NOT_FOUND');
      }
    }
    expect(await listIds({ 'filters[documentId][$in]': `${inactive.documentId},${deleted.documentId}` })).toEqual([]);
  });
});

describe('languages', () => {
  it('reads texts in the language asked for, and Chinese when none is', async () => {
    const { item } = await makeBranch(app);
    const brand = await makeBrand(app, { english: unique('Brand') });
    const product = await makeProduct(app, {
      name: '滚筒洗衣机', category: item.documentId, brand: brand.documentId, specifications: { 容量: '10kg' },
      english: { name: 'Front loader', description: 'Quiet', specifications: { capacity: '10 kg' } },
    });
    const { body } = await app.api('get', `/products/${product.documentId}?locale=en`);
    expect(body.data).toMatchObject({ name: 'Front loader', description: 'Quiet', specifications: { capacity: '10 kg' }, locale: 'en' });
    // Nobody translated the category: its own name rather than none.
    expect(body.data.category).toEqual({ documentId: item.documentId, name: item.name });
    expect(body.data.brand.name).toMatch(/^Brand/);
    const { body: chinese } = await app.api('get', `/products/${product.documentId}`);
    expect(chinese.data).toMatchObject({ name: '滚筒洗衣机', locale: 'zh-Hans', brand: { name: brand.name } });
  });

  it('leaves out what has no text in the language, as Strapi does', async () => {
    const product = await makeProduct(app);
    expect(await listIds({ locale: 'en', 'filters[documentId]': product.documentId })).toEqual([]);
    expect((await app.api('get', `/products/${product.documentId}?locale=en`)).status).toBe(404);
  });

  it('reads what is not text from the default row alone, whatever the other rows carry', async () => {
    const product = await makeProduct(app, { stock: 4, english: { name: unique('Fridge') } });
    await app.strapi.db.connection('products').where({ document_id: product.documentId, locale: 'en' })
      .update({ price: 1, sales_count: 999, view_count: 999, is_active: false, is_sales: false, source: 'haier', product_model: 'WRONG' });
    const { body } = await list({ locale: 'en', 'filters[documentId]': product.documentId });
    expect(body.data[0]).toMatchObject({ price: 1999, salesCount: 0, viewCount: 0, isActive: true, isSales: true, source: 'local', productModel: null, stock: 4 });
    expect(await listIds({ locale: 'en', 'filters[documentId]': product.documentId, 'filters[price][$lt]': '10' })).toEqual([]);
    await app.strapi.db.connection('products').where({ document_id: product.documentId, locale: 'zh-Hans' }).update({ is_active: false });
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
    const inItem = await makeProduct(app, { category: branch.item.documentId, english: { name: unique('Item') } });
    const inMajor = await makeProduct(app, { category: branch.major.documentId });
    const elsewhere = await makeProduct(app, { category: other.item.documentId });
    const of = (id: string) => listIds({ 'filters[category][documentId][$eq]': id });
    expect((await of(branch.major.documentId)).sort()).toEqual([inItem.documentId, inMajor.documentId].sort());
    expect(await of(branch.minor.documentId)).toEqual([inItem.documentId]);
    expect(await listIds({ 'filters[category]': branch.item.documentId })).toEqual([inItem.documentId]);
    expect(await listIds({ 'filters[category]': branch.major.documentId, locale: 'en' })).toEqual([inItem.documentId]);
    expect((await listIds({ 'filters[category][$in]': `${branch.major.documentId},${other.minor.documentId}` })).sort())
      .toEqual([inItem.documentId, inMajor.documentId, elsewhere.documentId].sort());
    expect(await of('abcdefghijklmnopqrstuvwx')).toEqual([]);
  });

  it('takes brand, source, model and price, alone and together', async () => {
    const brand = await makeBrand(app);
    const make = (data: Record<string, unknown>) => makeProduct(app, { brand: brand.documentId, ...data });
    const cheap = await make({ price: 99.9, productModel: 'M-CHEAP' });
    const middle = await make({ price: 500 });
    const dear = await make({ price: 9999.99, source: 'haier' });
    const of = async (query: Query) => (await listIds({ 'filters[brand][documentId]': brand.documentId, sort: 'price', ...query }));
    expect(await of({})).toEqual([cheap, middle, dear].map((p) => p.documentId));
    expect(await of({ 'filters[price][$eq]': '99.9' })).toEqual([cheap.documentId]);
    expect(await of({ 'filters[price][$lt]': '500' })).toEqual([cheap.documentId]);
    expect(await of({ 'filters[price][$lte]': '500' })).toEqual([cheap.documentId, middle.documentId]);
    expect(await of({ 'filters[price][$gt]': '99.9', 'filters[price][$lt]': '9999.99' })).toEqual([middle.documentId]);
    expect(await of({ 'filters[price][$gte]': '500', 'filters[source]': 'haier' })).toEqual([dear.documentId]);
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
    await app.strapi.db.connection('inventory_items').where('product_document_id', promised.documentId).update({ locked: 2 });
    const of = (inStock: string) => listIds({ 'filters[brand]': brand.documentId, 'filters[inStock]': inStock, sort: 'createdAt' });
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
    [{ 'filters[$or][0][price]': '1' }, ['filters', '$or']],
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
    for (const text of ["'", '"', "' or 1=1 --", '%', '_', '\\', '😀', '<script>alert(1)</script>', "x'; delete from products; --", '$1', '?']) {
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
    const product = await makeProduct(app, { name: '变频对开门冰箱Pro', productModel: 'QzW-510', productCode: 'Gx77Code', english: { name: 'Side-by-side Coolio' } });
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
    for (const text of ['50%_', '新\\品', '50%']) expect(await listIds({ search: text })).toEqual([product.documentId]);
    expect(await listIds({ search: 'qx', 'filters[price][$gt]': '100000' })).toEqual([]);
  });

  it('with nothing to search for is the whole list', async () => {
    const all = (await list()).body.meta.pagination.total;
    expect((await list({ search: '' })).body.meta.pagination.total).toBe(all);
    expect((await list({ search: '  ' })).body.meta.pagination.total).toBe(all);
  });
});

describe('order and pages', () => {
  let brand: string;
  let made: string[];

  beforeAll(async () => {
    brand = (await makeBrand(app)).documentId;
    made = [];
    for (let index = 0; index < 7; index += 1) {
      const product = await makeProduct(app, {
        brand,
        // Equal values on purpose: only the id decides between them.
        price: [300, 100, 200, 200, 200, 100, 300][index],
        salesCount: index % 3,
        createdAt: new Date(Date.UTC(2026, 0, 1 + Math.floor(index / 2))),
      });
      made.push(product.documentId);
    }
  });

  const of = (query: Query) => list({ 'filters[brand]': brand, ...query });
  const at = (...indexes: number[]) => indexes.map((index) => made[index]);

  it('sorts by price, sales and age, the newest first by default', async () => {
    expect(ids((await of({})).body)).toEqual(at(6, 5, 4, 3, 2, 1, 0));
    expect(ids((await of({ sort: 'price' })).body)).toEqual(at(1, 5, 2, 3, 4, 0, 6));
    expect(ids((await of({ sort: 'price:desc,createdAt:asc' })).body)).toEqual(at(0, 6, 2, 3, 4, 1, 5));
    expect(ids((await of({ sort: 'salesCount:desc' })).body)).toEqual(at(5, 2, 4, 1, 6, 3, 0));
    expect(ids((await of({ 'sort[0]': 'createdAt:asc' })).body)).toEqual(at(0, 1, 2, 3, 4, 5, 6));
  });

  it('pages by number and counts exactly', async () => {
    const page = await of({ 'pagination[page]': '2', 'pagination[pageSize]': '3' });
    expect(ids(page.body)).toEqual(at(3, 2, 1));
    expect(page.body.meta.pagination).toEqual({ page: 2, pageSize: 3, pageCount: 3, total: 7 });
    const beyond = await of({ 'pagination[page]': '9', 'pagination[pageSize]': '3' });
    expect(beyond.body).toEqual({ data: [], meta: { pagination: { page: 9, pageSize: 3, pageCount: 3, total: 7 } } });
    const uncounted = await of({ 'pagination[withCount]': 'false' });
    expect(uncounted.body.meta.pagination).toEqual({ page: 1, pageSize: 20 });
  });

  it.each([['small', 10], ['standard', 20], ['large', 100]])('pages by the size called %s', async (size, pageSize) => {
    expect((await of({ 'pagination[size]': size })).body.meta.pagination).toEqual({ page: 1, pageSize, pageCount: 1, total: 7 });
  });

  it.each(['createdAt:desc', 'createdAt:asc', 'price:asc', 'price:desc', 'salesCount:desc', 'price:asc,salesCount:desc'])(
    'walks by cursor through all of them once, by %s, while others are added',
    async (sort) => {
      const seen: string[] = [];
      const intruders: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const { status, body } = await of({ sort, 'pagination[cursor]': cursor, 'pagination[limit]': '2' });
        expect(status).toBe(200);
        expect(Object.keys(body.meta.pagination).sort()).toEqual(['limit', 'nextCursor']);
        seen.push(...ids(body));
        cursor = body.meta.pagination.nextCursor;
        // At the front of every order but one, where it comes last: neither moves what is still to come.
        const intruder = await makeProduct(app, { brand, price: sort.startsWith('price:desc') ? 9000 : 1, createdAt: new Date(sort === 'createdAt:asc' ? 0 : Date.now()), salesCount: sort.startsWith('sales') ? 99 : 0 });
        intruders.push(intruder.documentId);
      }
      const known = seen.filter((id) => !intruders.includes(id));
      expect(new Set(seen).size).toBe(seen.length);
      expect([...known].sort()).toEqual([...made].sort());
      for (const id of intruders) await app.strapi.documents(PRODUCT_UID as never).delete({ documentId: id, locale: '*' } as never);
    },
  );

  it('refuses a cursor of another order, and one with other things in it', async () => {
    const { body } = await of({ sort: 'price', 'pagination[cursor]': '', 'pagination[limit]': '2' });
    const cursor = body.meta.pagination.nextCursor as string;
    await expectRefused({ sort: 'createdAt', 'pagination[cursor]': cursor }, ['pagination', 'cursor']);
    await expectRefused({ sort: 'price:desc', 'pagination[cursor]': cursor }, ['pagination', 'cursor']);
    const forge = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const forged of [['price:asc', 1, 'x'], ['price:asc', 1, 1.5], ['price:asc', {}, 1], { a: 1 }, ['price:asc']]) {
      await expectRefused({ sort: 'price', 'pagination[cursor]': forge(forged) }, ['pagination', 'cursor']);
    }
    await expectRefused({ sort: 'price', 'pagination[cursor]': cursor, 'pagination[page]': '1' }, ['pagination', 'page']);
  });
});

describe('cost of a list', () => {
  it('takes as many statements for forty products as for two, and at most three', async () => {
    const brand = await makeBrand(app);
    const { item } = await makeBranch(app);
    const fill = async (count: number) => {
      for (let index = 0; index < count; index += 1) {
        const product = await makeProduct(app, { brand: brand.documentId, category: item.documentId, stock: 1, english: { name: unique('P') } });
        await linkPicture(app, { uid: PRODUCT_UID, field: 'mainImages', id: product.id }, { url: '/uploads/p.png' });
      }
    };
    const measure = async (query: Query) => {
      let shown = 0;
      const statements = await countStatements(app, async () => {
        const { body } = await list({ 'filters[brand]': brand.documentId, 'pagination[pageSize]': '100', ...query });
        shown = body.data.length;
        for (const product of body.data) expect(product).toMatchObject({ stock: 1, mainImages: [{}], category: { documentId: item.documentId } });
      });
      return { shown, statements: statements.length };
    };
    const queries: Query[] = [{}, { locale: 'en' }, { 'filters[category]': item.documentId, 'filters[inStock]': 'true', search: '商品' }];
    await fill(2);
    // Views of earlier tests would be written by the timer in the middle of the counting.
    await compiled<typeof import('../../src/api/product/services/view-counter')>('src/api/product/services/view-counter').flushViews();
    const few = [];
    for (const query of queries) few.push(await measure(query));
    await fill(38);
    const many = [];
    for (const query of queries) many.push(await measure(query));
    expect(few.map(({ shown }) => shown)).toEqual([2, 2, 2]);
    expect(many.map(({ shown }) => shown)).toEqual([40, 40, 40]);
    expect(many.map(({ statements }) => statements)).toEqual(few.map(({ statements }) => statements));
    for (const { statements } of many) expect(statements).toBeLessThanOrEqual(3);
  });
});
