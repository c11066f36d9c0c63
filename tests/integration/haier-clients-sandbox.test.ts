import { HAIER_PATHS, type HaierHabits, YLH_PATHS } from '../../sandbox';
import type { ClientsService } from '../../src/plugins/haier-integration/server/src/services/clients';
import { startApp, type TestApp } from '../support/app';
import { collect, makeYlhOrder } from '../support/haier-upstream';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.stop());
beforeEach(async () => {
  await app.sandbox.control.reset();
  // It has forgotten its tokens too.
  await Promise.all([clients().haier.authenticate(), clients().ylh.authenticate()]);
});

/** The live ones, on the settings the shop was started with. */
const clients = () => app.strapi.plugin('haier-integration').service<ClientsService>('clients');
const haierControl = () => app.sandbox.control.haier;
const ylhControl = () => app.sandbox.control.ylh;
const calls = (path: string) => app.sandbox.control.requests().filter((request) => request.path === path);

const HABITS: [string, Partial<HaierHabits>][] = [
  ['as published', {}],
  [
    'bare, as objects, numbers as text',
    { envelope: 'bare', single: 'object', numbers: 'string', flags: 'number' },
  ],
  [
    'under data, spelt right, lists absent',
    { envelope: 'data', spelling: 'corrected', emptyLists: 'absent' },
  ],
  ['lists null', { emptyLists: 'null', numbers: 'string' }],
];

describe.each(HABITS)('Haier, answering %s', (_name, habits) => {
  beforeEach(() => void haierControl().habits(habits));

  it('products, prices, stock, balance', async () => {
    const { haier } = clients();
    haierControl().putProduct({
      productCode: 'OFF-1',
      isSales: false,
      noSalesReason: '停产',
      supplyPrice: null,
    });
    haierControl().putProduct({
      productCode: 'ON-1',
      supplyPrice: 3_899.5,
      stockRebatePolicy: 'COM',
      rebateMoney: 20,
    });
    expect(await collect(haier.listProducts(['ON-1', 'OFF-1', 'NONE']))).toMatchObject([
      {
        productCode: 'ON-1',
        productGroup: '冰箱',
        isOnSale: true,
        pageImageUrls: [expect.any(String), expect.any(String)],
      },
      { productCode: 'OFF-1', isOnSale: false, notOnSaleReason: '停产' },
    ]);
    const all = await collect(haier.listProducts());
    expect(all.length).toBe(32);

    expect(await collect(haier.readPrices(['ON-1', 'OFF-1']))).toMatchObject([
      { productCode: 'ON-1', supplyPriceFen: 389_950, invoicePriceFen: 387_950, stockRebateRate: null },
      { productCode: 'OFF-1', supplyPriceFen: null },
    ]);

    haierControl().setStock({ productCode: 'ON-1', pieces: 7 });
    expect(await haier.readStock('ON-1', '370212')).toMatchObject({
      pieces: 7,
      warehouses: [{ pieces: 7, level: 'own' }],
    });

    const balances = await haier.readBalances();
    expect(balances.map(({ balanceFen }) => balanceFen)).toEqual([50_000_000, 1_234_567]);
  });

  it('logistics', async () => {
    const { haier, ylh } = clients();
    const { retailOrderNo } = await ylh.createOrder(makeYlhOrder());
    if (retailOrderNo === null) throw new Error('no number');
    expect(await haier.readLogistics(retailOrderNo)).toEqual([]);
    ylhControl().confirm(retailOrderNo, { hold: true });
    ylhControl().ship(retailOrderNo, { carrier: 'thirdParty' });
    expect(await haier.readLogistics(retailOrderNo)).toMatchObject([
      { source: 'third_party', trackingNumber: expect.any(String), traces: [{ at: expect.any(Date) }, {}] },
    ]);
    await expect(haier.readLogistics('SO.NONE')).rejects.toMatchObject({ kind: 'rejected' });
  });
});

describe('Haier', () => {
  it('takes twenty codes a call, and a hundred calls a second', async () => {
    haierControl().generate(2_600);
    const codes = Array.from({ length: 2_600 }, (_, number) => `GEN${String(number + 1).padStart(6, '0')}`);
    const { haier } = clients();
    const lists = Array.from({ length: 13 }, (_, number) => codes.slice(number * 200, number * 200 + 200));
    const found = await Promise.all(
      lists.map(async (list) => (await collect(haier.readPrices(list))).length),
    );
    expect(found.reduce((sum, count) => sum + count, 0)).toBe(2_600);
    expect(calls(HAIER_PATHS.prices)).toHaveLength(130);
    expect(haierControl().peakCallsPerSecond()).toBeLessThanOrEqual(100);
  });

  it('mistake 3: a token that ends in mid-life is replaced once', async () => {
    const { haier } = clients();
    haierControl().habits({ token: { newEndsOld: true } });
    haierControl().setStock({ productCode: 'BH0SB1F01', pieces: 3 });
    await haier.readStock('BH0SB1F01', '370212');
    const before = haierControl().tokens.list().length;
    haierControl().tokens.end();
    await Promise.all(Array.from({ length: 10 }, () => haier.readStock('BH0SB1F01', '370212')));
    expect(haierControl().tokens.list()).toHaveLength(before + 1);
  });
});

describe('YLH', () => {
  it('takes an order, tells of it, and takes changes', async () => {
    const { ylh } = clients();
    const order = makeYlhOrder({
      distributionDate: '2026-03-05',
      installDate: '2026-03-05',
      town: '沙子口街道',
    });
    const created = await ylh.createOrder(order);
    expect(created).toEqual({ outcome: 'created', retailOrderNo: expect.any(String) });
    const number = created.retailOrderNo ?? '';
    expect(ylhControl().order(order.soId)).toMatchObject({ retailOrderNo: number });
    await ylh.reschedule({ retailOrderNo: number, distributionDate: '2026-03-06' });
    ylhControl().confirm(number, { hold: true });
    ylhControl().ship(number);
    ylhControl().deliver(number);
    ylhControl().photograph(number);
    expect(await ylh.listDeliveryImages(number)).toEqual(
      expect.arrayContaining([
        { type: 'delivery', url: expect.stringMatching(/^http/), uploadedAt: expect.any(Date) },
      ]),
    );
    expect(await collect(ylh.listTracking([number, 'R-NONE']))).toMatchObject([
      { orderCode: number, parcels: [{ trackingNumber: expect.any(String) }] },
    ]);
    const second = makeYlhOrder();
    await ylh.createOrder(second);
    await ylh.cancelOrder({ soId: second.soId, reason: '不要了', cancelledAt: new Date() });
    await expect(
      ylh.cancelOrder({ soId: 'SO-NONE', reason: '不要了', cancelledAt: new Date() }),
    ).rejects.toMatchObject({ kind: 'rejected' });
  });

  it.each([
    ['loses the answer', { kind: 'lose-answer' }],
    ['answers 500 after taking it', { kind: 'status', status: 500, processFirst: true }],
  ] as const)('that %s has the order once, and the push ends well', async (_name, fault) => {
    const order = makeYlhOrder();
    ylhControl().habits({ duplicate: { code: '500', message: '请勿重复推送' } });
    app.sandbox.control.addFault({ host: 'ylh', path: YLH_PATHS.create, times: 1, ...fault });
    expect(await clients().ylh.createOrder(order)).toMatchObject({ outcome: 'already_there' });
    expect(ylhControl().orders()).toHaveLength(1);
    expect(calls(YLH_PATHS.create)).toHaveLength(2);
  });

  it('takes a hundred numbers a call', async () => {
    const numbers = Array.from({ length: 150 }, (_, number) => `R-${number}`);
    expect(await collect(clients().ylh.listTracking(numbers))).toEqual([]);
    expect(calls(YLH_PATHS.tracking)).toHaveLength(2);
  });

  it('that is off the network has certainly taken nothing', async () => {
    await ylhControl().down();
    await expect(clients().ylh.createOrder(makeYlhOrder())).rejects.toMatchObject({ kind: 'unavailable' });
    await ylhControl().up();
  });
});
