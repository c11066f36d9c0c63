import { startSandbox, type Sandbox } from '../../sandbox';
import { Merchant } from './support/merchant';

describe('query and close', () => {
  let sandbox: Sandbox;
  let merchant: Merchant;

  beforeAll(async () => {
    sandbox = await startSandbox();
    merchant = new Merchant(sandbox);
  });
  afterAll(() => sandbox.stop());

  const path = (number: string): string => `/v3/pay/transactions/out-trade-no/${number}`;

  test('an unpaid order shows none of the facts of a payment', async () => {
    const body = merchant.order({ attach: 'a' });
    await merchant.prepay(body);
    const { json } = await merchant.query(body.out_trade_no);
    expect(Object.keys(json).sort()).toEqual(
      ['appid', 'mchid', 'out_trade_no', 'promotion_detail', 'trade_state', 'trade_state_desc'].sort(),
    );
    expect(json.trade_state).toBe('NOTPAY');
  });

  test('a paid order shows them, by either number', async () => {
    const number = await merchant.paidOrder({ attach: 'order 7' });
    const { json } = await merchant.query(number);
    expect(json).toMatchObject({
      trade_state: 'SUCCESS',
      trade_type: 'JSAPI',
      attach: 'order 7',
      payer: { openid: 'oTestShopper' },
      amount: { total: 10_000, payer_total: 10_000, currency: 'CNY', payer_currency: 'CNY' },
      success_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/),
    });
    const byId = `/v3/pay/transactions/id/${String(json.transaction_id)}?mchid=${merchant.mchid}`;
    expect((await merchant.call('GET', byId)).json).toEqual(json);
  });

  test('mchid stands in the query, alone, and must be right', async () => {
    const number = await merchant.paidOrder();
    const refusals: [string, string][] = [
      [path(number), 'PARAM_ERROR'],
      [`${path(number)}?mchid=${merchant.mchid}&more=1`, 'PARAM_ERROR'],
      [`${path(number)}?mchid=1900000001`, 'MCH_NOT_EXISTS'],
    ];
    for (const [target, code] of refusals) {
      expect(await merchant.call('GET', target)).toMatchObject({ status: 400, json: { code } });
    }
  });

  test('unknown orders are 404 ORDER_NOT_EXIST, to query and to close', async () => {
    expect(await merchant.query('UNKNOWN-1')).toMatchObject({
      status: 404,
      json: { code: 'ORDER_NOT_EXIST' },
    });
    expect(await merchant.close('UNKNOWN-1')).toMatchObject({
      status: 404,
      json: { code: 'ORDER_NOT_EXIST' },
    });
  });

  test('close is a signed empty 204 and can be repeated', async () => {
    const body = merchant.order();
    await merchant.prepay(body);
    for (const answer of [await merchant.close(body.out_trade_no), await merchant.close(body.out_trade_no)]) {
      expect(answer).toMatchObject({ status: 204, text: '' });
      expect(answer.headers['wechatpay-signature']).toBeDefined();
    }
    expect((await merchant.query(body.out_trade_no)).json.trade_state).toBe('CLOSED');
  });

  test('a paid order cannot be closed', async () => {
    const number = await merchant.paidOrder();
    const answer = await merchant.close(number);
    expect(answer).toMatchObject({ status: 400, json: { code: 'ORDER_PAID' } });
    expect(answer.headers['wechatpay-signature']).toBeUndefined();
  });

  test('close takes mchid and nothing else', async () => {
    const body = merchant.order();
    await merchant.prepay(body);
    const target = `${path(body.out_trade_no)}/close`;
    const more = await merchant.call('POST', target, { mchid: merchant.mchid, reason: 'x' });
    expect(more).toMatchObject({ status: 400, json: { code: 'PARAM_ERROR' } });
    const other = await merchant.call('POST', target, { mchid: '1900000001' });
    expect(other).toMatchObject({ status: 400, json: { code: 'MCH_NOT_EXISTS' } });
  });

  test('an order nobody pays for seven days closes by itself', async () => {
    const body = merchant.order();
    await merchant.prepay(body);
    await sandbox.control.clock.advance(7 * 86_400_000 + 1_000);
    expect((await merchant.query(body.out_trade_no)).json.trade_state).toBe('CLOSED');
  });
});
