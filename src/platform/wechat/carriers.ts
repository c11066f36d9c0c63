/** From the company staff write to WeChat's id of it. */

export interface Carrier {
  id: string;
  name: string;
}

/**
 * What people write for the large carriers, where it is no name of the list or could be one of several (德邦快递 and
 * 德邦物流). It counts only when the list has the id.
 */
const SHORT_FORMS: Readonly<Record<string, readonly string[]>> = {
  SF: ['顺丰', '顺丰快递', '顺丰快运'],
  JD: ['京东', '京东物流', '京东快运'],
  RRS: ['日日顺', '日日顺快线', '海尔日日顺'],
  DBL: ['德邦', '德邦物流'],
  ANE: ['安能', '安能物流'],
  ZTO: ['中通', '中通速递'],
  YTO: ['圆通', '圆通快递'],
  STO: ['申通', '申通速递'],
  YD: ['韵达', '韵达快递'],
  EMS: ['邮政EMS', '中国邮政EMS', '邮政速递', 'EMS快递'],
  YZPY: ['邮政', '中国邮政', '邮政快递', '邮政包裹'],
  HTKY: ['百世', '百世汇通', '汇通快递'],
  JTSD: ['极兔', '极兔快递'],
  ZJS: ['宅急送快递'],
  UC: ['优速', '优速物流'],
};
const KINDS = ['速运', '速递', '快递', '快运', '物流'];

/** Written alike: full width, small letters, spaces and the company's form make no difference. */
const plain = (name: string): string =>
  name
    .normalize('NFKC')
    .replaceAll(/\s/g, '')
    .toUpperCase()
    .replace(/(集团|股份|有限|责任|公司)+$/, '');

/**
 * WeChat's id of the carrier a name stands for: its name or id in the list, a known short form, or the one name of the
 * list that adds 快递, 物流 and the like to it. Undefined when that leaves it open.
 */
export function matchCarrier(written: string, carriers: readonly Carrier[]): string | undefined {
  const name = plain(written);
  if (name === '') return undefined;
  const exact = carriers.find((carrier) => plain(carrier.name) === name || plain(carrier.id) === name);
  if (exact !== undefined) return exact.id;
  const short = carriers.find(({ id }) => SHORT_FORMS[id]?.some((form) => plain(form) === name));
  if (short !== undefined) return short.id;
  const longer = new Set(KINDS.map((kind) => name + kind));
  const [only, another] = carriers.filter((carrier) => longer.has(plain(carrier.name)));
  return another === undefined ? only?.id : undefined;
}

/** Order shipping information: `contact` is asked for with 顺丰 alone, and nobody else learns the shopper's number. */
export const needsContact = (carrierId: string): boolean => carrierId === 'SF';
