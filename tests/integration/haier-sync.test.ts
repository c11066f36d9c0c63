import { HAIER_PATHS } from '../../sandbox';
import { compiled, type TestApp, startApp } from '../support/app';
import { documents, makeProduct, PRODUCT_UID, setStock } from '../support/factories/catalogue';
import {
  countCalls,
  COUNTY,
  productOf,
  productRows,
  putGoods,
  runSync,
  syncs,
  writeSettings,
  writesTo,
} from '../support/factories/haier';

let app: TestApp;
const TABLES = /products|inventory_/;

const put = (productCode: string, facts?: Record<string, unknown>) => putGoods(app, productCode, facts);
const staffSave = (documentId: string, data: Record<string, unknown>, locale?: string) =>
  documents(app, PRODUCT_UID).update({ documentId, data, ...(locale === undefined ? {} : { locale }) });
const documentOf = async (code: string): Promise<string> => String((await productOf(app, code)).documentId);

beforeAll(async () => {
  app = await startApp();
  app.sandbox.control.haier.catalogue(false);
  await writeSettings(app, { policy: { stockCountyCode: COUNTY } });
}, 180_000);
afterAll(() => app?.stop());

describe('a product the shop has never seen', () => {
  it('mistake 12: arrives unlisted with a proposed price, and shows nothing of what it costs', async () => {
    put('NEW-1', { productModel: 'BCD-500', productGroup: '冰箱', brand: '海尔', rebateMoney: 20 });
    const run = await runSync(app, 'products');
    expect(run).toMatchObject({ status: 'succeeded', total: 1, done: 1, created: 1, failed: 0 });
    const product = await productOf(app, 'NEW-1');
    expect(product).toMatchObject({
      name: '海尔 冰箱 BCD-500',
      source: 'haier',
      price: 2000,
      supplyPrice: 1999.5,
      invoicePrice: 1879.53,
      stockRebate: 5,
      rebateMoney: 20,
      isActive: false,
      isSales: true,
      salesCount: 0,
    });
    expect(product.lastSyncAt).not.toBeNull();
    expect((await app.api('get', `/products/${String(product.documentId)}`)).status).toBe(404);
  });

  it('shows Haier’s pictures once staff list it, until it has its own, and never a cost', async () => {
    const documentId = await documentOf('NEW-1');
    await staffSave(documentId, { isActive: true, price: 2999 });
    const { body } = await app.api('get', `/products/${documentId}`);
    expect(body.data.mainImages).toEqual([
      {
        url: expect.stringMatching(/^http/),
        width: null,
        height: null,
        alternativeText: '海尔 冰箱 BCD-500',
      },
    ]);
    expect(body.data.detailImages).toHaveLength(2);
    expect(JSON.stringify(body)).not.toMatch(/supplyPrice|rebate|offSaleBySync|haierImages|NEW-1"/i);
    const list = await app.api('get', '/products?filters[source]=haier');
    expect(list.body.data[0].mainImages).toHaveLength(1);
  });

  it('mistake 12: at price 0, for want of a supply price, cannot be bought even when it is listed', async () => {
    put('NEW-0', { supplyPrice: null });
    await runSync(app, 'products', { productCodes: ['NEW-0'] });
    const product = await productOf(app, 'NEW-0');
    expect(product).toMatchObject({ price: 0, isActive: false, isSales: false, noSalesReason: '价格未生效' });
    app.sandbox.control.haier.removeProduct('NEW-0');
  });
});

describe('a second run', () => {
  it('writes nothing where nothing has changed', async () => {
    // Looks at products are counted whenever it suits.
    const rows = async () => (await productRows(app, 'NEW-1')).map(({ view_count: _, ...row }) => row);
    const before = await rows();
    let run;
    const writes = await writesTo(app, TABLES, async () => {
      run = await runSync(app, 'products', { productCodes: ['NEW-1'] });
    });
    expect(run).toMatchObject({ status: 'succeeded', unchanged: 1, changed: 0, changedFields: {} });
    expect(writes).toEqual([]);
    expect(await rows()).toEqual(before);
  });

  it('mistake 12: writes what changed in every language, says which fields, and never touches price or name', async () => {
    const documentId = await documentOf('NEW-1');
    await staffSave(documentId, { name: '我的冰箱', price: 3333 });
    await staffSave(documentId, { name: 'My fridge' }, 'en');
    put('NEW-1', { supplyPrice: 1800, productModel: 'BCD-501' });
    const run = await runSync(app, 'products', { productCodes: ['NEW-1'] });
    expect(run).toMatchObject({
      changed: 1,
      changedFields: { productModel: 1, supplyPrice: 1, invoicePrice: 1 },
    });
    const rows = await productRows(app, 'NEW-1');
    expect(rows.map(({ locale }) => locale)).toEqual(['zh-Hans', 'en']);
    expect(rows.map(({ name }) => name)).toEqual(['我的冰箱', 'My fridge']);
    for (const row of rows) {
      expect(row.product_model).toBe('BCD-501');
      expect([Number(row.price), Number(row.supply_price)]).toEqual([3333, 1800]);
    }
  });
});

describe('what Haier no longer sells', () => {
  it('mistake 12: isSales 0 goes off sale at once and comes back by itself', async () => {
    put('NEW-1', { isSales: false, noSalesReason: '停产' });
    const off = await runSync(app, 'products', { productCodes: ['NEW-1'] });
    expect(off.changedFields).toEqual({ isSales: 1, noSalesReason: 1 });
    for (const row of await productRows(app, 'NEW-1'))
      expect([Number(row.is_sales), row.no_sales_reason]).toEqual([0, '停产']);
    put('NEW-1', { isSales: true });
    await runSync(app, 'products', { productCodes: ['NEW-1'] });
    expect(await productOf(app, 'NEW-1')).toMatchObject({ isSales: true, noSalesReason: null, price: 3333 });
  });

  it('mistake 12: what left the list goes off sale in a whole run alone, and comes back', async () => {
    put('STAYS');
    app.sandbox.control.haier.removeProduct('NEW-1');
    const some = await runSync(app, 'products', { productCodes: ['STAYS', 'NEW-1'] });
    expect(some).toMatchObject({ unlisted: 0, failed: 1, errors: [{ subject: 'NEW-1' }] });
    expect(await productOf(app, 'NEW-1')).toMatchObject({ isSales: true });
    expect(await runSync(app, 'products')).toMatchObject({ unlisted: 1, status: 'succeeded' });
    expect(await productOf(app, 'NEW-1')).toMatchObject({
      isSales: false,
      noSalesReason: expect.stringContaining('不再供应'),
    });
    expect(await runSync(app, 'products')).toMatchObject({ unlisted: 0, changed: 0 });
    put('NEW-1', { productModel: 'BCD-501', supplyPrice: 1800 });
    await runSync(app, 'products');
    expect(await productOf(app, 'NEW-1')).toMatchObject({ isSales: true, noSalesReason: null });
  });

  it('stays off when staff took it off, also when Haier stops and sells again', async () => {
    const documentId = await documentOf('STAYS');
    await staffSave(documentId, { isSales: false, noSalesReason: '样品' });
    for (const isSales of [true, false, true]) {
      put('STAYS', { isSales });
      await runSync(app, 'products', { productCodes: ['STAYS'] });
      expect(await productOf(app, 'STAYS')).toMatchObject({ isSales: false, noSalesReason: '样品' });
    }
    await staffSave(documentId, { isSales: true, noSalesReason: null });
  });

  it('is for staff to decide once they have changed what the sync took off', async () => {
    const documentId = await documentOf('STAYS');
    put('STAYS', { isSales: false, noSalesReason: '停产' });
    await runSync(app, 'products', { productCodes: ['STAYS'] });
    // A form saved as it was is no decision.
    await staffSave(documentId, { isSales: false, noSalesReason: '停产', offSaleBySync: false });
    expect(await productOf(app, 'STAYS')).toMatchObject({ offSaleBySync: true });
    await staffSave(documentId, { isSales: false, noSalesReason: '不再经营' });
    put('STAYS', { isSales: true });
    await runSync(app, 'products', { productCodes: ['STAYS'] });
    expect(await productOf(app, 'STAYS')).toMatchObject({ isSales: false, noSalesReason: '不再经营' });
  });
});

describe('one bad product', () => {
  it('fails alone, with a reason', async () => {
    await makeProduct(app, { productCode: 'OURS', source: 'local' });
    put('OURS');
    put('GOOD');
    const run = await runSync(app, 'products', { productCodes: ['OURS', 'GOOD', 'UNHEARD-OF'] });
    expect(run).toMatchObject({ status: 'succeeded', total: 3, done: 3, created: 1, failed: 2 });
    expect(run.errors.map(({ subject }) => subject).sort()).toEqual(['OURS', 'UNHEARD-OF']);
    expect(await productOf(app, 'OURS')).toMatchObject({
      source: 'local',
      price: 1999,
      supplyPrice: 1234.56,
    });
    app.sandbox.control.haier.removeProduct('OURS');
  });
});

describe('prices and stock', () => {
  it('asks prices twenty a call, and writes nothing but money', async () => {
    put('NEW-1', { supplyPrice: 1700, productModel: 'not asked for' });
    const calls = countCalls(app);
    const run = await runSync(app, 'prices');
    expect(run).toMatchObject({ status: 'succeeded', changedFields: { supplyPrice: 1, invoicePrice: 1 } });
    expect(calls(HAIER_PATHS.products)).toBe(0);
    expect(calls(HAIER_PATHS.prices)).toBe(1);
    expect(await productOf(app, 'NEW-1')).toMatchObject({
      supplyPrice: 1700,
      price: 3333,
      productModel: 'BCD-501',
    });
  });

  it('keeps stock as Haier counts it, one ledger row for each change, none below what is promised', async () => {
    const { haier } = app.sandbox.control;
    const product = { id: (await productRows(app, 'NEW-1'))[0].id, documentId: await documentOf('NEW-1') };
    haier.setStock({ productCode: 'NEW-1', countyCode: COUNTY, pieces: 7 });
    const first = await runSync(app, 'stock', { productCodes: ['NEW-1'] });
    expect(first).toMatchObject({ changed: 1, changedFields: { stock: 1 } });
    const writes = await writesTo(app, TABLES, () => runSync(app, 'stock', { productCodes: ['NEW-1'] }));
    expect(writes).toEqual([]);
    const { auditShop } = compiled<typeof import('../../src/audit')>('src/audit');
    const { findings } = await auditShop(app.strapi.db.connection, new Date());
    expect(findings.filter(({ rule }) => rule.startsWith('stock.'))).toEqual([]);
    await setStock(app, product, 3);
    await app.strapi.db
      .connection('inventory_items')
      .where('product_document_id', product.documentId)
      .update({ locked: 2 });
    haier.setStock({ productCode: 'NEW-1', countyCode: COUNTY, pieces: 0 });
    await runSync(app, 'stock', { productCodes: ['NEW-1'] });
    const ledger = await app.strapi.db
      .connection('inventory_logs')
      .where({ product_document_id: product.documentId, change_type: 'sync' })
      .orderBy('id')
      .select('quantity', 'on_hand_delta', 'locked_delta', 'on_hand_after', 'locked_after', 'operator');
    expect(ledger).toEqual([
      {
        quantity: 7,
        on_hand_delta: 7,
        locked_delta: 0,
        on_hand_after: 7,
        locked_after: 0,
        operator: 'system:haier-sync',
      },
      {
        quantity: -1,
        on_hand_delta: -1,
        locked_delta: 0,
        on_hand_after: 2,
        locked_after: 2,
        operator: 'system:haier-sync',
      },
    ]);
  });
});

it('mistake 13: every run stands in the log with what it did, and its items are gone', async () => {
  const { rows } = await syncs(app).list({ page: 1, pageSize: 100 });
  expect(rows.length).toBeGreaterThan(10);
  for (const run of rows) {
    expect(run).toMatchObject({ trigger: 'command', requestedBy: 'test', status: 'succeeded' });
    expect(run.done).toBe(run.created + run.changed + run.unchanged + run.failed);
    expect(run.done).toBe(run.total);
    expect(run.finishedAt).not.toBeNull();
  }
  expect(await app.strapi.db.query('plugin::haier-integration.haier-sync-item').count()).toBe(0);
});
