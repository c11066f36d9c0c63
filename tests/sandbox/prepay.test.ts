import { startSandbox, type Sandbox } from '../../sandbox';
import { Merchant } from './support/merchant';

describe('prepay', () => {
  let sandbox: Sandbox;
  let merchant: Merchant;

  beforeAll(async () => {
    sandbox = await startSandbox();
    merchant = new Merchant(sandbox);
  });
  afterAll(() => sandbox.stop());

  const ahead = (ms: number): string =>
    `${new Date(sandbox.control.clock.now().getTime() + ms + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;

  const bad: [string, () => Record<string, unknown>, string][] = [
    ['an unknown field', () => ({ surprise: 1 }), '/surprise'],
    ['an unknown nested field', () => ({ amount: { total: 1, extra: 1 } }), '/amount/extra'],
    ['a null', () => ({ attach: null }), '/attach'],
    ['an amount of zero', () => ({ amount: { total: 0 } }), '/amount/total'],
    ['a fractional amount', () => ({ amount: { total: 1.5 } }), '/amount/total'],
    ['an amount as text', () => ({ amount: { total: '100' } }), '/amount/total'],
    ['another currency', () => ({ amount: { total: 1, currency: 'USD' } }), '/amount/currency'],
    ['a short number', () => ({ out_trade_no: 'ABC12' }), '/out_trade_no'],
    ['a long number', () => ({ out_trade_no: 'A'.repeat(33) }), '/out_trade_no'],
    ['a number with a blank', () => ({ out_trade_no: 'ABC 123' }), '/out_trade_no'],
    ['a long description', () => ({ description: `${'冰'.repeat(42)}ab` }), '/description'],
    ['a long attach', () => ({ attach: 'a'.repeat(129) }), '/attach'],
    ['no description', () => ({ description: undefined }), '/description'],
    ['no payer', () => ({ payer: {} }), '/payer/openid'],
    ['an openid of another app', () => ({ payer: { openid: 'oStranger' } }), '/payer/openid'],
    ['a query in the notify address', () => ({ notify_url: 'https://shop.example/n?a=1' }), '/notify_url'],
    ['a plain http notify address', () => ({ notify_url: 'http://shop.example/n' }), '/notify_url'],
    ['an expiry with fractions', () => ({ time_expire: new Date().toISOString() }), '/time_expire'],
    ['an expiry in the past', () => ({ time_expire: ahead(-1_000) }), '/time_expire'],
    ['an expiry after 15 days', () => ({ time_expire: ahead(16 * 86_400_000) }), '/time_expire'],
    [
      'a scene without client address',
      () => ({ scene_info: { device_id: '1' } }),
      '/scene_info/payer_client_ip',
    ],
  ];

  test.each(bad)('%s is a PARAM_ERROR that names the field', async (_name, changes, field) => {
    const answer = await merchant.prepay(merchant.order(changes()));
    expect(answer).toMatchObject({
      status: 400,
      json: { code: 'PARAM_ERROR', detail: { field, location: 'body' } },
    });
    expect(answer.headers['wechatpay-signature']).toBeUndefined();
  });

  test('an unexpected field ends the Request-ID with its number', async () => {
    const answer = await merchant.prepay(merchant.order({ surprise: 1 }));
    expect(answer.headers['request-id']).toMatch(/-270924358$/);
  });

  test('a body that is no JSON is a PARAM_ERROR', async () => {
    const answer = await merchant.call('POST', '/v3/pay/transactions/jsapi', '{"appid":');
    expect(answer).toMatchObject({ status: 400, json: { code: 'PARAM_ERROR' } });
  });

  test('https anywhere and http on loopback are good notify addresses; the largest fields pass', async () => {
    const answer = await merchant.prepay(
      merchant.order({
        notify_url: 'https://shop.example/notify',
        description: `${'冰'.repeat(42)}a`,
        time_expire: ahead(600_000),
      }),
    );
    expect(answer).toMatchObject({ status: 200, json: { prepay_id: expect.stringMatching(/^wx.{10,62}$/) } });
  });

  test('appid and mchid must be the pair of this merchant', async () => {
    const otherApp = await merchant.prepay(merchant.order({ appid: 'wx0000000000000000' }));
    expect(otherApp).toMatchObject({ status: 400, json: { code: 'APPID_MCHID_NOT_MATCH' } });
    const otherMerchant = await merchant.prepay(merchant.order({ mchid: '1900000001' }));
    expect(otherMerchant).toMatchObject({ status: 400, json: { code: 'MCH_NOT_EXISTS' } });
  });

  test('equal parameters give a new prepay id, whatever the order of fields', async () => {
    const body = merchant.order();
    const reversed = Object.fromEntries(Object.entries(body).reverse());
    const [first, second] = [await merchant.prepay(body), await merchant.prepay(reversed)];
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.json.prepay_id).not.toBe(first.json.prepay_id);
  });

  test('another amount under a known number is 403 OUT_TRADE_NO_USED', async () => {
    const body = merchant.order();
    await merchant.prepay(body);
    const changed = await merchant.prepay({ ...body, amount: { total: 1 } });
    expect(changed).toMatchObject({ status: 403, json: { code: 'OUT_TRADE_NO_USED' } });
  });

  test('a closed and an expired order are ORDER_CLOSED, a paid one is refused', async () => {
    const closed = merchant.order();
    await merchant.prepay(closed);
    await merchant.close(closed.out_trade_no);
    expect(await merchant.prepay(closed)).toMatchObject({ status: 400, json: { code: 'ORDER_CLOSED' } });

    const expired = merchant.order({ time_expire: ahead(120_000) });
    await merchant.prepay(expired);
    await sandbox.control.clock.advance(121_000);
    expect(await merchant.prepay(expired)).toMatchObject({ status: 400, json: { code: 'ORDER_CLOSED' } });

    const paid = merchant.order();
    await merchant.prepay(paid);
    sandbox.control.payByNumber(paid.out_trade_no, { notify: 'hold' });
    const again = await merchant.prepay(paid);
    expect(again).toMatchObject({ status: 400, json: { message: '该订单已支付' } });
    expect(again.headers['request-id']).toMatch(/-268498689$/);
  });

  test('an expiry below one minute is raised to one minute', async () => {
    const body = merchant.order({ time_expire: ahead(5_000) });
    await merchant.prepay(body);
    await sandbox.control.clock.advance(50_000);
    expect(sandbox.control.payByNumber(body.out_trade_no, { notify: 'hold' })).toMatchObject({ paid: true });
  });
});
