import { type TestApp, startApp } from '../support/app';
import { makeBrand, makeProduct, PRODUCT_UID } from '../support/factories/catalogue';

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
