import type { YlhOrder } from '../../src/plugins/haier-integration/server/src/clients/contract';
import {
  namesSoId,
  saysRepeated,
  toCreateBody,
} from '../../src/plugins/haier-integration/server/src/clients/ylh-order';
import { settingsSchema } from '../../src/plugins/haier-integration/server/src/domain/settings';

const seller = { sourceSystem: 'SHOP', shopName: '小店', sellerCode: '88000001' };

const order = (changes: Partial<YlhOrder> = {}): YlhOrder => ({
  soId: 'SO-1',
  orderNumber: 'ORDER-1',
  createdAt: new Date('2026-01-02T03:04:05.678Z'),
  consigneeName: '收货人',
  consigneeMobile: '13900000000',
  province: '山东省',
  city: '青岛市',
  area: '崂山区',
  town: '沙子口街道',
  detailAddress: '某某路1号',
  remark: '请先电话',
  distributionDate: '2026-01-05',
  installDate: '2026-01-05',
  isGovernmentOrder: true,
  lines: [
    {
      productCode: 'BCD-1',
      quantity: 2,
      retailPriceFen: 299_900,
      discountFen: 10_001,
      actualPriceFen: 289_899,
      isGift: false,
    },
  ],
  ...changes,
});

describe('the body of a create (contract 2.2)', () => {
  it('is exactly what the contract says', () => {
    expect(toCreateBody(order(), seller)).toEqual({
      sourceSystem: 'SHOP',
      shopName: '小店',
      sellerCode: '88000001',
      consigneeName: '收货人',
      consigneeMobile: '13900000000',
      onlineNo: 'ORDER-1',
      soId: 'SO-1',
      remark: '请先电话',
      totalQty: 2,
      totalAmt: 5797.98,
      createTime: 1_767_323_045_678,
      province: '山东省',
      city: '青岛市',
      area: '崂山区',
      town: '沙子口街道',
      detailAddress: '某某路1号',
      distributionTime: Date.parse('2026-01-05T23:59:59+08:00'),
      installTime: Date.parse('2026-01-05T23:59:59+08:00'),
      governmentOrder: true,
      deliveryInstall: 'true',
      itemList: [
        {
          productCode: 'BCD-1',
          itemQty: 2,
          retailPrice: 2999,
          discountAmount: 100.01,
          actualPrice: 2898.99,
          isGift: false,
        },
      ],
    });
  });

  it('mistake 1: amounts are of one piece, and the street stands alone', () => {
    const body = toCreateBody(order(), seller);
    expect(body.itemList[0]).toMatchObject({ discountAmount: 100.01, actualPrice: 2898.99 });
    expect(body.detailAddress).toBe('某某路1号');
  });

  it('has 0 where there is no discount, and leaves out what is not given', () => {
    const [line] = order().lines;
    if (line === undefined) throw new Error('no line');
    const body = toCreateBody(
      order({ town: null, remark: '', lines: [{ ...line, discountFen: 0, actualPriceFen: 299_900 }] }),
      seller,
    );
    expect(body.itemList[0]?.discountAmount).toBe(0);
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['town']));
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['remark']));
  });

  it.each([
    ['2026-01-05', '2026-01-05', 'true'],
    ['2026-01-05', '2026-01-06', 'false'],
    ['2026-01-05', null, 'false'],
    [null, '2026-01-05', 'false'],
    [null, null, 'false'],
  ])('delivered %s, installed %s: deliveryInstall "%s"', (distributionDate, installDate, expected) => {
    const body = toCreateBody(order({ distributionDate, installDate }), seller);
    expect(body.deliveryInstall).toBe(expected);
    expect('distributionTime' in body).toBe(distributionDate !== null);
    expect('installTime' in body).toBe(installDate !== null);
  });

  it('prints every amount with two places at most', () => {
    for (let fen = 1; fen < 100_000; fen += 37) {
      const [line] = order().lines;
      if (line === undefined) throw new Error('no line');
      const lines = [{ ...line, quantity: 1, actualPriceFen: fen }];
      expect(JSON.stringify(toCreateBody(order({ lines }), seller).totalAmt)).toMatch(/^\d+(\.\d{1,2})?$/);
    }
  });
});

describe('a refusal that says the order is there', () => {
  const { alreadyPushedPatterns } = settingsSchema.parse({}).policy;

  it.each([
    ['REPEAT_ORDER', '子订单号已存在'],
    ['500', '请勿重复推送'],
    ['500', '订单已推送'],
    ['Duplicate', null],
    [null, 'order ALREADY exists'],
  ])('%s %s', (code, message) => {
    expect(saysRepeated({ code, message }, alreadyPushedPatterns)).toBe(true);
  });

  it.each([
    ['500', '库存不足'],
    [null, null],
    ['PRODUCT_NOT_FOUND', '商品不存在'],
  ])('not %s %s', (code, message) => {
    expect(saysRepeated({ code, message }, alreadyPushedPatterns)).toBe(false);
  });

  it('names a so id as a whole, not as a part of another', () => {
    expect(namesSoId('子订单号SO-1已存在', 'SO-1')).toBe(true);
    expect(namesSoId('soId:SO-1', 'SO-1')).toBe(true);
    expect(namesSoId('子订单号SO-10已存在', 'SO-1')).toBe(false);
    expect(namesSoId('子订单号ASO-1已存在', 'SO-1')).toBe(false);
    expect(namesSoId('子订单号SO-1-2已存在', 'SO-1')).toBe(false);
    expect(namesSoId('SO.1(2)', 'SO.1(2)')).toBe(true);
    expect(namesSoId('SOX1', 'SO.1')).toBe(false);
  });
});
