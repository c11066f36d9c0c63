import { compiled, type TestApp, startApp } from '../support/app';
import {
  countStatements,
  documents,
  forgetAnswers,
  linkPicture,
  type Made,
  makeBranch,
  makeBrand,
  makeProduct,
  PRODUCT_UID,
  unique,
} from '../support/factories/catalogue';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

type Query = Record<string, string>;
const list = (query: Query = {}) => app.api('get', '/products').query(query);

describe('cost of a list', () => {
  it('takes as many statements for forty products as for two: two, and one for each filter by brand or category', async () => {
    const brand = await makeBrand(app);
    const { item } = await makeBranch(app);
    const fill = async (count: number) => {
      for (let index = 0; index < count; index += 1) {
        const product = await makeProduct(app, {
          brand: brand.documentId,
          category: item.documentId,
          stock: 1,
          english: { name: unique('P') },
        });
        await linkPicture(
          app,
          { uid: PRODUCT_UID, field: 'mainImages', id: product.id },
          { url: '/uploads/p.png' },
        );
      }
    };
    const measure = async (query: Query) => {
      let shown = 0;
      const statements = await countStatements(app, async () => {
        const { body } = await list({
          'filters[brand]': brand.documentId,
          'pagination[pageSize]': '100',
          ...query,
        });
        shown = body.data.length;
        for (const product of body.data)
          expect(product).toMatchObject({
            stock: 1,
            mainImages: [{}],
            category: { documentId: item.documentId },
          });
      });
      return { shown, statements: statements.length };
    };
    const queries: Query[] = [
      {},
      { locale: 'en' },
      { 'filters[category]': item.documentId, 'filters[inStock]': 'true', search: '商品' },
    ];
    await fill(2);
    // Views of earlier tests would be written by the timer in the middle of the counting.
    await compiled<typeof import('../../src/api/product/services/view-counter')>(
      'src/api/product/services/view-counter',
    ).flushViews();
    const few = [];
    for (const query of queries) few.push(await measure(query));
    await fill(38);
    const many = [];
    for (const query of queries) many.push(await measure(query));
    expect(few.map(({ shown }) => shown)).toEqual([2, 2, 2]);
    expect(many.map(({ shown }) => shown)).toEqual([40, 40, 40]);
    expect(many.map(({ statements }) => statements)).toEqual(few.map(({ statements }) => statements));
    // Page with its count, pictures; and one more for each filter by brand or category, which asks for their ids.
    expect(many.map(({ statements }) => statements)).toEqual([3, 3, 4]);
  });

  it('knows the count also behind the last page', async () => {
    const brand = await makeBrand(app);
    for (let index = 0; index < 3; index += 1) await makeProduct(app, { brand: brand.documentId });
    const at = async (page: string) =>
      (
        await list({
          'filters[brand]': brand.documentId,
          'pagination[page]': page,
          'pagination[pageSize]': '2',
        })
      ).body;
    for (const [page, shown] of [
      ['1', 2],
      ['2', 1],
      ['3', 0],
      ['40', 0],
    ] as const) {
      const { data, meta } = await at(page);
      expect([page, data.length]).toEqual([page, shown]);
      expect(meta.pagination).toEqual({ page: Number(page), pageSize: 2, pageCount: 2, total: 3 });
      expect(JSON.stringify(data)).not.toContain('total');
    }
  });
});

describe('the number of products', () => {
  it('is counted once for all pages, orders and fields of a choice, and anew after a write that could change it', async () => {
    const brand = await makeBrand(app);
    const make = (price: number, stock = 1) => makeProduct(app, { brand: brand.documentId, price, stock });
    const made = [await make(10), await make(20), await make(30)];
    const totalOf = async (query: Query) => {
      const { status, body } = await list({ 'filters[brand]': brand.documentId, ...query });
      expect(status).toBe(200);
      return body.meta.pagination.total as number;
    };
    const counts: string[] = [];
    const listen = ({ sql }: { sql: string }): void => void (/count\(/i.test(sql) && counts.push(sql));
    app.strapi.db.connection.on('query', listen);
    try {
      const queries: Query[] = [
        {},
        { sort: 'price' },
        { 'pagination[page]': '2', 'pagination[pageSize]': '2' },
      ];
      for (const query of queries) expect(await totalOf(query)).toBe(3);
      expect(counts).toHaveLength(1);
      expect(await totalOf({ 'filters[price][$gte]': '15' })).toBe(2);
      expect(await totalOf({ 'filters[inStock]': 'true' })).toBe(3);
      expect(await totalOf({ locale: 'en' })).toBe(0);
      expect(counts).toHaveLength(4);

      await documents(app, PRODUCT_UID).update({ documentId: made[0]!.documentId, data: { price: 99 } });
      expect(await totalOf({ 'filters[price][$gte]': '15' })).toBe(3);
      await documents(app, PRODUCT_UID).update({
        documentId: made[1]!.documentId,
        data: { isActive: false },
      });
      expect([await totalOf({}), await totalOf({ sort: 'price' })]).toEqual([2, 2]);
      made.push(await make(40));
      expect(await totalOf({})).toBe(3);
      expect(await totalOf({ 'filters[inStock]': 'true' })).toBe(3);
      await app.strapi.db
        .connection('inventory_items')
        .where({ product_document_id: made[3]!.documentId })
        .update({ on_hand: 0 });
      expect(await totalOf({ 'filters[inStock]': 'true' })).toBe(2);
    } finally {
      app.strapi.db.connection.removeListener('query', listen);
    }
  });
});

/** A statement the shop hears nothing of, as from psql. */
async function pastTheShop(sql: string): Promise<void> {
  const { client } = app.strapi.db.connection as unknown as {
    client: {
      acquireConnection(): Promise<{
        query?: (sql: string) => Promise<unknown>;
        prepare?: (sql: string) => { run(): void };
      }>;
      releaseConnection(connection: unknown): Promise<void>;
    };
  };
  const connection = await client.acquireConnection();
  try {
    if (connection.prepare === undefined) await connection.query?.(sql);
    else connection.prepare(sql).run();
  } finally {
    await client.releaseConnection(connection);
  }
}

it('a total that is known does not stand beside a page that says otherwise', async () => {
  const brand = await makeBrand(app);
  const made = [];
  for (let index = 0; index < 5; index += 1)
    made.push(await makeProduct(app, { brand: brand.documentId, price: 10 + index }));
  const ask = async (page: string) => {
    const { body } = await list({
      'filters[brand]': brand.documentId,
      'pagination[page]': page,
      'pagination[pageSize]': '2',
      sort: 'price',
    });
    return [body.data.length, body.meta.pagination.total, body.meta.pagination.pageCount];
  };
  expect([await ask('1'), await ask('3'), await ask('4')]).toEqual([
    [2, 5, 3],
    [1, 5, 3],
    [0, 5, 3],
  ]);
  await pastTheShop(`update products set is_active = false where document_id = '${made[0]?.documentId}'`);
  // No answer is kept for longer than a second.
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  expect([await ask('3'), await ask('2')]).toEqual([
    [0, 4, 2],
    [2, 4, 2],
  ]);
});

describe('products that are read at the same time', () => {
  it('share their statements, and each answer is what it is alone', async () => {
    const brand = await makeBrand(app);
    const made: Made[] = [];
    for (let index = 0; index < 12; index += 1) {
      const product = await makeProduct(app, {
        brand: brand.documentId,
        description: `说明 ${index}`,
        stock: index,
        ...(index % 3 === 0 ? { english: { name: unique('P') } } : {}),
      });
      if (index % 2 === 0)
        await linkPicture(
          app,
          { uid: PRODUCT_UID, field: index % 4 === 0 ? 'mainImages' : 'detailImages', id: product.id },
          { url: `/uploads/${index}.png` },
        );
      made.push(product);
    }
    const queries = ['', '?locale=en', '?fields[0]=name', '?populate=mainImages&fields[0]=stock'];
    const paths = [...made.map(({ documentId }) => documentId), 'nosuchproduct0000'].flatMap((id) =>
      queries.map((query) => `/products/${id}${query}`),
    );
    const read = async (path: string) => {
      const { status, body } = await app.api('get', path);
      // Each look is counted, so the next answer says one more.
      if (body.data?.viewCount !== undefined) delete body.data.viewCount;
      return [path, status, { data: body.data, error: body.error?.details.code }];
    };
    const alone = [];
    for (const path of paths) alone.push(await read(path));
    forgetAnswers();
    expect(await Promise.all(paths.map(read))).toEqual(alone);
    expect(new Set(alone.map(([, status]) => status))).toEqual(new Set([200, 404]));

    const { findProduct } = compiled<typeof import('../../src/api/product/services/product')>(
      'src/api/product/services/product',
    );
    const wanted = { fields: new Set(['name'] as const), relations: new Set(['mainImages'] as const) };
    const statements = await countStatements(app, () =>
      Promise.all(
        made.map(({ documentId }) => findProduct(documentId, { locale: 'zh-Hans', selection: wanted })),
      ),
    );
    // Their rows, and their pictures.
    expect(statements).toHaveLength(2);
  });
});
