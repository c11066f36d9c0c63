import { createHash } from 'node:crypto';
import type { HaierGoods, HaierState } from './state';

type Row = [code: string, model: string, group: string, brand: string, supplyPrice: number];

// One product a line, as in a table. The first four are the goods of Haier in the demo shop.
// prettier-ignore
const ROWS: Row[] = [
  ['DEMO-F03', 'BCD-500WL', '冰箱', '海尔', 4_399],
  ['DEMO-F04', 'BCD-651C', '冰箱', '卡萨帝', 10_399],
  ['DEMO-W03', 'G120-H', '洗衣机', '海尔', 2_639],
  ['DEMO-A03', 'KFR-35GW-H', '空调', '海尔', 2_319],
  ['BH0SB1F01', 'BCD-470WGHTD', '冰箱', '海尔', 3_199],
  ['BH0SB1F02', 'BCD-535WGHSS', '冰箱', '海尔', 3_899.5],
  ['BH0SB1F03', 'BCD-620WGHTD', '冰箱', '海尔', 4_699],
  ['BH0SB1F04', 'BCD-218STPS', '冰箱', '统帅', 1_099],
  ['BH0SB1F05', 'BCD-555WGCTD', '冰箱', '卡萨帝', 8_999],
  ['CE0SB1W01', 'EG100MATE2', '洗衣机', '海尔', 1_899],
  ['CE0SB1W02', 'EG100HB6S', '洗衣机', '海尔', 2_199],
  ['CE0SB1W03', 'XQG120-B14', '洗衣机', '海尔', 2_899],
  ['CE0SB1W04', 'TQG100-B10', '洗衣机', '统帅', 1_299],
  ['CE0SB1W05', 'C1-12G3', '洗衣机', '卡萨帝', 7_599],
  ['CE0SB1W06', 'HGY100-F6', '干衣机', '海尔', 3_099],
  ['AA0SB1A01', 'KFR-26GW-01', '空调', '海尔', 1_799],
  ['AA0SB1A02', 'KFR-35GW-02', '空调', '海尔', 2_049.9],
  ['AA0SB1A03', 'KFR-50LW-03', '空调', '海尔', 4_199],
  ['AA0SB1A04', 'KFR-72LW-04', '空调', '海尔', 5_399],
  ['AA0SB1A05', 'CAP-5028', '空调', '卡萨帝', 9_899],
  ['GA0SB1H01', 'EC6001-JH3', '热水器', '海尔', 999],
  ['GA0SB1H02', 'EC8003-PT5', '热水器', '海尔', 1_599],
  ['GA0SB1H03', 'JSQ30-16R3', '热水器', '海尔', 1_899],
  ['FB0SB1K01', 'CXW-219-E900', '吸油烟机', '海尔', 1_699],
  ['FB0SB1K02', 'JZT-Q2BE9', '燃气灶', '海尔', 799],
  ['FB0SB1K03', 'EYW13028', '洗碗机', '海尔', 2_599],
  ['DH0SB1T01', 'LU55C61', '电视', '海尔', 1_699],
  ['DH0SB1T02', 'LU75X3', '电视', '海尔', 3_499],
  ['HR0SB1R01', 'HRO5M57-3', '净水器', '海尔', 1_399],
  ['BD0SB1D01', 'BC-BD-143', '冷柜', '海尔', 949],
];

const GROUPS = ['冰箱', '洗衣机', '空调', '热水器', '电视', '冷柜', '洗碗机', '吸油烟机'];
const BRANDS = ['海尔', '统帅', '卡萨帝'];
const GENERATED = /^GEN(\d{6})$/;

/** A number below `below` that is always the same for these words. */
export function steady(words: string, below: number): number {
  return createHash('md5').update(words).digest().readUInt32BE(0) % below;
}

function rebates(code: string): Pick<HaierGoods, 'stockRebatePolicy' | 'rebateMoney'> {
  const kind = steady(`rebate ${code}`, 10);
  if (kind === 0) return { stockRebatePolicy: 'COM', rebateMoney: 0 };
  return { stockRebatePolicy: kind / 100, rebateMoney: steady(`money ${code}`, 5) * 20 };
}

const goodsOf = ([productCode, productModel, productGroup, brand, supplyPrice]: Row): HaierGoods => ({
  productCode,
  productModel,
  productGroup,
  brand,
  isSales: true,
  noSalesReason: '',
  supplyPrice,
  ...rebates(productCode),
});

const CATALOGUE: ReadonlyMap<string, HaierGoods> = new Map(
  ROWS.map((row) => {
    const goods = goodsOf(row);
    return [goods.productCode, goods];
  }),
);

/** The code of the n-th made-up product, from 1: `GEN000001`. */
export const generatedCode = (number: number): string => `GEN${String(number).padStart(6, '0')}`;

function generatedGoods(number: number): HaierGoods {
  const code = generatedCode(number);
  const group = GROUPS[number % GROUPS.length] ?? '冰箱';
  const brand = BRANDS[number % BRANDS.length] ?? '海尔';
  return goodsOf([code, `M-${number}`, group, brand, 500 + steady(`price ${code}`, 950_000) / 100]);
}

function generatedBy(state: HaierState, code: string): HaierGoods | undefined {
  const number = Number(GENERATED.exec(code)?.[1] ?? 0);
  return number >= 1 && number <= state.generated ? generatedGoods(number) : undefined;
}

/** What Haier knows by this code, if anything. */
export function findGoods(state: HaierState, code: string): HaierGoods | undefined {
  const own = Object.hasOwn(state.goods, code) ? state.goods[code] : undefined;
  if (own !== undefined) return own ?? undefined;
  return (state.hasCatalogue ? CATALOGUE.get(code) : undefined) ?? generatedBy(state, code);
}

/** Every product there is, by code; made-up ones are made up each time and cost no memory in between. */
export function* listGoods(state: HaierState): Generator<HaierGoods> {
  const changed = new Set(Object.keys(state.goods));
  if (state.hasCatalogue) {
    for (const [code, goods] of CATALOGUE) if (!changed.has(code)) yield goods;
  }
  for (let number = 1; number <= state.generated; number += 1) {
    if (!changed.has(generatedCode(number))) yield generatedGoods(number);
  }
  for (const goods of Object.values(state.goods)) if (goods) yield goods;
}

/** 开票价: the supply price less its rate of 直扣 and the 台返, in yuan; null without a supply price. */
export function invoicePrice({ supplyPrice, stockRebatePolicy, rebateMoney }: HaierGoods): number | null {
  if (supplyPrice === null) return null;
  const rate = typeof stockRebatePolicy === 'number' ? stockRebatePolicy : 0;
  return Math.round(supplyPrice * (1 - rate) * 100 - rebateMoney * 100) / 100;
}
