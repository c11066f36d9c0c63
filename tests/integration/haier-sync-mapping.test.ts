import { type TestApp, startApp } from '../support/app';
import {
  BRAND_UID,
  CATEGORY_UID,
  documents,
  makeBrand,
  makeCategory,
  PRODUCT_UID,
} from '../support/factories/catalogue';
import { productOf, putGoods, runSync } from '../support/factories/haier';

let app: TestApp;

const put = (productCode: string, facts?: Record<string, unknown>) => putGoods(app, productCode, facts);
const staffSave = (documentId: string, data: Record<string, unknown>, locale?: string) =>
  documents(app, PRODUCT_UID).update({ documentId, data, ...(locale === undefined ? {} : { locale }) });
const documentOf = async (code: string): Promise<string> => String((await productOf(app, code)).documentId);

beforeAll(async () => {
  app = await startApp();
  app.sandbox.control.haier.catalogue(false);
}, 180_000);
afterAll(() => app?.stop());

describe('brand and category', () => {
  const mappings = () => app.strapi.db.connection('haier_mappings');

  it('are recorded by Haier’s names, and mapped at once where the shop has that name', async () => {
    const leader = await makeBrand(app, { name: '统帅', english: 'Leader' });
    put('MAP-1', { brand: '统帅', productGroup: '净水器' });
    await runSync(app, 'products', { productCodes: ['MAP-1'] });
    expect(
      await mappings()
        .whereIn('haier_name', ['统帅', '净水器'])
        .orderBy('kind')
        .select('kind', 'haier_name', 'target'),
    ).toEqual([
      { kind: 'brand', haier_name: '统帅', target: leader.documentId },
      { kind: 'category', haier_name: '净水器', target: null },
    ]);
    expect(await productOf(app, 'MAP-1')).toMatchObject({
      brand: { documentId: leader.documentId },
      category: null,
    });
  });

  it('follow the mapping in every language until staff choose something else', async () => {
    const [first, second, own] = [
      await makeCategory(app, { english: 'Water' }),
      await makeCategory(app, { english: 'Filters' }),
      await makeCategory(app),
    ];
    const documentId = await documentOf('MAP-1');
    await staffSave(documentId, { name: 'Filter' }, 'en');
    for (const { documentId: target } of [first, second]) {
      await mappings().where('haier_name', '净水器').update({ target });
      await runSync(app, 'products', { productCodes: ['MAP-1'] });
      for (const locale of ['zh-Hans', 'en'])
        expect(
          await documents(app, PRODUCT_UID).findOne({ documentId, locale, populate: ['category'] }),
        ).toMatchObject({ category: { documentId: target, locale } });
    }
    await staffSave(documentId, { category: { set: [{ documentId: own.documentId }] } });
    await runSync(app, 'products', { productCodes: ['MAP-1'] });
    expect(await productOf(app, 'MAP-1')).toMatchObject({ category: { documentId: own.documentId } });
  });

  it('are left as they are when the mapping names something that is gone', async () => {
    const gone = await makeBrand(app);
    await mappings().where('haier_name', '统帅').update({ target: gone.documentId });
    await documents(app, BRAND_UID).delete({ documentId: gone.documentId });
    expect(await runSync(app, 'products', { productCodes: ['MAP-1'] })).toMatchObject({
      unchanged: 1,
      failed: 0,
    });
    expect(await productOf(app, 'MAP-1')).toMatchObject({ brand: { name: '统帅' } });
    expect(await app.strapi.db.query(CATEGORY_UID).count()).toBeGreaterThan(0);
  });
});
