import { type TestApp, startApp } from '../support/app';
import {
  BRAND_UID,
  linkPicture,
  makeBranch,
  makeBrand,
  makeProduct,
  PRODUCT_UID,
} from '../support/factories/catalogue';

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

const SECRETS = [
  'supplyPrice',
  'invoicePrice',
  'marketPrice',
  'stockRebate',
  'rebateMoney',
  'productCode',
  'createdBy',
  'updatedBy',
  'SECRETCODE',
  'supply_price',
  'product_code',
  '1234.56',
  '1345.67',
  '2456.78',
  '12.34',
  '23.45',
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
    await linkPicture(
      app,
      { uid: PRODUCT_UID, field: 'mainImages', id: product.id },
      {
        url: '/uploads/one.png',
        width: 600,
        height: 400,
        alternativeText: '正面',
        formats: { thumbnail: { url: '/uploads/t_one.png', width: 245, height: 163, hash: 'x' } },
      },
    );
    await linkPicture(
      app,
      { uid: PRODUCT_UID, field: 'mainImages', id: product.id },
      { url: 'https://pictures.example/two.png' },
    );
    await linkPicture(
      app,
      { uid: PRODUCT_UID, field: 'detailImages', id: product.id },
      { url: '/uploads/detail.png' },
    );
    await linkPicture(app, { uid: BRAND_UID, field: 'logo', id: brand.id }, { url: '/uploads/logo.png' });

    const card = {
      documentId: product.documentId,
      name: product.name,
      category: { documentId: item.documentId, name: item.name },
      brand: {
        documentId: brand.documentId,
        name: brand.name,
        logo: { url: `${app.url}/uploads/logo.png`, width: null, height: null, alternativeText: null },
      },
      price: 2999,
      displayPrice: '2999.00',
      source: 'local',
      productModel: 'BCD-500',
      productGroup: '冰箱',
      specifications: { 容量: '500L' },
      mainImages: [
        {
          url: `${app.url}/uploads/one.png`,
          width: 600,
          height: 400,
          alternativeText: '正面',
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
      data: {
        ...card,
        description: '一级能效',
        detailImages: [
          { url: `${app.url}/uploads/detail.png`, width: null, height: null, alternativeText: null },
        ],
      },
      meta: {},
    });
  });

  it('names no brand that is not active, in any language', async () => {
    const brand = await makeBrand(app, { english: 'Gone', isActive: false });
    const product = await makeProduct(app, { brand: brand.documentId, english: { name: 'Fridge' } });
    expect((await app.api('get', `/brands/${brand.documentId}`)).status).toBe(404);
    for (const query of ['', '?locale=en'])
      expect((await app.api('get', `/products/${product.documentId}${query}`)).body.data.brand).toBeNull();
  });

  it('is there without category, brand, pictures and stock', async () => {
    const product = await makeProduct(app);
    const { body } = await app.api('get', `/products/${product.documentId}`);
    expect(body.data).toMatchObject({
      category: null,
      brand: null,
      mainImages: [],
      detailImages: [],
      stock: 0,
      isAvailable: false,
    });
  });

  it('shows no cost and no code in any answer, whatever is asked for', async () => {
    const { item } = await makeBranch(app);
    const product = await makeProduct(app, { category: item.documentId });
    await makeProduct(app, { category: item.documentId });
    for (const path of [
      '/products',
      '/products?fields=*&populate=*',
      '/products?search=SECRETCODE',
      '/products/recommended?limit=20',
      `/products/${product.documentId}?populate=*&fields=*`,
      `/products/${product.documentId}/related`,
      `/products/${product.documentId}/availability`,
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
    expect(await read({ fields: 'name,price' })).toEqual({
      documentId: product.documentId,
      name: product.name,
      price: 1999,
    });
    expect(await read({ 'fields[0]': 'description' })).toEqual({
      documentId: product.documentId,
      description: '说明',
    });
    expect(await read({ fields: 'name', populate: 'brand' })).toEqual({
      documentId: product.documentId,
      name: product.name,
      brand: null,
    });
    expect(Object.keys(await read({ 'populate[category]': 'true' }))).toEqual(
      expect.arrayContaining(['price', 'category']),
    );
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
    await app.strapi
      .documents(PRODUCT_UID as never)
      .delete({ documentId: deleted.documentId, locale: '*' } as never);
    for (const id of [
      inactive.documentId,
      deleted.documentId,
      'abcdefghijklmnopqrstuvwx',
      '1',
      "'; drop table products; --",
      '%F0%9F%98%80',
      'a'.repeat(500),
    ]) {
      for (const suffix of ['', '/related', '/availability']) {
        const { status, body } = await app.api(
          'get',
          `/products/${id.startsWith('%') ? id : encodeURIComponent(id)}${suffix}`,
        );
        expect(status).toBe(404);
        expect(body.error.details.code).toBe('NOT_FOUND');
      }
    }
    expect(
      await listIds({ 'filters[documentId][$in]': `${inactive.documentId},${deleted.documentId}` }),
    ).toEqual([]);
  });
});
