import { CARRIERS } from '../../sandbox/mini-program/carriers';
import { matchCarrier, needsContact } from '../../src/platform/wechat/carriers';
import { MiniProgramBusyError, MiniProgramError } from '../../src/platform/wechat/mini-program-client';
import { ShippingInformation } from '../../src/platform/wechat/shipping-client';
import {
  NotShippableError,
  ShippingRefusedError,
  UnknownPaymentError,
} from '../../src/platform/wechat/shipping-errors';

const LIST = CARRIERS.map(({ delivery_id: id, delivery_name: name }) => ({ id, name }));

/** A WeChat that answers every call with this, or refuses with this errcode. */
function wechat(answer: unknown) {
  const calls: { path: string; body: Record<string, unknown> }[] = [];
  let time = Date.UTC(2030, 0, 1, 4, 5, 6, 78);
  const shipping = new ShippingInformation({
    now: () => new Date(time),
    app: {
      withToken: async (schema, path, body) => {
        calls.push({ path, body });
        await Promise.resolve();
        if (typeof answer === 'number') throw new MiniProgramError(answer, 'no');
        return schema.parse(answer) as never;
      },
    },
  });
  return { shipping, calls, pass: (ms: number) => (time += ms), now: () => new Date(time) };
}

const upload = {
  transactionId: '42',
  payerOpenId: 'o1',
  isSplit: false,
  isAllShipped: true,
  parcels: [{ carrier: 'SF', trackingNumber: 'T1', description: '冰箱*1', maskedPhone: '138****8000' }],
};

describe('carriers', () => {
  it.each([
    ['顺丰速运', 'SF'],
    ['顺丰', 'SF'],
    ['sf', 'SF'],
    ['ＳＦ', 'SF'],
    [' 顺丰 速运 ', 'SF'],
    ['顺丰速运有限公司', 'SF'],
    ['德邦物流', 'DBL'],
    ['日日顺', 'RRS'],
    ['邮政EMS', 'EMS'],
    ['ems', 'EMS'],
    ['宅急送', 'ZJS'],
  ])('%s is %s', (written, id) => {
    expect(matchCarrier(written, LIST)).toBe(id);
  });

  it.each(['老王物流', '', ' ', '快递', '公司', '中通国际', '自己送', 'S'])(
    '%j is left to people',
    (written) => {
      expect(matchCarrier(written, LIST)).toBeUndefined();
    },
  );

  it('is none the list does not have, and none of two', () => {
    expect(matchCarrier('顺丰', [{ id: 'RRS', name: '日日顺物流' }])).toBeUndefined();
    const two = [
      { id: 'A', name: '飞马快递' },
      { id: 'B', name: '飞马物流' },
    ];
    expect([matchCarrier('飞马', two), matchCarrier('飞马物流', two)]).toEqual([undefined, 'B']);
    expect(matchCarrier('飞马', two.slice(1))).toBe('B');
  });

  it('learn a shopper’s number only where they must', () => {
    expect([needsContact('SF'), needsContact('RRS')]).toEqual([true, false]);
  });
});

describe('telling WeChat', () => {
  it('says all of it in WeChat’s names', async () => {
    const { shipping, calls, now } = wechat({ errcode: 0 });
    await shipping.upload({ ...upload, uploadedAt: now() });
    expect(calls).toEqual([
      {
        path: '/wxa/sec/order/upload_shipping_info',
        body: {
          order_key: { order_number_type: 2, transaction_id: '42' },
          logistics_type: 1,
          delivery_mode: 1,
          shipping_list: [
            {
              tracking_no: 'T1',
              express_company: 'SF',
              item_desc: '冰箱*1',
              contact: { receiver_contact: '138****8000' },
            },
          ],
          upload_time: '2030-01-01T12:05:06.078+08:00',
          payer: { openid: 'o1' },
        },
      },
    ]);
    await shipping.upload({ ...upload, isSplit: true, isAllShipped: false, uploadedAt: now() });
    expect(calls[1]?.body).toMatchObject({ delivery_mode: 2, is_all_delivered: false });
  });

  it.each([10060002, 10060023, 268440065])('takes errcode %i for done', async (errcode) => {
    const { shipping, now } = wechat(errcode);
    await expect(shipping.upload({ ...upload, uploadedAt: now() })).resolves.toBeUndefined();
  });

  it.each([
    [10060001, UnknownPaymentError],
    [10060004, NotShippableError],
    [10060012, MiniProgramBusyError],
    [10060019, MiniProgramBusyError],
    [10060003, ShippingRefusedError],
    [10060014, ShippingRefusedError],
    [10060024, ShippingRefusedError],
    [10060031, ShippingRefusedError],
    [268485216, ShippingRefusedError],
    [40001, MiniProgramError],
    [40164, MiniProgramError],
    [47001, MiniProgramError],
  ])('takes errcode %i for %p', async (errcode, kind) => {
    const { shipping, now } = wechat(errcode);
    const error = await shipping.upload({ ...upload, uploadedAt: now() }).catch((thrown: unknown) => thrown);
    expect([(error as Error).constructor, (error as MiniProgramError).errcode]).toEqual([kind, errcode]);
  });
});

describe('asking WeChat', () => {
  const asked = (order: object) => wechat({ errcode: 0, order }).shipping.find('42');

  it('reads what it has', async () => {
    const shipping_list = [
      { tracking_no: 'A', express_company: 'RRS', upload_time: 1_900_000_000 },
      { tracking_no: 'B', express_company: 'RRS', upload_time: 1_900_000_100 },
    ];
    expect(await asked({ order_state: 1, shipping: { finish_shipping: false, shipping_list } })).toEqual({
      isRefunded: false,
      isFinished: false,
      trackingNumbers: new Set(['A', 'B']),
      lastUploadAt: new Date(1_900_000_100_000),
    });
  });

  it.each([
    [{ order_state: 1 }, false, false],
    [{ order_state: 1, shipping: null }, false, false],
    [{ order_state: 1, shipping: { finish_shipping: null, shipping_list: null } }, false, false],
    [{ order_state: 1, shipping: { finish_shipping: true } }, false, true],
    [{ order_state: 2 }, false, true],
    [{ order_state: 4 }, false, true],
    [{ order_state: 5 }, true, false],
  ])('understands %j', async (order, isRefunded, isFinished) => {
    expect(await asked(order)).toMatchObject({ isRefunded, isFinished, lastUploadAt: undefined });
  });

  it('believes no answer without an order', async () => {
    await expect(wechat(10060023).shipping.find('42')).rejects.toBeInstanceOf(MiniProgramError);
    await expect(wechat(10060001).shipping.find('42')).rejects.toBeInstanceOf(UnknownPaymentError);
  });

  it('for the carriers happens once a day', async () => {
    const { shipping, calls, pass } = wechat({
      delivery_list: [{ delivery_id: 'RRS', delivery_name: '日日顺' }],
    });
    expect(await shipping.carriers()).toEqual([{ id: 'RRS', name: '日日顺' }]);
    pass(24 * 3_600_000 - 1);
    await shipping.carriers();
    expect(calls).toHaveLength(1);
    pass(1);
    await shipping.carriers();
    expect(calls.map(({ body }) => body)).toEqual([{}, {}]);
  });
});
