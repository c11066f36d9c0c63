import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { compiled, type TestApp, startApp } from '../support/app';
import { documents, PRODUCT_UID } from '../support/factories/catalogue';

let app: TestApp;
let seedMs: number;

const seed = () =>
  compiled<typeof import('../../src/api/product/demo/seed-demo-catalogue')>(
    'src/api/product/demo/seed-demo-catalogue',
  ).seedDemoCatalogue(app.strapi);

beforeAll(async () => {
  app = await startApp();
  const started = Date.now();
  // Two processes that start together; on SQLite, where one connection serves all, one after the other.
  if (app.strapi.db.dialect.client === 'postgres') {
    await Promise.all([seed(), seed()]);
  } else {
    await seed();
    await seed();
  }
  seedMs = Date.now() - started;
}, 120_000);

afterAll(async () => {
  // The pictures are files in the project's public folder: the test takes its own away again.
  const files = await app.strapi.db.query('plugin::upload.file').findMany({});
  for (const file of files) await app.strapi.plugin('upload').service('upload').remove(file);
  await app.stop();
});

interface Card {
  documentId: string;
  name: string;
  source: string;
  stock: number;
  isAvailable: boolean;
  brand: { logo: { url: string } };
  mainImages: { url: string; width: number; formats: Record<string, { url: string }> }[];
}
const cards = async (query = ''): Promise<Card[]> =>
  (await app.api('get', `/products?pagination[size]=large${query}`)).body.data;
const counts = async () => {
  const count = (uid: string) => app.strapi.db.query(uid as never).count();
  return {
    products: await count(PRODUCT_UID),
    brands: await count('api::brand.brand'),
    categories: await count('api::category.category'),
    discounts: await count('api::discount.discount'),
    files: await count('plugin::upload.file'),
    stock: await count('api::inventory.inventory-item'),
  };
};

it('makes a catalogue in two languages, once, however many processes start', async () => {
  // Two rows per document, one per language; 24 products and 8 brands have a picture each.
  expect(await counts()).toEqual({
    products: 48,
    brands: 16,
    categories: 2 * 23,
    discounts: 2,
    files: 32,
    stock: 20,
  });
  const [chinese, english] = [await cards(), await cards('&locale=en')];
  expect(chinese).toHaveLength(24);
  expect(english).toHaveLength(24);
  for (const card of chinese) expect(card.name).toMatch(/[\u4e00-\u9fff]/);
  for (const card of english) expect(card.name).not.toMatch(/[\u4e00-\u9fff]/);
  expect(chinese.filter(({ source }) => source === 'haier')).toHaveLength(4);
  for (const card of chinese) expect(card.isAvailable).toBe(true);
  process.stdout.write(`the demo catalogue took ${seedMs} ms\n`);
});

it('puts every product on a shelf of the tree', async () => {
  const { body } = await app.api('get', '/categories/tree');
  expect(body.data.map(({ name }: { name: string }) => name)).toEqual(['大家电', '厨卫电器', '生活电器']);
  let total = 0;
  for (const { documentId } of body.data) total += (await cards(`&filters[category]=${documentId}`)).length;
  expect(total).toBe(24);
});

it('has pictures with thumbnails that the shop serves', async () => {
  const [card] = await cards();
  expect(card.mainImages[0]).toMatchObject({
    width: 480,
    formats: { thumbnail: { url: expect.any(String) } },
  });
  for (const url of [card.mainImages[0].url, card.mainImages[0].formats.thumbnail.url, card.brand.logo.url]) {
    const answer = await fetch(url);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('image/png');
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    expect(existsSync(join(app.strapi.dirs.static.public, new URL(url).pathname))).toBe(true);
  }
});

it('has stock whose ledger adds up', async () => {
  const rows = await app.strapi.db
    .connection('inventory_items')
    .select('product_document_id', 'on_hand', 'locked');
  for (const row of rows) {
    const log = await app.strapi.db
      .connection('inventory_logs')
      .where('product_document_id', row.product_document_id);
    expect(log).toMatchObject([
      { change_type: 'adjust', on_hand_delta: row.on_hand, on_hand_after: row.on_hand, locked_after: 0 },
    ]);
  }
});

it('is never made a second time, also when staff deleted all of it', async () => {
  const before = await counts();
  await seed();
  expect(await counts()).toEqual(before);
  for (const { documentId } of await cards())
    await documents(app, PRODUCT_UID).delete({ documentId, locale: '*' });
  await seed();
  expect(await cards()).toEqual([]);
});
