import { startSandbox, type HaierGoods, type Sandbox } from '../../sandbox';
import { PRODUCTS } from '../../src/api/product/demo/product-data';
import { HaierClient, type Json, type SupplierAnswer } from './support/suppliers';

const rowsOf = ({ body }: SupplierAnswer): Json[] => (body as { data: Json[] }).data;
const codesUpTo = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `GEN${String(index + 1).padStart(6, '0')}`);

describe('Haier’s open platform', () => {
  let sandbox: Sandbox;
  let haier: HaierClient;

  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterAll(() => sandbox.stop());
  beforeEach(async () => {
    await sandbox.control.reset();
    haier = await new HaierClient(sandbox).signIn();
  });

  describe('tokens', () => {
    test('are had for the right account alone, at both addresses', async () => {
      for (const path of ['/oauth2/auth', '/oauth2/token']) {
        expect((await haier.authenticate({}, path)).body).toEqual({
          access_token: expect.any(String),
          token_type: 'bearer',
          expires_in: 3_600,
        });
      }
      expect((await haier.authenticate({ client_secret: 'wrong' })).status).toBe(401);
      expect((await haier.authenticate({ client_id: 'wrong' })).status).toBe(401);
      expect((await haier.authenticate({ grant_type: 'password' })).status).toBe(400);
      expect((await haier.authenticate({ scope: 'all' })).status).toBe(400);
      expect((await haier.authenticate({}, '/oauth2/nothing')).status).toBe(404);
    });

    test.each<[string, object, Json]>([
      ['as token', { name: 'token' }, { token: expect.any(String), expires_in: 3_600 }],
      ['wrapped', { wrapped: true }, { data: expect.objectContaining({ expires_in: 3_600 }) }],
      [
        'wrapped as token without expires_in',
        { name: 'token', wrapped: true, expiresIn: 'absent' },
        { data: { token: expect.any(String) } },
      ],
      [
        'with expires_in as text',
        { expiresIn: 'string', lifetimeSeconds: 60 },
        expect.objectContaining({ expires_in: '60' }),
      ],
    ])('come %s', async (_name, token, expected) => {
      sandbox.control.haier.habits({ token });
      expect((await haier.authenticate()).body).toEqual(expected);
    });

    test('no token, an unknown one, an expired one and an ended one are 401', async () => {
      expect((await haier.products()).status).toBe(200);
      expect((await haier.products({}, { Authorization: '' })).status).toBe(401);
      expect((await haier.products({}, { Authorization: 'Bearer nothing' })).status).toBe(401);
      await sandbox.control.clock.advance(3_599_000);
      expect((await haier.products()).status).toBe(200);
      await sandbox.control.clock.advance(1_000);
      expect(await haier.products()).toMatchObject({ status: 401, body: { success: false } });
      await haier.signIn();
      sandbox.control.haier.tokens.end();
      expect((await haier.products()).status).toBe(401);
      await haier.signIn();
      expect((await haier.products()).status).toBe(200);
      expect(sandbox.control.haier.tokens.list()).toMatchObject([
        { isGood: false, uses: 2 },
        { isGood: false, uses: 0 },
        { isGood: true, uses: 1, endsIn: haier.token.slice(-4) },
      ]);
    });

    test('the scheme is Bearer, or none at all when set so', async () => {
      expect((await haier.products({}, { Authorization: haier.token })).status).toBe(401);
      sandbox.control.haier.habits({ authScheme: 'raw' });
      expect((await haier.products({}, { Authorization: haier.token })).status).toBe(200);
      expect((await haier.products()).status).toBe(401);
    });

    test('a new token may end the one before it', async () => {
      const other = await new HaierClient(sandbox).signIn();
      expect([(await haier.products()).status, (await other.products()).status]).toEqual([200, 200]);
      sandbox.control.haier.habits({ token: { newEndsOld: true } });
      await other.signIn();
      expect([(await haier.products()).status, (await other.products()).status]).toEqual([401, 200]);
    });
  });

  describe('products', () => {
    test('all of them without codes, and among them every one of Haier’s in the demo shop', async () => {
      const rows = rowsOf(await haier.products());
      expect(rows).toHaveLength(30);
      const codes = rows.map(({ productCode }) => productCode);
      const demo = PRODUCTS.filter(({ source }) => source === 'haier');
      expect(codes).toEqual(expect.arrayContaining(demo.map(({ code }) => code)));
      expect(rows.find(({ productCode }) => productCode === 'DEMO-F03')).toEqual({
        productCode: 'DEMO-F03',
        productModel: 'BCD-500WL',
        productGroupNamd: '冰箱',
        productBrandName: '海尔',
        productImageUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1/),
        productLageUrls: [expect.any(String), expect.any(String)],
        isSales: '1',
        noSalesReason: '',
      });
      const picture = await fetch(String(rows[0]?.productImageUrl));
      expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
    });

    test('twenty codes a call, twenty-one are refused, unknown ones left out', async () => {
      sandbox.control.haier.generate(40);
      expect(rowsOf(await haier.products({ productCodes: codesUpTo(20) }))).toHaveLength(20);
      expect((await haier.products({ productCodes: codesUpTo(21) })).status).toBe(400);
      expect((await haier.products({ productCodes: [] })).status).toBe(400);
      expect(rowsOf(await haier.products({ productCodes: ['NOTHING', 'DEMO-W03'] }))).toHaveLength(1);
    });

    test.each<[string, Json, number]>([
      ['the wrong password', { passWord: 'wrong' }, 200],
      ['another customer', { customerCode: '12345678' }, 403],
      ['a customer code that is none', { customerCode: '1' }, 400],
      ['another ship-to', { sendToCode: '1234567890' }, 200],
      ['no ship-to with supplier 1001', { sendToCode: undefined }, 400],
      ['a supplier code that is none', { supplierCode: '1002' }, 400],
      ['another search type', { searchType: 'JSH' }, 400],
      ['password spelt as usual', { passWord: undefined, password: 'x' }, 400],
      ['codes as one text', { productCodes: 'DEMO-F03,DEMO-W03' }, 400],
      ['numbers for codes', { customerCode: 12_345_678 }, 400],
    ])('%s is refused', async (_name, changes, status) => {
      expect(await haier.products(changes)).toMatchObject({ status, body: { success: false } });
    });

    test('a service provider needs no ship-to and has nothing here', async () => {
      const answer = await haier.products({ supplierCode: '87654321', sendToCode: undefined });
      expect(answer).toMatchObject({ status: 200, body: { success: true, data: [] } });
    });

    test('answers come bare or under data, flags as numbers, names spelt right', async () => {
      sandbox.control.haier.habits({ envelope: 'bare', flags: 'number', spelling: 'corrected' });
      const bare = (await haier.products({ productCodes: ['DEMO-F03'] })).body;
      expect(bare).toMatchObject([
        { isSales: 1, productGroupName: '冰箱', productPageUrls: [expect.any(String), expect.any(String)] },
      ]);
      expect((bare as Json[])[0]).not.toHaveProperty('productLageUrls');
      sandbox.control.haier.habits({ envelope: 'data' });
      expect((await haier.products({ productCodes: ['DEMO-F03'] })).body).toEqual({ data: bare });
    });

    test('they change, stop selling, vanish, come back; others are added', async () => {
      const { haier: control } = sandbox.control;
      control.putProduct({ productCode: 'DEMO-F03', isSales: false, noSalesReason: '停产' });
      control.removeProduct('DEMO-F04');
      control.putProduct({ productCode: 'NEW-1', productModel: 'N1', supplyPrice: 99.5 });
      const rows = rowsOf(await haier.products());
      const row = (code: string): Json | undefined => rows.find(({ productCode }) => productCode === code);
      expect(row('DEMO-F03')).toMatchObject({ isSales: '0', noSalesReason: '停产' });
      expect(row('DEMO-F04')).toBeUndefined();
      expect(row('NEW-1')).toMatchObject({ productModel: 'N1', isSales: '1' });
      control.putProduct({ productCode: 'DEMO-F04', productModel: 'BACK' });
      expect(rowsOf(await haier.products({ productCodes: ['DEMO-F04'] }))).toMatchObject([
        { productModel: 'BACK' },
      ]);
      control.catalogue(false);
      const left = rowsOf(await haier.products()).map(({ productCode }) => String(productCode));
      expect(left.sort()).toEqual(['DEMO-F03', 'DEMO-F04', 'NEW-1']);
    });

    test('ten thousand are made up on the way, the same each time', async () => {
      expect(sandbox.control.haier.generate(10_000)).toEqual({ first: 'GEN000001', last: 'GEN010000' });
      const answer = await haier.products();
      const first = rowsOf(answer);
      expect(first).toHaveLength(10_030);
      expect(new Set(first.map(({ productCode }) => productCode)).size).toBe(10_030);
      expect((await haier.products()).text === answer.text).toBe(true);
    });
  });

  describe('prices', () => {
    const put = (changes: Partial<HaierGoods>): void => {
      sandbox.control.haier.putProduct({ productCode: 'P1', ...changes });
    };

    test('the invoice price is the supply price less 直扣 and 台返', async () => {
      put({ supplyPrice: 1_000, stockRebatePolicy: 0.05, rebateMoney: 30 });
      expect(rowsOf(await haier.prices(['P1', 'NOTHING']))).toEqual([
        {
          productCode: 'P1',
          supplyPrice: 1_000,
          invoicePrice: 920,
          stockRebatePolicy: 0.05,
          rebateMoney: 30,
          reason: '',
          isSales: '1',
        },
      ]);
    });

    test('numbers may come as text, the rate as a kind of rebate', async () => {
      put({ supplyPrice: 1_000.5, stockRebatePolicy: 'COM', rebateMoney: 0 });
      sandbox.control.haier.habits({ numbers: 'string' });
      expect(rowsOf(await haier.prices(['P1']))).toMatchObject([
        { supplyPrice: '1000.50', invoicePrice: '1000.50', stockRebatePolicy: 'COM', rebateMoney: '0.00' },
      ]);
    });

    test('no price and no sale have their reasons', async () => {
      put({ supplyPrice: null });
      expect(rowsOf(await haier.prices(['P1']))).toMatchObject([
        { supplyPrice: null, invoicePrice: null, reason: '价格未生效', isSales: '1' },
      ]);
      put({ isSales: false });
      expect(rowsOf(await haier.prices(['P1']))).toMatchObject([{ reason: '商品暂不可采', isSales: '0' }]);
    });

    test('twenty codes a call, and nothing but the right words', async () => {
      sandbox.control.haier.generate(21);
      expect(rowsOf(await haier.prices(codesUpTo(20)))).toHaveLength(20);
      expect((await haier.prices(codesUpTo(21))).status).toBe(400);
      expect((await haier.prices([])).status).toBe(400);
      expect((await haier.prices(['P1'], { priceType: 'XX' })).status).toBe(400);
      expect((await haier.prices(['P1'], { passWord: 'wrong' })).body).toMatchObject({
        code: 'PASSWORD_ERROR',
      });
    });
  });

  test('only POST with JSON at the published addresses', async () => {
    const url = `${sandbox.haierUrl}/oauth2/auth`;
    expect((await fetch(url)).status).toBe(405);
    expect((await haier.ask('/yilihuo/nothing', {})).status).toBe(404);
    expect((await haier.products({}, { 'Content-Type': 'text/plain' })).status).toBe(400);
    expect((await haier.ask('/oauth2/auth', 'text')).status).toBe(400);
  });
});
