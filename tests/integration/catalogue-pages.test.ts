import { compiled, type TestApp, startApp } from '../support/app';
import {
  countStatements,
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
const ids = (body: { data: { documentId: string }[] }): string[] =>
  body.data.map(({ documentId }) => documentId);

async function expectRefused(query: Query, path?: (string | number)[]): Promise<void> {
  const { status, body } = await list(query);
  expect(status).toBe(400);
  expect(body.data).toBeNull();
  expect(body.error.details.code).toBe('VALIDATION_FAILED');
  if (path !== undefined)
    expect(body.error.details.errors.map((error: { path: unknown }) => error.path)).toContainEqual(path);
}

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
    expect(beyond.body).toEqual({
      data: [],
      meta: { pagination: { page: 9, pageSize: 3, pageCount: 3, total: 7 } },
    });
    const uncounted = await of({ 'pagination[withCount]': 'false' });
    expect(uncounted.body.meta.pagination).toEqual({ page: 1, pageSize: 20 });
  });

  it.each([
    ['small', 10],
    ['standard', 20],
    ['large', 100],
  ])('pages by the size called %s', async (size, pageSize) => {
    expect((await of({ 'pagination[size]': size })).body.meta.pagination).toEqual({
      page: 1,
      pageSize,
      pageCount: 1,
      total: 7,
    });
  });

  it.each([
    'createdAt:desc',
    'createdAt:asc',
    'price:asc',
    'price:desc',
    'salesCount:desc',
    'price:asc,salesCount:desc',
  ])('walks by cursor through all of them once, by %s, while others are added', async (sort) => {
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
      const intruder = await makeProduct(app, {
        brand,
        price: sort.startsWith('price:desc') ? 9000 : 1,
        createdAt: new Date(sort === 'createdAt:asc' ? 0 : Date.now()),
        salesCount: sort.startsWith('sales') ? 99 : 0,
      });
      intruders.push(intruder.documentId);
    }
    const known = seen.filter((id) => !intruders.includes(id));
    expect(new Set(seen).size).toBe(seen.length);
    expect([...known].sort()).toEqual([...made].sort());
    for (const id of intruders)
      await app.strapi.documents(PRODUCT_UID as never).delete({ documentId: id, locale: '*' } as never);
  });

  it('refuses a cursor of another order, and one with other things in it', async () => {
    const { body } = await of({ sort: 'price', 'pagination[cursor]': '', 'pagination[limit]': '2' });
    const cursor = body.meta.pagination.nextCursor as string;
    await expectRefused({ sort: 'createdAt', 'pagination[cursor]': cursor }, ['pagination', 'cursor']);
    await expectRefused({ sort: 'price:desc', 'pagination[cursor]': cursor }, ['pagination', 'cursor']);
    const forge = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const forged of [
      ['price:asc', 1, 'x'],
      ['price:asc', 1, 1.5],
      ['price:asc', {}, 1],
      { a: 1 },
      ['price:asc'],
    ]) {
      await expectRefused({ sort: 'price', 'pagination[cursor]': forge(forged) }, ['pagination', 'cursor']);
    }
    await expectRefused({ sort: 'price', 'pagination[cursor]': cursor, 'pagination[page]': '1' }, [
      'pagination',
      'page',
    ]);
  });
});

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
