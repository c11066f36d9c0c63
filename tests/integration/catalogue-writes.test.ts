import { compiled, type TestApp, startApp } from '../support/app';
import { documents, makeBranch, makeProduct, PRODUCT_UID, unique } from '../support/factories/catalogue';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const create = (data: Record<string, unknown>) => documents(app, PRODUCT_UID).create({ data: { name: unique('商品'), price: 10, ...data } });
const update = (documentId: string, data: Record<string, unknown>, locale?: string) => documents(app, PRODUCT_UID).update({ documentId, data, locale });
const read = async (documentId: string) => {
  const [row] = await app.strapi.db.connection('products').where({ document_id: documentId, locale: 'zh-Hans' });
  return row as Record<string, unknown>;
};
const refusal = (write: Promise<unknown>): Promise<{ name: string; message: string; details: { errors?: { path: string[] }[] } }> =>
  write.then(
    () => {
      throw new Error('was not refused');
    },
    (error: never) => error,
  );

describe('writes of products', () => {
  it('never set the counters', async () => {
    const made = await create({ salesCount: 100, viewCount: 100 });
    expect(await read(made.documentId)).toMatchObject({ sales_count: 0, view_count: 0 });
    await app.strapi.db.connection('products').where('document_id', made.documentId).update({ sales_count: 3, view_count: 4 });
    await update(made.documentId, { salesCount: 0, viewCount: null, price: 11 });
    expect(await read(made.documentId)).toMatchObject({ sales_count: 3, view_count: 4 });
    const clone = await documents(app, PRODUCT_UID).clone({ documentId: made.documentId, data: {} });
    expect(await read(clone.entries[0].documentId)).toMatchObject({ sales_count: 0, view_count: 0, product_code: null });
  });

  it.each(['price', 'supplyPrice', 'invoicePrice', 'marketPrice', 'stockRebate', 'rebateMoney'])('take a %s of zero or more with two places', async (field) => {
    const made = await create({ [field]: 0 });
    await update(made.documentId, { [field]: 12.34 });
    await update(made.documentId, { [field]: '56.7' });
    for (const value of [-0.01, 1.005, 1e9, '1,5', 'NaN', '1e3', true]) {
      const { name, message, details } = await refusal(update(made.documentId, { [field]: value }));
      expect(name).toBe('ValidationError');
      expect(message).toMatch(/必须是不小于 0、不大于 99999999.99 的金额，最多两位小数 \/ \w+ must be an amount from 0/);
      expect(details.errors?.[0].path).toEqual([field]);
    }
    const column = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    expect(Number((await read(made.documentId))[column])).toBe(56.7);
  });

  it('keep a code to one document, with a sentence that says so', async () => {
    const code = unique('CODE');
    const first = await create({ productCode: ` ${code} ` });
    const { name, message, details } = await refusal(create({ productCode: code }));
    expect(name).toBe('ValidationError');
    expect(message).toBe(`商品编码“${code}”已被其他商品使用 / The product code "${code}" is used by another product`);
    expect(details.errors?.[0].path).toEqual(['productCode']);
    const second = await create({ productCode: unique('CODE') });
    expect((await refusal(update(second.documentId, { productCode: code }))).message).toMatch(/已被其他商品使用/);
    // Its own code, also in another language, is no clash.
    await update(first.documentId, { productCode: code, price: 12 });
    await update(first.documentId, { name: unique('English'), productCode: code }, 'en');
    await create({ productCode: '' });
    await create({ productCode: ' ' });
  });

  it('keep a code to one document when several are written at the same moment', async () => {
    const code = unique('RACE');
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => create({ productCode: code })));
    const refused = results.filter((result): result is PromiseRejectedResult => result.status === 'rejected');
    expect(refused).toHaveLength(5);
    for (const { reason } of refused) expect(String(reason)).toMatch(/已被其他商品使用/);
    expect(await app.strapi.db.query(PRODUCT_UID).count({ where: { productCode: code } })).toBe(1);
  });

  it('in the default language reach what is not localized in the others', async () => {
    const made = await makeProduct(app, { english: { name: unique('Copy') } });
    await update(made.documentId, { price: 321, isSales: false });
    const rows = await app.strapi.db.connection('products').where('document_id', made.documentId).select('price', 'is_sales');
    expect(rows.map((row: Record<string, unknown>) => [Number(row.price), Boolean(row.is_sales)])).toEqual([[321, false], [321, false]]);
  });

  it('leave the category where the default row has it', async () => {
    const { item } = await makeBranch(app);
    const made = await makeProduct(app, { category: item.documentId, english: { name: unique('Rel') } });
    const { body } = await app.api('get', `/products/${made.documentId}?locale=en`);
    expect(body.data.category.documentId).toBe(item.documentId);
  });
});

describe('the languages of the shop', () => {
  const ensure = () => compiled<typeof import('../../src/api/product/rules/ensure-languages')>('src/api/product/rules/ensure-languages').ensureLanguages(app.strapi);
  const locales = async () => {
    const rows = (await app.strapi.db.query('plugin::i18n.locale').findMany({})) as { code: string; name: string }[];
    return rows.map(({ code }) => code).sort();
  };
  const service = () => app.strapi.plugin('i18n').service('locales');

  it('exist after the first start, Chinese being the default', async () => {
    expect(await locales()).toEqual(['en', 'zh-Hans']);
    expect(await service().getDefaultLocale()).toBe('zh-Hans');
  });

  it('are put right at every start, by several processes too, and others stay', async () => {
    await app.strapi.db.query('plugin::i18n.locale').deleteMany({ where: { code: { $in: ['en', 'zh-Hans'] } } });
    await service().create({ code: 'fr', name: 'French' });
    await service().setDefaultLocale({ code: 'fr' });
    await Promise.all([ensure(), ensure(), ensure()]);
    expect(await locales()).toEqual(['en', 'fr', 'zh-Hans']);
    expect(await service().getDefaultLocale()).toBe('zh-Hans');
  });
});
