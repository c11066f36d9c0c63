import { compiled, type TestApp, startApp } from '../support/app';
import { makeBranch, makeCategory, makeProduct, type Made, unique } from '../support/factories/catalogue';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const ids = (body: { data: { documentId: string }[] }): string[] =>
  body.data.map(({ documentId }) => documentId);

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
    document_id: unique(`order${buyers}`),
    order_number: unique('N'),
    user_id: userId,
    product_id: product.id,
    product_document_id: product.documentId,
    product_name: product.name,
    quantity: 1,
    unit_price: 1,
    total_amount: 1,
    discount_amount: 0,
    actual_amount: 1,
    status,
    created_at: new Date(),
    updated_at: new Date(),
    published_at: new Date(),
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

    const { status, body } = await app.api('get', `/products/${product.documentId}/related?limit=4`);
    expect(status).toBe(200);
    expect(body.meta).toEqual({});
    expect(ids(body)).toEqual([often, once, bestSeller, slow].map((p) => p.documentId));
    expect(body.data[0]).toMatchObject({
      name: often.name,
      stock: 0,
      displayPrice: '1999.00',
      category: { name: elsewhere.item.name },
    });
    const { body: two } = await app.api('get', `/products/${product.documentId}/related?limit=3`);
    expect(ids(two)).toEqual([often, once, bestSeller].map((p) => p.documentId));
  });

  it('are ten at most, and twenty when asked', async () => {
    const { item } = await makeBranch(app);
    const product = await makeProduct(app, { category: item.documentId });
    for (let index = 0; index < 22; index += 1) await makeProduct(app, { category: item.documentId });
    const count = async (query: string) =>
      (await app.api('get', `/products/${product.documentId}/related${query}`)).body.data.length;
    expect(await count('')).toBe(10);
    expect(await count('?limit=20')).toBe(20);
    expect(await count('?limit=1')).toBe(1);
  });

  it('go on with what stands beside its category, and then with the best sellers of the shop', async () => {
    const { minor, item } = await makeBranch(app);
    const beside = await makeCategory(app, { level: 'item', parent: minor.documentId });
    const product = await makeProduct(app, { category: item.documentId, salesCount: 2_000 });
    const same = await makeProduct(app, { category: item.documentId });
    const sibling = await makeProduct(app, { category: beside.documentId, salesCount: 5 });
    const parent = await makeProduct(app, { category: minor.documentId, salesCount: 7 });
    const best = await makeProduct(app, { salesCount: 1_900 });
    const { body } = await app.api('get', `/products/${product.documentId}/related?limit=4`);
    expect(ids(body)).toEqual([same, parent, sibling, best].map((p) => p.documentId));
  });

  it('are the best sellers for a product nobody bought and that stands in no category', async () => {
    const product = await makeProduct(app, { salesCount: 2_100 });
    const [{ body: related }, { body: recommended }] = [
      await app.api('get', `/products/${product.documentId}/related?limit=3`),
      await app.api('get', '/products/recommended?limit=4'),
    ];
    expect(ids(related)).toEqual(ids(recommended).filter((id) => id !== product.documentId));
    expect(related.data).toHaveLength(3);
  });

  it.each([
    'limit=0',
    'limit=21',
    'limit=x',
    'limit=1.5',
    'limit=-1',
    'limit[]=3',
    'nonsense=1',
    'sort=price',
    'pagination[page]=1',
    'fields=productCode',
  ])('refuse %s', async (query) => {
    const product = await makeProduct(app);
    for (const path of [`/products/${product.documentId}/related`, '/products/recommended']) {
      const { status, body } = await app.api('get', `${path}?${query}`);
      expect(status).toBe(400);
      expect(body.error.details.code).toBe('VALIDATION_FAILED');
    }
  });
});

describe('recommended products', () => {
  it('are the best sellers, among equals the newest, in the language asked for', async () => {
    const english = () => ({ name: unique('Best') });
    const older = await makeProduct(app, {
      salesCount: 10_000,
      createdAt: new Date('2026-01-01'),
      english: english(),
    });
    const newer = await makeProduct(app, {
      salesCount: 10_000,
      createdAt: new Date('2026-02-01'),
      english: english(),
    });
    const best = await makeProduct(app, {
      salesCount: 20_000,
      createdAt: new Date('2025-01-01'),
      english: english(),
    });
    await makeProduct(app, { salesCount: 30_000, isActive: false });
    const { body } = await app.api('get', '/products/recommended?limit=3');
    expect(ids(body)).toEqual([best, newer, older].map((p) => p.documentId));
    const { body: inEnglish } = await app.api('get', '/products/recommended?limit=2&locale=en&fields=name');
    expect(inEnglish.data.map((product: { name: string }) => product.name)).toEqual([
      expect.stringMatching(/^Best/),
      expect.stringMatching(/^Best/),
    ]);
  });
});

describe('availability', () => {
  it('of our own goods is what is on hand and not promised, with or without a district', async () => {
    const product = await makeProduct(app, { stock: 5 });
    await app.strapi.db
      .connection('inventory_items')
      .where('product_document_id', product.documentId)
      .update({ locked: 2 });
    for (const query of ['', '?districtCode=110101']) {
      const { status, body } = await app.api('get', `/products/${product.documentId}/availability${query}`);
      expect(status).toBe(200);
      expect(body).toEqual({ data: { available: true, stock: 3 }, meta: {} });
    }
    const soldOut = await makeProduct(app);
    expect((await app.api('get', `/products/${soldOut.documentId}/availability`)).body.data).toEqual({
      available: false,
      stock: 0,
    });
    const offSale = await makeProduct(app, { stock: 5, isSales: false });
    expect((await app.api('get', `/products/${offSale.documentId}/availability`)).body.data).toEqual({
      available: false,
      stock: 5,
    });
  });

  it.each(['12345', '1234567', 'abcdef', '１１０１０１', "110101'", ''])(
    'refuses the district code %p',
    async (districtCode) => {
      const product = await makeProduct(app, { stock: 5 });
      const { status, body } = await app
        .api('get', `/products/${product.documentId}/availability`)
        .query({ districtCode });
      expect(status).toBe(400);
      expect(body.error.details.errors[0].path).toEqual(['districtCode']);
    },
  );

  it('of Haier goods is unknown until Haier is connected, and then what Haier says', async () => {
    const product = await makeProduct(app, { source: 'haier', productCode: 'HAIER-LIVE' });
    const ask = (query: string) => app.api('get', `/products/${product.documentId}/availability${query}`);
    const { connectSupplierStock } = compiled<typeof import('../../src/api/product/supplier-stock')>(
      'src/api/product/supplier-stock',
    );
    connectSupplierStock();
    const unavailable = await ask('?districtCode=110101');
    expect(unavailable.status).toBe(503);
    expect(unavailable.body.error.details.code).toBe('UPSTREAM_UNAVAILABLE');
    expect((await ask('')).status).toBe(400);

    const asked: unknown[] = [];
    connectSupplierStock({
      readAvailability(request) {
        asked.push(request);
        return Promise.resolve({ available: true, stock: 7, deliveryPromise: '次日达' });
      },
      assertAvailable: () => Promise.resolve([]),
    });
    expect((await ask('?districtCode=370202')).body.data).toEqual({
      available: true,
      stock: 7,
      deliveryPromise: '次日达',
    });
    expect(asked).toEqual([
      { productDocumentId: product.documentId, productCode: 'HAIER-LIVE', districtCode: '370202' },
    ]);
    connectSupplierStock();
    expect((await ask('?districtCode=370202')).status).toBe(503);
  });

  it('refuses what it does not know', async () => {
    const product = await makeProduct(app);
    expect((await app.api('get', `/products/${product.documentId}/availability?locale=en`)).status).toBe(400);
  });
});
