/** Strapi's filter operators, on the fields a list allows. */
import { compiled, startApp, type TestApp } from '../support/app';
import {
  createAddress,
  createStaff,
  type SignedInClient,
  signInShopper,
} from '../support/factories/accounts';
import { makeBrand, makeProduct, type Made, unique } from '../support/factories/catalogue';

type Database = typeof import('../../src/platform/database');

let app: TestApp;
let database: Database;
let staff: SignedInClient;
let shopper: SignedInClient;
const made: Record<string, Made> = {};
const prefix = unique('Fl');

beforeAll(async () => {
  app = await startApp();
  database = compiled<Database>('src/platform/database');
  staff = await createStaff(app);
  shopper = await signInShopper(app);
  const brand = await makeBrand(app);
  const make = async (name: string, data: Record<string, unknown>) => {
    made[name] = await makeProduct(app, { brand: brand.documentId, ...data });
  };
  await make('upper', { productModel: `${prefix}_ABC%d`, price: 100 });
  await make('lower', { productModel: `${prefix.toLowerCase()}_abc%d`, price: 200 });
  await make('other', { productModel: `${prefix}xABCyd`, price: 300, source: 'haier' });
  await make('none', { productModel: null, price: 400 });
});
afterAll(() => app?.stop());

const ask = (path: string, query: string, token?: string) => app.api('get', `${path}?${query}`, token);

/** Names of the products found; only those made here can be. */
async function found(query: string): Promise<string[]> {
  const ids = Object.values(made).map(({ documentId }) => documentId);
  const { status, body } = await ask(
    '/products',
    `filters[documentId][$in]=${ids.join(',')}&sort=price:asc&${query}`,
  );
  expect([query, status]).toEqual([query, 200]);
  const byId = new Map(Object.entries(made).map(([name, { documentId }]) => [documentId, name]));
  return body.data.map(({ documentId }: { documentId: string }) => byId.get(documentId));
}

async function refusal(path: string, query: string, token?: string) {
  const { status, body } = await ask(path, query, token);
  expect([query, status, body.error?.details.code]).toEqual([query, 400, 'VALIDATION_FAILED']);
  return body.error.details.errors as { path: string[]; message: string }[];
}

describe('operators', () => {
  const model = (operator: string, value: string) =>
    `filters[productModel][${operator}]=${encodeURIComponent(value)}`;

  it.each<[string, () => string, string[]]>([
    ['$contains', () => '_ABC%', ['upper']],
    ['$containsi', () => '_ABC%', ['upper', 'lower']],
    ['$notContains', () => '_ABC%', ['lower', 'other', 'none']],
    ['$notContainsi', () => '_aBC%', ['other', 'none']],
    ['$startsWith', () => prefix, ['upper', 'other']],
    ['$startsWith', () => `${prefix}_`, ['upper']],
    ['$startsWithi', () => `${prefix.toUpperCase()}_`, ['upper', 'lower']],
    ['$endsWith', () => 'BC%d', ['upper']],
    ['$endsWithi', () => 'BC%D', ['upper', 'lower']],
    ['$endsWith', () => `${'x'.repeat(100)}d`, []],
    ['$eqi', () => `${prefix}_abc%D`, ['upper', 'lower']],
    ['$nei', () => `${prefix}_abc%D`, ['other', 'none']],
    ['$eq', () => `${prefix}_ABC%d`, ['upper']],
    ['$ne', () => `${prefix}_ABC%d`, ['lower', 'other', 'none']],
    ['$null', () => 'true', ['none']],
    ['$notNull', () => 'true', ['upper', 'lower', 'other']],
    ['$contains', () => '\\', []],
    ['$contains', () => "' or 1=1 --", []],
  ])('%s of a text', async (operator, value, names) => {
    expect(await found(model(operator, value()))).toEqual(names);
  });

  it('compare numbers and times', async () => {
    expect(await found('filters[price][$between]=150,300')).toEqual(['lower', 'other']);
    expect(await found('filters[price][$between][0]=100&filters[price][$between][1]=200')).toEqual([
      'upper',
      'lower',
    ]);
    await createAddress(app, shopper.token);
    const total = async (query: string) =>
      (await ask('/addresses', query, shopper.token)).body.meta.pagination.total as number;
    const year = new Date().getUTCFullYear();
    expect(await total(`filters[createdAt][$between]=${year - 1}-01-01,${year + 1}-12-31`)).toBe(1);
    expect(await total('filters[createdAt][$between]=2001-01-01,2001-12-31')).toBe(0);
    expect(await total('filters[districtCode][$startsWith]=3702')).toBe(1);
  });

  it('take a time without a zone for UTC, wherever the server stands', async () => {
    const other = await signInShopper(app);
    const { documentId } = await createAddress(app, other.token);
    await database
      .query('api::address.address')
      .where({ document_id: documentId })
      .update({ created_at: new Date('2026-03-01T12:00:00Z') });
    const isFound = async (value: string) => {
      const query = `filters[createdAt][$eq]=${encodeURIComponent(value)}`;
      const { status, body } = await ask('/addresses', query, other.token);
      return [status, body.meta?.pagination.total];
    };
    for (const same of [
      '2026-03-01T12:00:00',
      '2026-03-01T12:00:00.000Z',
      '2026-03-01T20:00+08:00',
      '2026-03-01T07:00:00-0500',
    ])
      expect([same, ...(await isFound(same))]).toEqual([same, 200, 1]);
  });

  it.each([
    '2026-02-30',
    '2026-02-29T10:00:00Z',
    '2026-04-31T00:00:00+08:00',
    '2026-01-01T24:30:00Z',
    '2026-01-01T10:00:00+25:00',
    '2026-01-01 10 o’clock',
    '2026-01-01T10',
    '20260101',
  ])('know no such moment as %s', async (value) => {
    const [problem] = await refusal(
      '/orders',
      `filters[createdAt][$gte]=${encodeURIComponent(value)}`,
      shopper.token,
    );
    expect(problem?.path).toEqual(['filters', 'createdAt', '$gte']);
  });

  it.each([
    'filters[price][$contains]=1',
    'filters[price][$between]=1',
    'filters[price][$between]=1,2,3',
    'filters[source][$contains]=l',
    'filters[source][$gt]=l',
    'filters[productModel][$gt]=a',
    'filters[documentId][$startsWith]=a',
    'filters[inStock][$contains]=t',
    `filters[productModel][$contains]=${'x'.repeat(201)}`,
    'filters[productModel][$contains][0]=x',
  ])('are refused where they do not fit: %s', (query) => refusal('/products', query));

  it('do not find out what staff see masked', async () => {
    await refusal('/users', 'filters[phone][$startsWith]=138', staff.token);
    await refusal('/users', 'filters[phone][$contains]=8', staff.token);
    const some = await ask(
      '/users',
      `filters[username][$endsWith]=${staff.user.username.slice(-6)}`,
      staff.token,
    );
    expect(some.body.data.map(({ username }: { username: string }) => username)).toEqual([
      staff.user.username,
    ]);
  });
});

describe('$and, $or and $not', () => {
  it('join conditions on every side', async () => {
    expect(await found('filters[$or][0][price]=100&filters[$or][1][price][$gte]=400')).toEqual([
      'upper',
      'none',
    ]);
    expect(await found('filters[$and][0][price][$gt]=100&filters[$and][1][source]=local')).toEqual([
      'lower',
      'none',
    ]);
    expect(
      await found('filters[$or][0][price]=100&filters[$or][0][source]=haier&filters[$or][1][price]=300'),
    ).toEqual(['other']);
    expect(
      await found('filters[$or][0][price]=100&filters[$or][1][price]=200&filters[price][$gt]=150'),
    ).toEqual(['lower']);
  });

  it('turn conditions round, of rows without a value too', async () => {
    const model = encodeURIComponent(`${prefix}_ABC%d`);
    expect(await found(`filters[$not][productModel]=${model}`)).toEqual(['lower', 'other', 'none']);
    expect(await found(`filters[productModel][$not][$startsWith]=${prefix}`)).toEqual(['lower', 'none']);
    expect(await found('filters[$not][productModel][$null]=true')).toEqual(['upper', 'lower', 'other']);
    expect(await found(`filters[$not][$not][productModel]=${model}`)).toEqual(['upper']);
    expect(await found('filters[$not][$or][0][price]=100&filters[$not][$or][1][source]=haier')).toEqual([
      'lower',
      'none',
    ]);
    expect(await found('filters[$not][price][$lt]=250&filters[$not][source]=local')).toEqual([
      'other',
      'none',
    ]);
  });

  it('go three levels down and no further', async () => {
    expect(await found('filters[$or][0][$and][0][$or][0][price]=100')).toEqual(['upper']);
    await refusal('/products', 'filters[$or][0][$and][0][$or][0][$not][price]=100');
    await refusal('/products', 'filters[$not][$not][$not][price][$not][$lt]=100');
  });

  it('hold twenty conditions and no more', async () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => `filters[$or][${index}][price]=${index}`).join('&');
    expect((await ask('/products', many(20))).status).toBe(200);
    const [problem] = await refusal('/products', many(21));
    expect(problem?.path).toEqual(['filters']);
  });

  it.each([
    'filters[$or][0][inStock]=true',
    'filters[$not][category]=abcdefghijklmnopqrstuvwx',
    'filters[$or][0][$and][0][brand][documentId]=abcdefghijklmnopqrstuvwx',
    'filters[inStock][$not][$eq]=true',
  ])('leave what is looked up apart outside: %s', async (query) => {
    const [problem] = await refusal('/products', query);
    expect(problem?.path[0]).toBe('filters');
  });

  it('take what is looked up apart where all must hold', async () => {
    const { status, body } = await ask('/products', 'filters[$and][0][inStock]=true');
    expect([status, body.data]).toEqual([200, []]);
  });

  it.each([
    'filters[$or]=x',
    'filters[$or][0]=x',
    'filters[$and]=',
    'filters[$not]=x',
    'filters[$not][0]=x',
    'filters[$nor][0][price]=1',
    'filters[$or][0][supplyPrice][$gt]=1',
    'filters[$not][password]=x',
    'filters[price][$or][0][$lt]=1',
    'filters[price][$not]=1',
    'filters[$or][$eq]=1',
  ])('refuse %s', (query) => refusal('/products', query));

  it('keep to the rows of who asks', async () => {
    const other = await signInShopper(app);
    await createAddress(app, other.token);
    const query = 'filters[$or][0][isDefault]=true&filters[$or][1][$not][isDefault]=true';
    expect((await ask('/addresses', query, shopper.token)).body.meta.pagination.total).toBe(1);
  });
});
