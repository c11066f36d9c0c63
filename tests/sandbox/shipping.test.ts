import { startSandbox, type Sandbox } from '../../sandbox';
import { Merchant } from './support/merchant';
import { MiniProgram } from './support/mini-program';

describe('order shipping information', () => {
  let sandbox: Sandbox;
  let merchant: Merchant;
  let app: MiniProgram;
  let number: string;

  beforeAll(async () => {
    sandbox = await startSandbox();
    merchant = new Merchant(sandbox);
    app = new MiniProgram(sandbox);
  });
  afterAll(() => sandbox.stop());
  beforeEach(async () => {
    await sandbox.control.reset();
    number = await merchant.paidOrder();
    await sandbox.control.clock.advance(10_000);
  });

  const parcel = (trackingNo: string, changes: object = {}) => ({
    tracking_no: trackingNo,
    express_company: 'RRS',
    item_desc: '冰箱 1 台',
    ...changes,
  });
  const body = (changes: Record<string, unknown> = {}) => ({
    order_key: { order_number_type: 1, mchid: merchant.mchid, out_trade_no: number },
    logistics_type: 1,
    delivery_mode: 1,
    shipping_list: [parcel('T1')],
    upload_time: sandbox.control.clock.now().toISOString(),
    payer: { openid: 'oTestShopper' },
    ...changes,
  });
  const upload = async (changes: Record<string, unknown> = {}): Promise<unknown> =>
    (await app.guarded('/wxa/sec/order/upload_shipping_info', body(changes))).errcode;
  const getOrder = async (key: object = { merchant_id: merchant.mchid, merchant_trade_no: number }) =>
    app.guarded('/wxa/sec/order/get_order', key);
  const later = (): Promise<void> => sandbox.control.clock.advance(1_000);

  test('a fresh payment is unknown for ten seconds', async () => {
    number = await merchant.paidOrder();
    expect(await upload()).toBe(10060001);
    expect(await getOrder()).toMatchObject({ errcode: 10060001 });
    await sandbox.control.clock.advance(10_000);
    expect(await upload()).toBe(0);
  });

  const bad: [string, Record<string, unknown>, number][] = [
    ['an unknown kind of number', { order_key: { order_number_type: 3 } }, 268485194],
    ['no transaction id', { order_key: { order_number_type: 2 } }, 268485195],
    ['no mchid', { order_key: { order_number_type: 1, out_trade_no: 'A' } }, 268485196],
    ['no order number', { order_key: { order_number_type: 1, mchid: '1' } }, 268485197],
    ['an unknown order', { order_key: { order_number_type: 2, transaction_id: '42' } }, 10060001],
    ['an unknown logistics type', { logistics_type: 9 }, 10060005],
    ['an unknown mode', { delivery_mode: 3 }, 268485224],
    ['a split pick-up', { delivery_mode: 2, logistics_type: 4 }, 10060006],
    ['a split without is_all_delivered', { delivery_mode: 2 }, 10060007],
    ['two parcels at once', { shipping_list: [parcel('A'), parcel('B')] }, 268485228],
    ['no parcel', { shipping_list: [] }, 10060014],
    [
      'sixteen parcels',
      {
        delivery_mode: 2,
        is_all_delivered: true,
        shipping_list: Array.from({ length: 16 }, (_, at) => parcel(`P${at}`)),
      },
      10060024,
    ],
    ['no tracking number', { shipping_list: [parcel('')] }, 268485226],
    ['a long tracking number', { shipping_list: [parcel('T'.repeat(129))] }, 10060026],
    ['no carrier', { shipping_list: [parcel('T', { express_company: undefined })] }, 268485227],
    ['an unknown carrier', { shipping_list: [parcel('T', { express_company: 'NOBODY' })] }, 10060014],
    ['no description', { shipping_list: [parcel('T', { item_desc: '' })] }, 10060008],
    ['a long description', { shipping_list: [parcel('T', { item_desc: '冰'.repeat(121) })] }, 10060009],
    ['SF without a contact', { shipping_list: [parcel('T', { express_company: 'SF' })] }, 10060014],
    [
      'an unmasked phone',
      { shipping_list: [parcel('T', { contact: { receiver_contact: '13800138000' } })] },
      10060014,
    ],
    ['a time that is none', { upload_time: '2022-12-15 13:29:35' }, 268485216],
    ['another payer', { payer: { openid: 'oOther' } }, 10060031],
    ['no payer', { payer: {} }, 10060014],
  ];
  test.each(bad)('%s is refused with its code', async (_name, changes, errcode) => {
    expect(await upload(changes)).toBe(errcode);
  });

  test('get_order tells it in its own names', async () => {
    expect(await getOrder()).toMatchObject({
      order: { order_state: 1, paid_amount: 10_000, openid: 'oTestShopper' },
    });
    await upload({
      shipping_list: [parcel('T1', { express_company: 'SF', contact: { receiver_contact: '138****8000' } })],
    });
    const { order } = (await getOrder()) as { order: { transaction_id: string } };
    expect(order).toMatchObject({
      merchant_id: merchant.mchid,
      merchant_trade_no: number,
      order_state: 2,
      shipping: {
        finish_shipping: true,
        finish_shipping_count: 1,
        shipping_list: [{ tracking_no: 'T1', express_company: 'SF', upload_time: expect.any(Number) }],
      },
    });
    expect(await getOrder({ transaction_id: order.transaction_id })).toMatchObject({ order });
    expect(await getOrder({})).toMatchObject({ errcode: 10060014 });
  });

  test('the same again is 10060023; a change is the one re-shipping; another is 10060003', async () => {
    expect(await upload()).toBe(0);
    await later();
    expect(await upload()).toBe(10060023);
    expect(await upload({ shipping_list: [parcel('T2')] })).toBe(0);
    await later();
    expect(await upload({ shipping_list: [parcel('T3')] })).toBe(10060003);
    expect(await getOrder()).toMatchObject({ order: { shipping: { finish_shipping_count: 2 } } });
  });

  test('a later call carries a later time', async () => {
    const { upload_time } = body();
    expect(await upload({ upload_time })).toBe(0);
    expect(await upload({ upload_time, shipping_list: [parcel('T2')] })).toBe(10060014);
  });

  test('a split delivery collects parcels until all are delivered', async () => {
    const split = (trackingNo: string, all: boolean) =>
      upload({ delivery_mode: 2, is_all_delivered: all, shipping_list: [parcel(trackingNo)] });
    expect(await split('A', false)).toBe(0);
    await later();
    expect(await split('B', false)).toBe(0);
    expect(await getOrder()).toMatchObject({ order: { order_state: 1 } });
    await later();
    expect(await split('C', true)).toBe(0);
    const { order } = (await getOrder()) as { order: { shipping: { shipping_list: unknown[] } } };
    expect(order).toMatchObject({ order_state: 2, shipping: { finish_shipping_count: 1 } });
    expect(order.shipping.shipping_list).toHaveLength(3);
  });

  test('a fully refunded order cannot be shipped', async () => {
    const amount = { refund: 10_000, total: 10_000, currency: 'CNY' };
    await merchant.refund({ out_trade_no: number, out_refund_no: 'ALL', amount });
    expect(await upload()).toBe(10060004);
    expect(await getOrder()).toMatchObject({ order: { order_state: 5 } });
  });

  test('pick-up needs neither carrier nor number', async () => {
    expect(await upload({ logistics_type: 4, shipping_list: [{ item_desc: '冰箱' }] })).toBe(0);
  });

  test('the carrier list names ids', async () => {
    const answer = await app.guarded('/cgi-bin/express/delivery/open_msg/get_delivery_list', {});
    expect(answer).toMatchObject({
      errcode: 0,
      delivery_list: expect.arrayContaining([{ delivery_id: 'RRS', delivery_name: '日日顺物流' }]),
    });
  });
});
