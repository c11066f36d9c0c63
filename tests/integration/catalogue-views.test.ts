import { compiled, type TestApp, startApp } from '../support/app';
import {
  documents,
  forgetAnswers,
  type Made,
  makeProduct,
  PRODUCT_UID,
  unique,
} from '../support/factories/catalogue';

let app: TestApp;
const views = () =>
  compiled<typeof import('../../src/api/product/services/view-counter')>(
    'src/api/product/services/view-counter',
  );

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

describe('views', () => {
  const viewCounts = async (product: Made): Promise<number[]> => {
    const rows = await app.strapi.db
      .connection('products')
      .where('document_id', product.documentId)
      .select('view_count');
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
    // An answer that is kept tells of looks a second later.
    forgetAnswers();
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
    const failed = await views()
      .flushViews()
      .then(
        () => undefined,
        (error: unknown) => String(error),
      );
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
    const english = await documents(app, PRODUCT_UID).findOne({
      documentId: product.documentId,
      locale: 'en',
    });
    const form = await documents(app, PRODUCT_UID).findOne({ documentId: product.documentId });
    expect(form).toMatchObject({ viewCount: 0, salesCount: 0 });
    await app.strapi.db
      .connection('products')
      .where('document_id', product.documentId)
      .update({ sales_count: 8, view_count: 9 });

    await documents(app, PRODUCT_UID).update({
      documentId: product.documentId,
      data: { ...form, price: 1500, salesCount: 0, viewCount: 0 },
    });
    await documents(app, PRODUCT_UID).update({
      documentId: product.documentId,
      locale: 'en',
      data: { ...english, name: 'New name', price: 1600 },
    });
    const rows = await app.strapi.db
      .connection('products')
      .where('document_id', product.documentId)
      .select('sales_count', 'view_count', 'price');
    expect(
      rows.map((row: Record<string, unknown>) => [row.sales_count, row.view_count, Number(row.price)]),
    ).toEqual([
      [8, 9, 1600],
      [8, 9, 1600],
    ]);
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
        await app.strapi.db
          .query(PRODUCT_UID)
          .updateMany({ where: { documentId: product.documentId }, data: { salesCount: 5, viewCount: 6 } });
      },
    });
    await documents(app, PRODUCT_UID).update({
      documentId: product.documentId,
      locale: 'en',
      data: { price: 1400 },
    });
    expect(sold).toBe(true);
    const rows = await app.strapi.db
      .connection('products')
      .where('document_id', product.documentId)
      .select('sales_count', 'view_count', 'price');
    expect(
      rows.map((row: Record<string, unknown>) => [row.sales_count, row.view_count, Number(row.price)]),
    ).toEqual([
      [5, 6, 1400],
      [5, 6, 1400],
    ]);
  });

  it('a new language begins with the numbers of the document', async () => {
    const product = await makeProduct(app, { salesCount: 12 });
    await documents(app, PRODUCT_UID).update({
      documentId: product.documentId,
      locale: 'en',
      data: { name: unique('Late'), salesCount: 1 },
    });
    const rows = await app.strapi.db
      .connection('products')
      .where('document_id', product.documentId)
      .select('sales_count');
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
