import { compiled, type TestApp, startApp } from '../support/app';
import { documents, makeBranch, makeProduct, type Made, PRODUCT_UID, unique } from '../support/factories/catalogue';

let app: TestApp;
const views = () => compiled<typeof import('../../src/api/product/services/view-counter')>('src/api/product/services/view-counter');

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const ids = (body: { data: { documentId: string }[] }): string[] => body.data.map(({ documentId }) => documentId);

let buyers = 0;
async function makeBuyer(): Promise<number> {
  const row = await app.strapi.db.query('plugin::users-permissions.user').create({
    data: { username: unique('buyer'), email: `${unique('buyer')}@shop.invalid`, confirmed: true },
  });
  buyers += 1;
  return row.id as number;
}

/** Past orders as rows: how they came about does not matter to who bought what. */
async function bought(userId: number, product: Made, status = 'completed'): Promise<void> {
  await app.strapi.db.connection('orders').insert({
    document_id: unique(`order${buyers}`), order_number: unique('N'), user_id: userId, product_id: product.id,
    product_document_id: product.documentId, product_name: product.name, quantity: 1, unit_price: 1, total_amount: 1,
    discount_amount: 0, actual_amount: 1, status, created_at: new Date(), updated_at: new Date(), published_at: new Date(),
  });
}

describe('related products', () => {
  it('are what buyers of the product bought too, most buyers first, then the best sellers of its category', async () => {
    const { item } = await makeBranch(app);
    const make = (data = {}) => makeProduct(app, { category: item.documentId, ...data });
    const elsewhere = await makeBranch(app);
    const product = await make({ salesCount: 500 });
    const often = await makeProduct(app, { category: elsewhere.item.documentId });
    const once = await makeProduct(app);
    const bestSeller = await make({ salesCount: 100 });
    const slow = await make({ salesCount: 1 });
    await make({ salesCount: 1000, isActive: false });
    const hidden = await makeProduct(app, { isActive: false });
    const onlyCancelled = await makeProduct(app);
    await makeProduct(app, { category: elsewhere.item.documentId, salesCount: 1000 });

    for (let buyer = 0; buyer < 3; buyer += 1) {
      const userId = await makeBuyer();
      await bought(userId, product, ['paid', 'shipped', 'completed'][buyer]);
      await bought(userId, often);
      await bought(userId, hidden);
      await bought(userId, onlyCancelled, ['cancelled', 'pending', 'refunded'][buyer]);
      if (buyer === 0) for (let again = 0; again < 5; again += 1) await bought(userId, once);
    }
    // Wanted the product and did not get it: says nothing about what goes with it.
    const didNotBuy = await makeBuyer();
    await bought(didNotBuy, product, 'cancelled');
    await bought(didNotBuy, onlyCancelled);

    const { status, body } = await app.api('get', `/products/${product.documentId}/related`);
    expect(status).toBe(200);
    expect(body.meta).toEqual({});
    expect(ids(body)).toEqual([often, once, bestSeller, slow].map((p) => p.documentId));
    expect(body.data[0]).toMatchObject({ name: often.name, stock: 0, displayPrice: '1999.00', category: { name: elsewhere.item.name } });
    const { body: two } = await app.api('get', `/products/${product.documentId}/related?limit=3`);
    expect(ids(two)).toEqual([often, once, bestSeller].map((p) => p.documentId));
  });

  it('are ten at most, and twenty when asked', async () => {
    const { item } = await makeBranch(app);
    const product = await makeProduct(app, { category: item.documentId });
    for (let index = 0; index < 22; index += 1) await makeProduct(app, { category: item.documentId });
    const count = async (query: string) => (await app.api('get', `/products/${product.documentId}/related${query}`)).body.data.length;
    expect(await count('')).toBe(10);
    expect(await count('?limit=20')).toBe(20);
    expect(await count('?limit=1')).toBe(1);
  });

  it('are none for a product nobody bought and that stands in no category', async () => {
    const product = await makeProduct(app);
    const { body } = await app.api('get', `/products/${product.documentId}/related`);
    expect(body).toEqual({ data: [], meta: {} });
  });

  it.each(['limit=0', 'limit=21', 'limit=x', 'limit=1.5', 'limit=-1', 'limit[]=3', 'nonsense=1', 'sort=price', 'pagination[page]=1', 'fields=productCode'])(
    'refuse %s',
    async (query) => {
      const product = await makeProduct(app);
      for (const path of [`/products/${product.documentId}/related`, '/products/recommended']) {
        const { status, body } = await app.api('get', `${path}?${query}`);
        expect(status).toBe(400);
        expect(body.error.details.code).toBe('VALIDATION_FAILED');
      }
    },
  );
});

describe('recommended products', () => {
  it('are the best sellers, among equals the newest, in the language asked for', async () => {
    const english = () => ({ name: unique('Best') });
    const older = await makeProduct(app, { salesCount: 10_000, createdAt: new Date('2026-01-01'), english: english() });
    const newer = await makeProduct(app, { salesCount: 10_000, createdAt: new Date('2026-02-01'), english: english() });
    const best = await makeProduct(app, { salesCount: 20_000, createdAt: new Date('2025-01-01'), english: english() });
    await makeProduct(app, { salesCount: 30_000, isActive: false });
    const { body } = await app.api('get', '/products/recommended?limit=3');
    expect(ids(body)).toEqual([best, newer, older].map((p) => p.documentId));
    const { body: inEnglish } = await app.api('get', '/products/recommended?limit=2&locale=en&fields=name');
    expect(inEnglish.data.map((product: { name: string }) => product.name)).toEqual([expect.stringMatching(/^Best/), expect.stringMatching(/^Best/)]);
  });
});

describe('availability', () => {
  it('of our own goods is what is on hand and not promised, with or without a district', async () => {
    const product = await makeProduct(app, { stock: 5 });
    await app.strapi.db.connection('inventory_items').where('product_document_id', product.documentId).update({ locked: 2 });
    for (const query of ['', '?districtCode=110101']) {
      const { status, body } = await app.api('get', `/products/${product.documentId}/availability${query}`);
      expect(status).toBe(200);
      expect(body).toEqual({ data: { available: true, stock: 3 }, meta: {} });
    }
    const soldOut = await makeProduct(app);
    expect((await app.api('get', `/products/${soldOut.documentId}/availability`)).body.data).toEqual({ available: false, stock: 0 });
    const offSale = await makeProduct(app, { stock: 5, isSales: false });
    expect((await app.api('get', `/products/${offSale.documentId}/availability`)).body.data).toEqual({ available: false, stock: 5 });
  });

  it.each(['12345', '1234567', 'abcdef', '１１０１０１', "110101'", ''])('refuses the district code %p', async (districtCode) => {
    const product = await makeProduct(app, { stock: 5 });
    const { status, body } = await app.api('get', `/products/${product.documentId}/availability`).query({ districtCode });
    expect(status).toBe(400);
    expect(body.error.details.errors[0].path).toEqual(['districtCode']);
  });

  it('of Haier goods is unknown until Haier is connected, and then what Haier says', async () => {
    const product = await makeProduct(app, { source: 'haier', productCode: 'HAIER-LIVE' });
    const ask = (query: string) => app.api('get', `/products/${product.documentId}/availability${query}`);
    const unavailable = await ask('?districtCode=110101');
    expect(unavailable.status).toBe(503);
    expect(unavailable.body.error.details.code).toBe('UPSTREAM_UNAVAILABLE');
    expect((await ask('')).status).toBe(400);

    const { connectHaierStock } = compiled<typeof import('../../src/api/product/services/availability')>('src/api/product/services/availability');
    const asked: unknown[] = [];
    connectHaierStock({
      readAvailability(request) {
        asked.push(request);
        return Promise.resolve({ available: true, stock: 7, deliveryPromise: '次日达' });
      },
    });
    expect((await ask('?districtCode=370202')).body.data).toEqual({ available: true, stock: 7, deliveryPromise: '次日达' });
    expect(asked).toEqual([{ productDocumentId: product.documentId, productCode: 'HAIER-LIVE', districtCode: '370202' }]);
  });

  it('refuses what it does not know', async () => {
    const product = await makeProduct(app);
    expect((await app.api('get', `/products/${product.documentId}/availability?locale=en`)).status).toBe(400);
  });
});

describe('views', () => {
  const viewCounts = async (product: Made): Promise<number[]> => {
    const rows = await app.strapi.db.connection('products').where('document_id', product.documentId).select('view_count');
    return rows.map((row: { view_count: number }) => row.view_count);
  };
  const look = (product: Made, query = '') => app.api('get', `/products/${product.documentId}${query}`);

  it('are counted without writing in the request, and written for all languages with one statement', async () => {
    const first = await makeProduct(app, { english: { name: unique('Seen') } });
    const second = await makeProduct(app);
    await views().flushViews();
    const statements: string[] = [];
    const listen = ({ sql }: { sql: string }): void => void statements.push(sql);
    app.strapi.db.connection.on('query', listen);
    await look(first);
    await look(first, '?locale=en');
    await look(second);
    expect(statements.filter((sql) => !/^select/i.test(sql))).toEqual([]);
    statements.length = 0;
    await views().flushViews();
    app.strapi.db.connection.removeListener('query', listen);
    expect(statements.filter((sql) => /update/i.test(sql))).toHaveLength(1);
    expect(await viewCounts(first)).toEqual([2, 2]);
    expect(await viewCounts(second)).toEqual([1]);
    expect((await look(first)).body.data.viewCount).toBe(2);
  });

  it('are not counted for what is not found, for HEAD, for lists and for related products', async () => {
    const product = await makeProduct(app);
    const hidden = await makeProduct(app, { isActive: false });
    await look(hidden);
    await fetch(`${app.url}/api/v1/products/${product.documentId}`, { method: 'HEAD' });
    await app.api('get', '/products');
    await app.api('get', `/products/${product.documentId}/related`);
    await views().flushViews();
    expect(await viewCounts(product)).toEqual([0]);
    expect(await viewCounts(hidden)).toEqual([0]);
  });

  it('that could not be written stay counted', async () => {
    const product = await makeProduct(app);
    await look(product);
    // The table is away for a moment, as it would be while it is being altered.
    const { connection } = app.strapi.db;
    await connection.schema.renameTable('products', 'products_away');
    const failed = await views().flushViews().then(() => undefined, (error: unknown) => String(error));
    await connection.schema.renameTable('products_away', 'products');
    expect(failed).toMatch(/products/);
    await look(product);
    await views().flushViews();
    expect(await viewCounts(product)).toEqual([2]);
  });

  it('of many at once are all counted', async () => {
    const product = await makeProduct(app);
    await Promise.all(Array.from({ length: 25 }, () => look(product)));
    await Promise.all([views().flushViews(), views().flushViews()]);
    expect(await viewCounts(product)).toEqual([25]);
  });

  it('and sales survive an editor who saves an old form, in any language', async () => {
    const product = await makeProduct(app, { english: { name: unique('Form') } });
    const english = await documents(app, PRODUCT_UID).findOne({ documentId: product.documentId, locale: 'en' });
    const form = await documents(app, PRODUCT_UID).findOne({ documentId: product.documentId });
    expect(form).toMatchObject({ viewCount: 0, salesCount: 0 });
    await app.strapi.db.connection('products').where('document_id', product.documentId).update({ sales_count: 8, view_count: 9 });

    await documents(app, PRODUCT_UID).update({ documentId: product.documentId, data: { ...form, price: 1500, salesCount: 0, viewCount: 0 } });
    await documents(app, PRODUCT_UID).update({ documentId: product.documentId, locale: 'en', data: { ...english, name: 'New name', price: 1600 } });
    const rows = await app.strapi.db.connection('products').where('document_id', product.documentId).select('sales_count', 'view_count', 'price');
    expect(rows.map((row: Record<string, unknown>) => [row.sales_count, row.view_count, Number(row.price)])).toEqual([[8, 9, 1600], [8, 9, 1600]]);
  });

  it('and sales are not overwritten by the copy Strapi makes between languages', async () => {
    const product = await makeProduct(app, { english: { name: unique('Race') } });
    // After saving the English row Strapi reads it and writes what is not localized into the Chinese one; here a sale
    // comes between the two.
    let sold = false;
    app.strapi.db.lifecycles.subscribe({
      models: [PRODUCT_UID],
      async beforeUpdate({ params }) {
        const { where } = params as { where: { documentId?: string; locale?: { $eq?: string } } };
        if (sold || where.documentId !== product.documentId || where.locale?.$eq !== 'zh-Hans') return;
        sold = true;
        await app.strapi.db.query(PRODUCT_UID).updateMany({ where: { documentId: product.documentId }, data: { salesCount: 5, viewCount: 6 } });
      },
    });
    await documents(app, PRODUCT_UID).update({ documentId: product.documentId, locale: 'en', data: { price: 1400 } });
    expect(sold).toBe(true);
    const rows = await app.strapi.db.connection('products').where('document_id', product.documentId).select('sales_count', 'view_count', 'price');
    expect(rows.map((row: Record<string, unknown>) => [row.sales_count, row.view_count, Number(row.price)])).toEqual([[5, 6, 1400], [5, 6, 1400]]);
  });

  it('a new language begins with the numbers of the document', async () => {
    const product = await makeProduct(app, { salesCount: 12 });
    await documents(app, PRODUCT_UID).update({ documentId: product.documentId, locale: 'en', data: { name: unique('Late'), salesCount: 1 } });
    const rows = await app.strapi.db.connection('products').where('document_id', product.documentId).select('sales_count');
    expect(rows.map((row: { sales_count: number }) => row.sales_count)).toEqual([12, 12]);
  });

  it('left in memory are written when the shop stops', async () => {
    const product = await makeProduct(app);
    await look(product);
    await views().stopViewCounter();
    expect(await viewCounts(product)).toEqual([1]);
    views().startViewCounter();
  });
});
