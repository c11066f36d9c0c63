import { steady } from './catalogue';
import type { HaierState, Warehouse } from './state';

/** First two digits of GB/T 2260 for each province, by the beginning of its name. */
const PROVINCES: Record<string, string> = {
  北京: '11',
  天津: '12',
  河北: '13',
  山西: '14',
  内蒙古: '15',
  辽宁: '21',
  吉林: '22',
  黑龙江: '23',
  上海: '31',
  江苏: '32',
  浙江: '33',
  安徽: '34',
  福建: '35',
  江西: '36',
  山东: '37',
  河南: '41',
  湖北: '42',
  湖南: '43',
  广东: '44',
  广西: '45',
  海南: '46',
  重庆: '50',
  四川: '51',
  贵州: '52',
  云南: '53',
  西藏: '54',
  陕西: '61',
  甘肃: '62',
  青海: '63',
  宁夏: '64',
  新疆: '65',
  台湾: '71',
  香港: '81',
  澳门: '82',
};
const PREFIXES = new Set(Object.values(PROVINCES));
/** Cities without districts, which stand for themselves (GB/T 2260). */
const WITHOUT_DISTRICTS = new Set(['441900', '442000', '460300', '460400', '620200']);

/** Whether this is the six-digit code of a district, as far as its form tells: a city's or a province's ends in 00. */
export function isCountyCode(code: string): boolean {
  if (!/^\d{6}$/.test(code) || !PREFIXES.has(code.slice(0, 2))) return false;
  return !code.endsWith('00') || WITHOUT_DISTRICTS.has(code);
}

/** First two digits of a province by its name, or undefined for a name that is none. */
export function provincePrefix(name: string): string | undefined {
  const known = Object.keys(PROVINCES).find((beginning) => name.startsWith(beginning));
  return known === undefined ? undefined : PROVINCES[known];
}

/** The regional centre of the province, and the one above it that serves several provinces. */
function usualWarehouses(productCode: string, countyCode: string): Warehouse[] {
  const province = countyCode.slice(0, 2);
  const region = countyCode.slice(0, 1);
  const own: Warehouse = {
    secCode: `WH${province}01`,
    stock: steady(`own ${productCode} ${province}`, 20),
    warehouseGrade: '0',
    timelinessData: { cutTime: '16:00', achieveUserOrderCut: '21:00', hour: 24, isTranfer: '0' },
  };
  const upper: Warehouse = {
    secCode: `RDC${region}000`,
    stock: 10 + steady(`upper ${productCode} ${region}`, 50),
    warehouseGrade: '1',
    timelinessData: { cutTime: '14:00', achieveUserOrderCut: '21:00', hour: 72, isTranfer: '1' },
  };
  return [own, upper];
}

/** What each warehouse still has for this district, after what YLH has taken orders for. */
export function warehousesFor(state: HaierState, productCode: string, countyCode: string): Warehouse[] {
  const set = state.stock[`${productCode}|${countyCode}`] ?? state.stock[`${productCode}|*`];
  const warehouses = set ? structuredClone(set) : usualWarehouses(productCode, countyCode);
  let taken = state.taken[`${productCode}|${countyCode.slice(0, 2)}`] ?? 0;
  for (const warehouse of [...warehouses].sort((one, other) => other.stock - one.stock)) {
    const here = Math.min(taken, warehouse.stock);
    warehouse.stock -= here;
    taken -= here;
  }
  return warehouses;
}

/** Sets what is answered for a product from now on, in one district or in all; orders taken before count no more. */
export function setWarehouses(
  state: HaierState,
  productCode: string,
  countyCode: string | undefined,
  warehouses: Warehouse[],
): void {
  state.stock[`${productCode}|${countyCode ?? '*'}`] = warehouses;
  const prefix = countyCode === undefined ? '' : countyCode.slice(0, 2);
  for (const key of Object.keys(state.taken)) {
    if (key.startsWith(`${productCode}|${prefix}`)) delete state.taken[key];
  }
}

/** Takes a piece for an order to a province, or gives it back (`pieces` below zero). */
export function takePieces(state: HaierState, productCode: string, province: string, pieces: number): void {
  const prefix = provincePrefix(province);
  if (prefix === undefined) return;
  const key = `${productCode}|${prefix}`;
  state.taken[key] = Math.max(0, (state.taken[key] ?? 0) + pieces);
}

/** Pieces left for a province: of a district of it whose stock was set, else as usual. */
export function piecesLeft(state: HaierState, productCode: string, province: string): number {
  const prefix = provincePrefix(province);
  if (prefix === undefined) return 0;
  const start = `${productCode}|${prefix}`;
  const set = Object.keys(state.stock).find((key) => key.startsWith(start));
  const countyCode = set?.slice(productCode.length + 1) ?? `${prefix}0102`;
  return warehousesFor(state, productCode, countyCode).reduce((sum, { stock }) => sum + stock, 0);
}
