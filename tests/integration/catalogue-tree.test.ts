import { type TestApp, startApp } from '../support/app';
import {
  BRAND_UID,
  CATEGORY_UID,
  countStatements,
  linkPicture,
  makeBranch,
  makeBrand,
  makeCategory,
  unique,
} from '../support/factories/catalogue';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

interface Node {
  documentId: string;
  name: string;
  children: Node[];
}
const get = (path: string, query: Record<string, string> = {}) => app.api('get', path).query(query);
const names = (entries: { name: string }[]): string[] => entries.map(({ name }) => name);

describe('the category tree', () => {
  it('has three levels, siblings by order and then by name, each with its picture', async () => {
    const root = await makeCategory(app, { name: '甲类', english: 'Class A', order: -10 });
    const second = await makeCategory(app, {
      name: 'b二',
      level: 'minor',
      parent: root.documentId,
      order: 2,
    });
    const first = await makeCategory(app, { name: 'a一', level: 'minor', parent: root.documentId, order: 2 });
    const zeroth = await makeCategory(app, {
      name: 'z零',
      level: 'minor',
      parent: root.documentId,
      order: 1,
    });
    const leaf = await makeCategory(app, {
      name: '叶',
      level: 'item',
      parent: first.documentId,
      english: 'Leaf',
    });
    await linkPicture(
      app,
      { uid: CATEGORY_UID, field: 'logo', id: leaf.id },
      { url: '/uploads/leaf.png', width: 10, height: 20 },
    );
    const { status, body } = await get('/categories/tree');
    expect(status).toBe(200);
    expect(body.meta).toEqual({});
    expect(body.data[0]).toEqual({
      documentId: root.documentId,
      name: '甲类',
      level: 'major',
      order: -10,
      logo: null,
      children: [
        { documentId: zeroth.documentId, name: 'z零', level: 'minor', order: 1, logo: null, children: [] },
        {
          documentId: first.documentId,
          name: 'a一',
          level: 'minor',
          order: 2,
          logo: null,
          children: [
            {
              documentId: leaf.documentId,
              name: '叶',
              level: 'item',
              order: 0,
              children: [],
              logo: { url: `${app.url}/uploads/leaf.png`, width: 10, height: 20, alternativeText: null },
            },
          ],
        },
        { documentId: second.documentId, name: 'b二', level: 'minor', order: 2, logo: null, children: [] },
      ],
    });
    // What nobody translated keeps its own name, or its branch would be lost with it.
    const { body: english } = await get('/categories/tree', { locale: 'en' });
    const branch = (english.data as Node[]).find(({ documentId }) => documentId === root.documentId);
    expect(branch?.name).toBe('Class A');
    expect(names(branch?.children ?? [])).toEqual(['z零', 'a一', 'b二']);
    expect(names(branch?.children[1].children ?? [])).toEqual(['Leaf']);
  });

  it('costs two statements whatever its size', async () => {
    await makeBranch(app);
    expect(await countStatements(app, () => get('/categories/tree'))).toHaveLength(2);
  });

  it.each([
    { locale: 'fr' },
    { nonsense: '1' },
    { 'pagination[page]': '1' },
    { sort: 'name' },
    { populate: 'children' },
  ])('refuses %j', async (query) => {
    const { status, body } = await get('/categories/tree', query as unknown as Record<string, string>);
    expect(status).toBe(400);
    expect(body.error.details.code).toBe('VALIDATION_FAILED');
  });
});

describe('the category list', () => {
  it('filters by level and parent, names the parent, and pages', async () => {
    const { major, minor, item } = await makeBranch(app);
    const { body } = await get('/categories', { 'filters[parent][documentId]': major.documentId });
    expect(body).toEqual({
      data: [
        {
          documentId: minor.documentId,
          name: minor.name,
          level: 'minor',
          order: 0,
          logo: null,
          locale: 'zh-Hans',
          parent: { documentId: major.documentId, name: major.name },
          createdAt: expect.any(String),
          updatedAt: expect.any(String),
        },
      ],
      meta: { pagination: { page: 1, pageSize: 20, pageCount: 1, total: 1 } },
    });
    const { body: items } = await get('/categories', {
      'filters[level]': 'item',
      'filters[parent]': minor.documentId,
      fields: 'name',
    });
    expect(items.data).toEqual([{ documentId: item.documentId, name: item.name }]);
    const { body: one } = await get(`/categories/${item.documentId}`);
    expect(one.data).toMatchObject({
      name: item.name,
      level: 'item',
      parent: { documentId: minor.documentId },
    });
    const { body: walked } = await get('/categories', {
      sort: 'name',
      'pagination[cursor]': '',
      'pagination[limit]': '1',
    });
    expect(walked.meta.pagination.nextCursor).toEqual(expect.any(String));
    const { body: next } = await get('/categories', {
      sort: 'name',
      'pagination[cursor]': walked.meta.pagination.nextCursor,
      'pagination[limit]': '1',
    });
    expect(next.data[0].documentId).not.toBe(walked.data[0].documentId);
  });

  it('in a language has what is written in it', async () => {
    const category = await makeCategory(app, { english: unique('English') });
    const chineseOnly = await makeCategory(app);
    const { body } = await get('/categories', {
      locale: 'en',
      'filters[documentId][$in]': `${category.documentId},${chineseOnly.documentId}`,
    });
    expect(body.data).toMatchObject([
      { documentId: category.documentId, name: expect.stringMatching(/^English/), locale: 'en' },
    ]);
    expect((await get(`/categories/${chineseOnly.documentId}`, { locale: 'en' })).status).toBe(404);
  });

  it('answers 404 and 400 as every list does', async () => {
    for (const id of ['abcdefghijklmnopqrstuvwx', '1', "'"])
      expect((await get(`/categories/${encodeURIComponent(id)}`)).status).toBe(404);
    for (const query of [
      { nonsense: '1' },
      { 'filters[name]': 'x' },
      { sort: 'level' },
      { fields: 'id' },
      { locale: 'fr' },
    ]) {
      expect((await get('/categories', query as unknown as Record<string, string>)).status).toBe(400);
    }
  });
});

describe.each([
  ['categories', makeCategory],
  ['brands', makeBrand],
] as const)('a walk by cursor through %s', (table, make) => {
  it.each(['order:asc', 'order:desc'])(
    'meets each once by %s, also those without a position',
    async (sort) => {
      const made = new Set<string>();
      for (const order of [-1, null, 0, null, 1]) {
        const { documentId } = await make(app, { name: unique('位') });
        await app.strapi.db.connection(table).where('document_id', documentId).update({ order });
        made.add(documentId);
      }
      const filter = { 'filters[documentId][$in]': [...made].join(',') };
      const seen: { documentId: string; order: number }[] = [];
      let cursor: string | null = '';
      // One more than there are: a walk that does not end is cut off.
      for (let step = 0; cursor !== null && step <= made.size; step += 1) {
        const { body } = await get(`/${table}`, {
          ...filter,
          sort,
          'pagination[cursor]': cursor,
          'pagination[limit]': '1',
        });
        seen.push(...body.data);
        cursor = body.meta.pagination.nextCursor as string | null;
      }
      expect(cursor).toBeNull();
      expect(new Set(seen.map(({ documentId }) => documentId))).toEqual(made);
      expect(seen).toHaveLength(made.size);
      const positions = seen.map(({ order }) => order);
      expect(positions).toEqual(sort === 'order:asc' ? [-1, 0, 0, 0, 1] : [1, 0, 0, 0, -1]);
    },
  );
});

describe('brands', () => {
  it('are those that are active, in their order, with their picture', async () => {
    const last = await makeBrand(app, { name: unique('末'), order: 9002, description: '最后' });
    const first = await makeBrand(app, { name: unique('首'), order: 9001, english: unique('First') });
    const hidden = await makeBrand(app, { order: 9001, isActive: false });
    await linkPicture(app, { uid: BRAND_UID, field: 'logo', id: first.id }, { url: '/uploads/brand.png' });
    const only = {
      'filters[documentId][$in]': [last, first, hidden].map((brand) => brand.documentId).join(','),
    };
    const { body } = await get('/brands', only);
    expect(names(body.data)).toEqual([first.name, last.name]);
    expect(body.data[0]).toEqual({
      documentId: first.documentId,
      name: first.name,
      description: null,
      order: 9001,
      locale: 'zh-Hans',
      logo: { url: `${app.url}/uploads/brand.png`, width: null, height: null, alternativeText: null },
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    expect((await get('/brands', { ...only, locale: 'en' })).body.data).toMatchObject([
      { documentId: first.documentId, locale: 'en' },
    ]);
    expect((await get(`/brands/${last.documentId}`)).body.data).toMatchObject({
      name: last.name,
      description: '最后',
      logo: null,
    });
    for (const id of [hidden.documentId, 'abcdefghijklmnopqrstuvwx', '0', '..'])
      expect((await get(`/brands/${encodeURIComponent(id)}`)).status).toBe(404);
    for (const query of [{ nonsense: '1' }, { 'filters[isActive]': 'false' }, { populate: 'createdBy' }]) {
      expect((await get('/brands', query as unknown as Record<string, string>)).status).toBe(400);
    }
  });
});
