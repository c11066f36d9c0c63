import {
  balanceSchema,
  logisticsSchema,
  priceSchema,
  productSchema,
  sumStock,
  warehouseSchema,
} from '../../src/plugins/haier-integration/server/src/clients/haier-answers';
import { readToken } from '../../src/plugins/haier-integration/server/src/clients/answers';
import type { ReadContext } from '../../src/plugins/haier-integration/server/src/clients/operation';
import {
  createdSchema,
  imageSchema,
  trackingSchema,
} from '../../src/plugins/haier-integration/server/src/clients/ylh-answers';
import { HaierError } from '../../src/plugins/haier-integration/server/src/domain/errors';

const context: ReadContext = {
  fail: (kind, said = {}) =>
    new HaierError({
      system: 'haier',
      operation: 'test',
      kind,
      status: said.status,
      upstreamCode: said.code ?? undefined,
      upstreamMessage: said.message ?? undefined,
    }),
  mayBeTaken: false,
  logId: undefined,
  remark: () => undefined,
};

const token = (body: unknown, status = 200) =>
  readToken({ status, headers: {}, text: typeof body === 'string' ? body : JSON.stringify(body) }, context);

describe('tokens (contract 1.1)', () => {
  it.each([
    [
      { token: 't1', expires_in: 7200 },
      { accessToken: 't1', tokenType: null, expiresInSeconds: 7200 },
    ],
    [
      { access_token: 't2', token_type: 'bearer', expires_in: '1800' },
      { accessToken: 't2', tokenType: 'bearer', expiresInSeconds: 1800 },
    ],
    [{ data: { token: 't3' } }, { accessToken: 't3', tokenType: null, expiresInSeconds: 3600 }],
    [
      { success: true, code: '200', data: { access_token: 't4', token_type: 'Bearer', expires_in: null } },
      { accessToken: 't4', tokenType: 'Bearer', expiresInSeconds: 3600 },
    ],
  ])('reads %j', (body, expected) => {
    expect(token(body)).toEqual(expected);
  });

  it.each([
    [{}, 200, 'bad_answer'],
    [{ token: 'with\nbreak' }, 200, 'bad_answer'],
    ['<html>busy</html>', 200, 'bad_answer'],
    [{ success: false, message: '账号错误' }, 200, 'rejected'],
    [{ message: 'no' }, 401, 'unauthorized'],
    [{ message: 'no' }, 403, 'unauthorized'],
    [{ message: 'no' }, 400, 'rejected'],
    ['', 302, 'bad_answer'],
  ])('%j with status %d is %s', (body, status, kind) => {
    expect(() => token(body, status)).toThrow(expect.objectContaining({ kind }));
  });
});

describe('products (contract 1.2)', () => {
  it('reads their spellings', () => {
    expect(
      productSchema.parse({
        productCode: ' BCD-1 ',
        productModel: '',
        productGroupNamd: '冰箱',
        productBrandName: '海尔',
        productImageUrl: 'https://p.example/1',
        productLageUrls: ['https://p.example/2', '', null],
        isSales: '1',
        noSalesReason: '',
      }),
    ).toEqual({
      productCode: 'BCD-1',
      productModel: null,
      productGroup: '冰箱',
      brandName: '海尔',
      mainImageUrl: 'https://p.example/1',
      pageImageUrls: ['https://p.example/2'],
      isOnSale: true,
      notOnSaleReason: null,
    });
  });

  it('reads the right spellings too, a number for a flag and a code', () => {
    expect(
      productSchema.parse({
        productCode: 8888,
        productGroupName: '空调',
        productPageUrls: 'https://p.example/3',
        isSales: 1,
      }),
    ).toMatchObject({
      productCode: '8888',
      productGroup: '空调',
      pageImageUrls: ['https://p.example/3'],
      isOnSale: true,
    });
  });

  it.each([['0'], [0], [undefined], ['maybe'], [null], [false]])('isSales %j is not on sale', (isSales) => {
    expect(productSchema.parse({ productCode: 'A', isSales, noSalesReason: '停产' })).toMatchObject({
      isOnSale: false,
      notOnSaleReason: '停产',
    });
  });

  it.each([[{}], [{ productCode: '' }], [null], ['A']])('an entry without a code is none: %j', (entry) => {
    expect(productSchema.safeParse(entry).success).toBe(false);
  });
});

describe('prices (contract 1.3)', () => {
  it('reads amounts as text or number, to the fen', () => {
    const row = { productCode: 'A', supplyPrice: '1999.90', invoicePrice: 1899.905, rebateMoney: 20 };
    expect(priceSchema.parse({ ...row, stockRebatePolicy: '0.05', isSales: '1' })).toEqual({
      productCode: 'A',
      supplyPriceFen: 199_990,
      invoicePriceFen: 189_991,
      rebateMoneyFen: 2_000,
      stockRebateRate: 0.05,
      isOnSale: true,
      reason: null,
    });
  });

  it.each([['COM'], ['FHQ'], ['BF'], ['DTDBF'], [''], [null], [undefined]])(
    'a rebate policy of %j is no rate',
    (stockRebatePolicy) => {
      expect(priceSchema.parse({ productCode: 'A', stockRebatePolicy })).toMatchObject({
        stockRebateRate: null,
        supplyPriceFen: null,
        isOnSale: null,
      });
    },
  );

  it('keeps the reason where there is no price', () => {
    expect(priceSchema.parse({ productCode: 'A', supplyPrice: '', reason: '价格未生效' })).toMatchObject({
      supplyPriceFen: null,
      reason: '价格未生效',
    });
  });
});

describe('stock (contract 1.4)', () => {
  const asked = { productCode: 'A', countyCode: '370212' };
  const read = (rows: unknown[]) => sumStock(asked, warehouseSchema.array().parse(rows));

  it('mistake 5: is a list, and sums over the warehouses; the promise is that of the fullest', () => {
    expect(
      read([
        { secCode: 'W1', stock: '3', warehouseGrade: '0', timelinessData: { hour: 48 } },
        {
          secCode: 'W2',
          stock: 12,
          warehouseGrade: 1,
          timelinessData: { cutTime: '16:00', achieveUserOrderCut: '21:00', hour: '24', isTranfer: '1' },
        },
      ]),
    ).toEqual({
      ...asked,
      pieces: 15,
      deliveryPromise: '16:00前下单，24小时内送达',
      warehouses: [
        {
          warehouseCode: 'W1',
          pieces: 3,
          level: 'own',
          timeliness: { cutTime: null, hours: 48, isTransferred: null },
        },
        {
          warehouseCode: 'W2',
          pieces: 12,
          level: 'upper',
          timeliness: { cutTime: '16:00', hours: 24, isTransferred: true },
        },
      ],
    });
  });

  it('is nothing where no warehouse answers, and never less', () => {
    expect(read([])).toMatchObject({ pieces: 0, deliveryPromise: null, warehouses: [] });
    expect(read([{ secCode: 'W', stock: -2 }])).toMatchObject({ pieces: 0 });
  });

  it.each([['many'], [''], [null], [undefined]])('a stock of %j cannot be read', (stock) => {
    expect(warehouseSchema.safeParse({ secCode: 'W', stock }).success).toBe(false);
  });
});

describe('logistics (contract 1.5)', () => {
  it('reads three lists, any of which may be missing', () => {
    expect(
      logisticsSchema.parse({
        getAllLogisticsInfoByOrderCode: null,
        getStockDeliveryLogisticsRecord: [
          { logisticsCompany: '日日顺', logisticsNo: 'N1', status: '运输中' },
        ],
        getStockDeliveryLogisticsRecordThirdparty: {
          logisticsNo: 22,
          traces: [
            { time: '2026-01-02 03:04:05', status: '已签收' },
            { time: 'soon', status: '运输中' },
          ],
        },
      }),
    ).toEqual([
      { source: 'zhihuibao', company: '日日顺', trackingNumber: 'N1', status: '运输中', traces: [] },
      {
        source: 'third_party',
        company: null,
        trackingNumber: '22',
        status: null,
        traces: [
          { at: new Date('2026-01-01T19:04:05Z'), status: '已签收' },
          { at: null, status: '运输中' },
        ],
      },
    ]);
    expect(logisticsSchema.parse({})).toEqual([]);
  });
});

describe('balances (contract 1.6)', () => {
  it('are amounts in fen, negative ones too', () => {
    expect(balanceSchema.parse({ payerAccountCode: 88, payerAccountBalance: '-12.5' })).toMatchObject({
      payerAccountCode: '88',
      payerAccountBalance: -1_250,
    });
    expect(balanceSchema.safeParse({ payerAccountCode: '88' }).success).toBe(false);
  });
});

describe('YLH (contract 2.2 to 2.6)', () => {
  it('reads what a create brings', () => {
    expect(createdSchema.parse({ retailOrderNo: 'R1', soId: 'S1' })).toEqual({
      retailOrderNo: 'R1',
      soId: 'S1',
    });
    expect(createdSchema.parse(null)).toEqual({ retailOrderNo: null, soId: null });
  });

  it('reads photos with times as text or milliseconds', () => {
    const photo = {
      imageType: '安装照片',
      imageUrl: 'https://p.example/1',
      uploadTime: '2026-01-02 08:00:00',
    };
    const uploadedAt = new Date('2026-01-02T00:00:00Z');
    const expected = { type: 'installation', url: 'https://p.example/1', uploadedAt };
    expect(imageSchema.parse(photo)).toEqual(expected);
    expect(imageSchema.parse({ ...photo, uploadTime: uploadedAt.getTime() })).toEqual(expected);
    expect(imageSchema.parse({ ...photo, imageType: '其他', uploadTime: null })).toMatchObject({
      type: 'other',
      uploadedAt: null,
    });
  });

  it('leaves out parcels without a number', () => {
    expect(
      trackingSchema.parse({
        orderCode: 'R1',
        logisticsList: [{ logisticsNo: '' }, { logisticsCompany: '日日顺', logisticsNo: 7, snCode: 'SN' }],
      }),
    ).toEqual({
      orderCode: 'R1',
      deliveryRecordCode: null,
      parcels: [{ company: '日日顺', trackingNumber: '7', serialNumber: 'SN' }],
    });
    expect(trackingSchema.parse({ orderCode: 'R2', logisticsList: null }).parcels).toEqual([]);
  });
});
