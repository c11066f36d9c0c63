import { startSandbox, type Sandbox } from '../../sandbox';
import { Merchant } from './support/merchant';

describe('paying with the parameters a shop returned', () => {
  let sandbox: Sandbox;
  let merchant: Merchant;

  beforeAll(async () => {
    sandbox = await startSandbox();
    merchant = new Merchant(sandbox);
  });
  afterAll(() => sandbox.stop());

  async function prepaid(changes: Record<string, unknown> = {}) {
    const body = merchant.order(changes);
    const answer = await merchant.prepay(body);
    return { number: body.out_trade_no, payParams: merchant.payParams(String(answer.json.prepay_id)) };
  }

  const pay = (payParams: Record<string, unknown>, more: object = {}) =>
    sandbox.control.pay({ payParams, openid: 'oTestShopper', notify: 'hold', ...more });

  test('correct ones pay once', async () => {
    const { payParams, number } = await prepaid();
    expect(pay(payParams)).toMatchObject({ errMsg: 'requestPayment:ok', paid: true, outTradeNo: number });
    expect(pay(payParams)).toMatchObject({ errMsg: 'requestPayment:fail 该订单已支付', paid: false });
  });

  const spoilings: [string, Record<string, unknown>, string][] = [
    ['a forged signature', { paySign: Buffer.from('x').toString('base64') }, '签名'],
    ['a changed nonce', { nonceStr: 'OTHER' }, '签名'],
    ['a changed prepay id', { package: 'prepay_id=wx0' }, '签名'],
    ['a number as timeStamp', { timeStamp: 1_700_000_000 }, 'timeStamp'],
    ['no package', { package: undefined }, 'package'],
    ['an old signType', { signType: 'MD5' }, 'signType'],
  ];
  test.each(spoilings)('%s fails', async (_name, changes, message) => {
    const { payParams } = await prepaid();
    const result = pay({ ...payParams, ...changes });
    expect(result.paid).toBe(false);
    expect(result.errMsg).toContain('requestPayment:fail ');
    expect(result.errMsg).toContain(message);
  });

  test('a prepay id that was never given out fails', () => {
    expect(pay(merchant.payParams('wx123')).errMsg).toContain('prepay_id');
  });

  test('somebody else cannot pay', async () => {
    const { payParams } = await prepaid();
    sandbox.control.mintLoginCode({ openid: 'oOther' });
    expect(pay(payParams, { openid: 'oOther' })).toMatchObject({ paid: false });
  });

  test('cancelling and failing leave the order unpaid', async () => {
    const { payParams, number } = await prepaid();
    expect(pay(payParams, { result: 'cancel' }).errMsg).toBe('requestPayment:fail cancel');
    expect(pay(payParams, { result: 'fail' }).errMsg).toMatch(/^requestPayment:fail ./);
    expect((await merchant.query(number)).json.trade_state).toBe('NOTPAY');
  });

  test('a prepay id dies after two hours, a fresh one still works', async () => {
    const body = merchant.order();
    const old = merchant.payParams(String((await merchant.prepay(body)).json.prepay_id));
    await sandbox.control.clock.advance(2 * 3_600_000);
    expect(pay(old).errMsg).toContain('prepay_id');
    const fresh = merchant.payParams(String((await merchant.prepay(body)).json.prepay_id));
    expect(pay(fresh).paid).toBe(true);
  });

  test('nothing can be paid after time_expire or after close', async () => {
    const expire = new Date(sandbox.control.clock.now().getTime() + 5 * 60_000).toISOString().slice(0, 19);
    const expiring = await prepaid({ time_expire: `${expire}Z` });
    await sandbox.control.clock.advance(6 * 60_000);
    expect(pay(expiring.payParams).paid).toBe(false);
    const closed = await prepaid();
    await merchant.close(closed.number);
    expect(pay(closed.payParams)).toMatchObject({ paid: false, errMsg: 'requestPayment:fail 该订单已关闭' });
    expect(() => sandbox.control.payByNumber(closed.number)).toThrow('该订单已关闭');
  });
});
