/** The search boxes of the panel's lists that grow with every order. */
import { startApp, type TestApp } from '../support/app';
import { insertRaw, panelUser, type PanelUser } from '../support/factories/panel';

let app: TestApp;
let readers: PanelUser[];

const ORDER = {
  totalAmount: 10,
  discountAmount: 0,
  actualAmount: 10,
  unitPrice: 10,
  quantity: 1,
  status: 'paid',
  life: 1,
  version: 1,
  productName: '十字对开门冰箱',
  productDocumentId: 'search00000000000000000p',
  snapshotProvince: '山东省',
  snapshotCity: '青岛市',
  snapshotDistrict: '崂山区',
  snapshotAddress: '海尔路 1 号',
};

beforeAll(async () => {
  app = await startApp();
  readers = [await panelUser(app, 'merchant'), await panelUser(app, 'superAdmin')];
  await insertRaw('api::order.order', {
    ...ORDER,
    orderNumber: 'D20260101000001',
    checkoutNumber: 'C20260101000001',
    snapshotContactName: '收货人甲',
    snapshotPhone: '13812340001',
    trackingNumber: 'SF100_1',
  });
  await insertRaw('api::order.order', {
    ...ORDER,
    orderNumber: 'D20260101000002',
    checkoutNumber: 'C20260101000001',
    snapshotContactName: '收货人乙',
    snapshotPhone: '13812340002',
    haierOrderNo: 'YLH-77',
  });
  await insertRaw('api::payment.payment', {
    paymentNumber: 'P20260101000001',
    checkoutNumber: 'C20260101000001',
    transactionId: '4200000000000001',
    amount: 20,
    status: 'succeeded',
    method: 'wechat',
  });
}, 120_000);
afterAll(() => app?.stop());

const find = async (reader: PanelUser, uid: string, text: string, more = ''): Promise<unknown> => {
  const path = `/content-manager/collection-types/${uid}?page=1&pageSize=50&_q=${encodeURIComponent(text)}${more}`;
  const { status, body } = await reader.call('get', path);
  if (status !== 200) return status;
  const rows = body.results as Record<string, string>[];
  expect(body.pagination.total).toBe(rows.length);
  return rows.map(({ orderNumber, paymentNumber }) => (orderNumber ?? paymentNumber)?.slice(-2)).sort();
};

it.each<[what: string, text: string, found: string[]]>([
  ['a number', 'D20260101000001', ['01']],
  ['a number with the spaces of a copy', '  D20260101000001 ', ['01']],
  ['the beginning of a number', 'D202601', ['01', '02']],
  ['the number of a checkout', 'C20260101000001', ['01', '02']],
  ['a phone', '13812340002', ['02']],
  ['a name', '收货人甲', ['01']],
  ['a tracking number', 'SF100_1', ['01']],
  ['a number at Haier', 'YLH-77', ['02']],
  ['a number in small letters', 'd20260101000001', ['01']],
  ['a tracking number in small letters', 'sf100_1', ['01']],
  ['nothing but blanks', '  ', ['01', '02']],
  ['a wildcard', 'D2026%', []],
  ['another wildcard', 'SF100?1', []],
  ['part of a phone', '1381234', []],
  ['part of an address', '海尔路', []],
])('orders are found by %s', async (_what, text, found) => {
  for (const reader of readers) expect(await find(reader, 'api::order.order', text)).toEqual(found);
});

it('a search goes together with the filters of the list', async () => {
  for (const reader of readers) {
    const ask = (status: string) =>
      find(reader, 'api::order.order', 'D2026', `&filters[$and][0][status][$eq]=${status}`);
    expect([await ask('paid'), await ask('shipped')]).toEqual([['01', '02'], []]);
  }
});

it('payments are found by their number, their checkout and WeChat’s number', async () => {
  for (const text of ['P20260101000001', 'P2026', 'C20260101000001', '4200000000000001'])
    expect([text, await find(readers[0]!, 'api::payment.payment', text)]).toEqual([text, ['01']]);
  expect(await find(readers[0]!, 'api::payment.payment', '42000000')).toEqual([]);
});
