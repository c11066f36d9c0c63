import { startSandbox, type Sandbox } from '../../sandbox';
import { HaierClient, type Json, type SupplierAnswer } from './support/suppliers';

const rowsOf = ({ body }: SupplierAnswer): Json[] => (body as { data: Json[] }).data;

describe('stock and balance at Haier', () => {
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

  describe('stock', () => {
    test('is a list of warehouses for a district, or one object', async () => {
      const rows = rowsOf(await haier.stock('DEMO-F03', '370212'));
      expect(rows).toMatchObject([
        { secCode: 'WH3701', warehouseGrade: '0', stock: expect.any(Number) },
        { secCode: 'RDC3000', warehouseGrade: '1', timelinessData: { hour: 72 } },
      ]);
      sandbox.control.haier.setStock({ productCode: 'DEMO-F03', countyCode: '370212', pieces: 3 });
      sandbox.control.haier.habits({ single: 'object', numbers: 'string' });
      expect((await haier.stock('DEMO-F03', '370212')).body).toMatchObject({ data: { stock: '3' } });
      expect(rowsOf(await haier.stock('DEMO-F03', '110105'))).toHaveLength(2);
    });

    test('is set for every district, or by warehouse', async () => {
      sandbox.control.haier.setStock({
        productCode: 'DEMO-F03',
        warehouses: [
          { secCode: 'A', stock: 0, warehouseGrade: '0' },
          { secCode: 'B', stock: 7, warehouseGrade: '1' },
        ],
      });
      expect(rowsOf(await haier.stock('DEMO-F03', '650102'))).toEqual([
        { secCode: 'A', stock: 0, warehouseGrade: '0' },
        { secCode: 'B', stock: 7, warehouseGrade: '1' },
      ]);
      sandbox.control.haier.setStock({ productCode: 'DEMO-F03', warehouses: [] });
      expect(rowsOf(await haier.stock('DEMO-F03', '650102'))).toEqual([]);
    });

    test('what is not sold or not known has none', async () => {
      expect(rowsOf(await haier.stock('NOTHING', '370212'))).toEqual([]);
    });

    test.each(['37021', '3702122', '370200', '000000', '990101', '青岛崂山区'])(
      'mistake 4: %s is no district',
      async (countyCode) => {
        expect((await haier.stock('DEMO-F03', countyCode)).status).toBe(400);
      },
    );

    test('its password and source are its own', async () => {
      const password = sandbox.env.HAIER_PASSWORD;
      expect((await haier.stock('DEMO-F03', '370212', { sellerPassword: password })).body).toMatchObject({
        code: 'PASSWORD_ERROR',
      });
      expect((await haier.stock('DEMO-F03', '370212', { source: 'APP' })).status).toBe(400);
      expect((await haier.stock('DEMO-F03', '370212', { salesCode: '12345678' })).status).toBe(403);
    });
  });

  test('the balance is a list of accounts, or one of them', async () => {
    expect(rowsOf(await haier.balance())).toHaveLength(2);
    const [account] = sandbox.control.haier.accounts();
    if (!account) throw new Error('no account');
    sandbox.control.haier.accounts([{ ...account, payerAccountBalance: 88.8 }]);
    sandbox.control.haier.habits({ single: 'object', numbers: 'string' });
    expect((await haier.balance()).body).toMatchObject({ data: { payerAccountBalance: '88.80' } });
    expect((await haier.balance({ customerPassword: 'wrong' })).body).toMatchObject({ success: false });
  });
});
