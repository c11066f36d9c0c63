import { compiled, type TestApp, startApp } from '../support/app';
import {
  CATEGORY_UID,
  documents,
  makeBranch,
  makeProduct,
  PRODUCT_UID,
  unique,
} from '../support/factories/catalogue';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const create = (data: Record<string, unknown>) =>
  documents(app, PRODUCT_UID).create({ data: { name: unique('商品'), price: 10, ...data } });
const update = (documentId: string, data: Record<string, unknown>, locale?: string) =>
  documents(app, PRODUCT_UID).update({ documentId, data, locale });
const read = async (documentId: string) => {
  const [row] = await app.strapi.db
    .connection('products')
    .where({ document_id: documentId, locale: 'zh-Hans' });
  return row as Record<string, unknown>;
};
interface Refused {
  name: string;
  message: string;
  details: { errors?: { path: string[] }[] };
}

const refusal = (write: Promise<unknown>): Promise<Refused> =>
  write.then(
    () => {
      throw new Error('was not refused');
    },
    // Whatever was thrown; the tests look at its name and words.
    (error: unknown) => error as Refused,
  );

describe('writes of products', () => {
  it('never set the counters', async () => {
    const made = await create({ salesCount: 100, viewCount: 100 });
    expect(await read(made.documentId)).toMatchObject({ sales_count: 0, view_count: 0 });
    await app.strapi.db
      .connection('products')
      .where('document_id', made.documentId)
      .update({ sales_count: 3, view_count: 4 });
    await update(made.documentId, { salesCount: 0, viewCount: null, price: 11 });
    expect(await read(made.documentId)).toMatchObject({ sales_count: 3, view_count: 4 });
    const clone = await documents(app, PRODUCT_UID).clone({ documentId: made.documentId, data: {} });
    expect(await read(clone.entries[0].documentId)).toMatchObject({
      sales_count: 0,
      view_count: 0,
      product_code: null,
    });
  });

  it.each(['price', 'supplyPrice', 'invoicePrice', 'marketPrice', 'stockRebate', 'rebateMoney'])(
    'take a %s of zero or more with two places',
    async (field) => {
      const made = await create({ [field]: 0 });
      await update(made.documentId, { [field]: 12.34 });
      await update(made.documentId, { [field]: '56.7' });
      for (const value of [-0.01, 1.005, 1e9, '1,5', 'NaN', '1e3', true]) {
        const { name, message, details } = await refusal(update(made.documentId, { [field]: value }));
        expect(name).toBe('ValidationError');
        expect(message).toMatch(
          /必须是不小于 0、不大于 99999999.99 的金额，最多两位小数 \/ \w+ must be an amount from 0/,
        );
        expect(details.errors?.[0].path).toEqual([field]);
      }
      const column = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      expect(Number((await read(made.documentId))[column])).toBe(56.7);
    },
  );

  it('keep a code to one document, with a sentence that says so', async () => {
    const code = unique('CODE');
    const first = await create({ productCode: ` ${code} ` });
    const { name, message, details } = await refusal(create({ productCode: code }));
    expect(name).toBe('ValidationError');
    expect(message).toBe(
      `商品编码“${code}”已被其他商品使用 / The product code "${code}" is used by another product`,
    );
    expect(details.errors?.[0].path).toEqual(['productCode']);
    const second = await create({ productCode: unique('CODE') });
    expect((await refusal(update(second.documentId, { productCode: code }))).message).toMatch(
      /已被其他商品使用/,
    );
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
    const rows = await app.strapi.db
      .connection('products')
      .where('document_id', made.documentId)
      .select('price', 'is_sales');
    expect(rows.map((row: Record<string, unknown>) => [Number(row.price), Boolean(row.is_sales)])).toEqual([
      [321, false],
      [321, false],
    ]);
  });

  it('leave the category where the default row has it', async () => {
    const { item } = await makeBranch(app);
    const made = await makeProduct(app, { category: item.documentId, english: { name: unique('Rel') } });
    const { body } = await app.api('get', `/products/${made.documentId}?locale=en`);
    expect(body.data.category.documentId).toBe(item.documentId);
  });
});

describe('the rules of the category tree', () => {
  const get = (path: string) => app.api('get', path);
  const create = (data: Record<string, unknown>) =>
    documents(app, CATEGORY_UID).create({ data: { name: unique('分类'), ...data } });
  const update = (documentId: string, data: Record<string, unknown>, locale?: string) =>
    documents(app, CATEGORY_UID).update({ documentId, data, locale });
  const parentOf = async (documentId: string): Promise<string | null> =>
    (await get(`/categories/${documentId}`)).body.data.parent?.documentId ?? null;

  it('a major category has no parent, a minor one a major, an item a minor', async () => {
    const { major, minor, item } = await makeBranch(app);
    const to = (documentId: string) => ({ parent: { connect: [{ documentId }] } });
    await expect(create({ level: 'major', ...to(major.documentId) })).rejects.toThrow(
      '一级分类不能有上级分类 / A major category has no parent',
    );
    for (const parent of [{}, to(minor.documentId), to(item.documentId), { parent: null }]) {
      await expect(create({ level: 'minor', ...parent })).rejects.toThrow(
        /二级分类的上级必须是一级分类 \/ The parent/,
      );
    }
    for (const parent of [{}, to(major.documentId), to(item.documentId)]) {
      await expect(create({ level: 'item', ...parent })).rejects.toThrow(/三级分类的上级必须是二级分类/);
    }
    await expect(create({ level: 'minor', ...to('abcdefghijklmnopqrstuvwx') })).rejects.toThrow(
      /上级分类不存在/,
    );
  });

  it.each([
    ['connect by document', (id: number, documentId: string) => ({ connect: [{ documentId }] })],
    [
      'connect by row, as the panel does',
      (id: number, documentId: string) => ({
        connect: [{ id, documentId, isTemporary: true }],
        disconnect: [],
      }),
    ],
    ['set', (_id: number, documentId: string) => ({ set: [{ documentId }] })],
    ['the document alone', (_id: number, documentId: string) => documentId],
    ['an object', (_id: number, documentId: string) => ({ documentId })],
    ['a row', (id: number) => id],
  ])('see the parent however it is written: %s', async (_form, write) => {
    const { major, minor } = await makeBranch(app);
    await expect(create({ level: 'minor', parent: write(minor.id, minor.documentId) })).rejects.toThrow(
      /二级分类/,
    );
    const made = await create({ level: 'minor', parent: write(major.id, major.documentId) });
    expect(await parentOf(made.documentId)).toBe(major.documentId);
  });

  it('hold for updates too: level and parent are judged together', async () => {
    const { major, minor, item } = await makeBranch(app);
    const other = await makeBranch(app);
    await update(item.documentId, { name: unique('改名') });
    await update(item.documentId, { parent: { connect: [{ documentId: other.minor.documentId }] } });
    expect(await parentOf(item.documentId)).toBe(other.minor.documentId);
    await expect(update(item.documentId, { parent: null })).rejects.toThrow(/三级分类/);
    await expect(
      update(item.documentId, { parent: { disconnect: [{ documentId: other.minor.documentId }] } }),
    ).rejects.toThrow(/三级分类/);
    await expect(update(item.documentId, { level: 'minor' })).rejects.toThrow(/二级分类/);
    await update(item.documentId, {
      level: 'minor',
      parent: { connect: [{ documentId: major.documentId }] },
    });
    await update(item.documentId, { level: 'major', parent: { set: [] } });
    expect(await parentOf(item.documentId)).toBeNull();
    await expect(
      update(minor.documentId, { parent: { connect: [{ documentId: minor.documentId }] } }),
    ).rejects.toThrow(/不能作为自己的上级/);
    await expect(
      update(other.major.documentId, { parent: { connect: [{ documentId: other.item.documentId }] } }),
    ).rejects.toThrow(/一级分类不能有上级/);
    await expect(
      update(other.minor.documentId, {
        level: 'item',
        parent: { connect: [{ documentId: minor.documentId }] },
      }),
    ).rejects.toThrow(/还有子分类，不能更改级别/);
    await expect(update(minor.documentId, { level: 'item' }, 'en')).rejects.toThrow(/三级分类/);
  });

  it('children are moved from their own form', async () => {
    const { major, minor } = await makeBranch(app);
    await expect(
      update(major.documentId, { children: { disconnect: [{ documentId: minor.documentId }] } }),
    ).rejects.toThrow(/不能从上级分类中添加或移除/);
    await expect(update(major.documentId, { children: [] })).rejects.toThrow(/不能从上级分类中添加或移除/);
    await update(major.documentId, { name: unique('面板'), children: { connect: [], disconnect: [] } });
    expect(await parentOf(minor.documentId)).toBe(major.documentId);
  });

  it('what still holds something cannot be deleted, and translations can', async () => {
    const { major, minor, item } = await makeBranch(app);
    const product = await makeProduct(app, { category: item.documentId });
    const remove = (documentId: string, locale = '*') =>
      documents(app, CATEGORY_UID).delete({ documentId, locale });
    await expect(remove(major.documentId)).rejects.toThrow(
      '该分类下还有子分类，不能删除 / This category has subcategories and cannot be deleted',
    );
    await expect(remove(item.documentId)).rejects.toThrow(
      '该分类下还有商品，不能删除 / This category has products and cannot be deleted',
    );
    await expect(documents(app, CATEGORY_UID).delete({ documentId: item.documentId })).rejects.toThrow(
      /商品/,
    );
    expect((await get(`/categories/${item.documentId}`)).status).toBe(200);
    await update(item.documentId, { name: unique('Item') }, 'en');
    await remove(item.documentId, 'en');
    expect((await get(`/categories/${item.documentId}`)).status).toBe(200);
    await documents(app, 'api::product.product').update({
      documentId: product.documentId,
      data: { category: null },
    });
    for (const { documentId } of [item, minor, major]) await remove(documentId);
    expect((await get(`/categories/${major.documentId}`)).status).toBe(404);
  });
});

describe('the languages of the shop', () => {
  const ensure = () =>
    compiled<typeof import('../../src/api/product/rules/ensure-languages')>(
      'src/api/product/rules/ensure-languages',
    ).ensureLanguages(app.strapi);
  const locales = async () => {
    const rows = (await app.strapi.db.query('plugin::i18n.locale').findMany({})) as {
      code: string;
      name: string;
    }[];
    return rows.map(({ code }) => code).sort();
  };
  const service = () => app.strapi.plugin('i18n').service('locales');

  it('exist after the first start, Chinese being the default', async () => {
    expect(await locales()).toEqual(['en', 'zh-Hans']);
    expect(await service().getDefaultLocale()).toBe('zh-Hans');
  });

  it('have names staff can read, and keep those staff gave', async () => {
    const names = async () => {
      const rows = (await app.strapi.db.query('plugin::i18n.locale').findMany({ orderBy: 'code' })) as {
        name: string;
      }[];
      return rows.map(({ name }) => name);
    };
    const rename = (code: string, name: string) =>
      app.strapi.db.query('plugin::i18n.locale').update({ where: { code }, data: { name } });
    expect(await names()).toEqual(['English (en)', '简体中文 (zh-Hans)']);
    await rename('zh-Hans', 'Chinese (Simplified) (zh-Hans)');
    await rename('en', '英文');
    await ensure();
    expect(await names()).toEqual(['英文', '简体中文 (zh-Hans)']);
    await rename('en', 'English (en)');
  });

  it('are put right at every start, by several processes too, and others stay', async () => {
    await app.strapi.db
      .query('plugin::i18n.locale')
      .deleteMany({ where: { code: { $in: ['en', 'zh-Hans'] } } });
    await service().create({ code: 'fr', name: 'French' });
    await service().setDefaultLocale({ code: 'fr' });
    await Promise.all([ensure(), ensure(), ensure()]);
    expect(await locales()).toEqual(['en', 'fr', 'zh-Hans']);
    expect(await service().getDefaultLocale()).toBe('zh-Hans');
  });
});
