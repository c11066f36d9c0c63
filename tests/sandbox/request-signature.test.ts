import { startSandbox, type Sandbox } from '../../sandbox';
import { Merchant, send, type Spoilt } from './support/merchant';

describe('requests to the pay host', () => {
  let sandbox: Sandbox;
  let merchant: Merchant;

  beforeAll(async () => {
    sandbox = await startSandbox();
    merchant = new Merchant(sandbox);
  });
  afterAll(() => sandbox.stop());

  const nowSeconds = (): number => Math.floor(sandbox.control.clock.now().getTime() / 1000);
  const FORMAT = 'Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》';

  const spoilings: [string, () => Spoilt, string][] = [
    ['another body was signed', () => ({ signedBody: '{}' }), '签名错误'],
    [
      'the path was signed without its query',
      () => ({ signedPath: '/v3/pay/transactions/jsapi?' }),
      '签名错误',
    ],
    [
      'the timestamp is six minutes old',
      () => ({ timestamp: nowSeconds() - 361 }),
      'Http头Authorization中的timestamp',
    ],
    [
      'the timestamp is six minutes ahead',
      () => ({ timestamp: nowSeconds() + 361 }),
      'Http头Authorization中的timestamp',
    ],
    ['the serial is unknown', () => ({ serial: 'A'.repeat(40) }), '商户证书序列号有误'],
    ['the merchant is unknown', () => ({ mchid: '1900000001' }), '商户证书序列号有误'],
    [
      'there is no Authorization',
      () => ({ headers: { Authorization: undefined } }),
      '签名信息错误，验签失败',
    ],
    ['the scheme is another', () => ({ headers: { Authorization: 'Bearer x' } }), '签名信息错误，验签失败'],
  ];

  test.each(spoilings)(
    '401 SIGN_ERROR, unsigned and without Request-ID, when %s',
    async (_name, spoil, message) => {
      const answer = await merchant.prepay(merchant.order(), spoil());
      expect(answer.status).toBe(401);
      expect(answer.json.code).toBe('SIGN_ERROR');
      expect(answer.json.message).toContain(message);
      expect(Object.keys(answer.headers).filter((name) => /^wechatpay-|^request-id$/.test(name))).toEqual([]);
    },
  );

  test('the clock is judged before the signature', async () => {
    const answer = await merchant.prepay(merchant.order(), {
      timestamp: nowSeconds() - 400,
      signedBody: 'x',
    });
    expect(answer.json.message).toContain('5分钟');
  });

  test('blanks between the pairs of Authorization, or a pair twice, are refused', async () => {
    const spaced = await merchant.call('GET', '/v3/refund/domestic/refunds/NONE', undefined, {
      headers: { Authorization: 'WECHATPAY2-SHA256-RSA2048 mchid="1", nonce_str="2"' },
    });
    expect(spaced).toMatchObject({ status: 401, json: { code: 'SIGN_ERROR', message: FORMAT } });
  });

  test('other endpoints word a missing signature differently and keep the Request-ID', async () => {
    const answer = await send(`${sandbox.payUrl}/v3/refund/domestic/refunds/NONE`, {
      headers: { 'User-Agent': 'x' },
    });
    expect(answer).toMatchObject({ status: 401, json: { code: 'SIGN_ERROR', message: FORMAT } });
    expect(answer.headers['request-id']).toBeDefined();
  });

  test('without User-Agent refunds and certificates answer 400 before any signature check', async () => {
    for (const path of ['/v3/refund/domestic/refunds/NONE', '/v3/certificates']) {
      const answer = await send(`${sandbox.payUrl}${path}`);
      expect(answer).toMatchObject({ status: 400, json: { code: 'INVALID_REQUEST' } });
    }
  });

  test('unknown paths are an empty 404, wrong verbs an empty 405', async () => {
    expect(await send(`${sandbox.payUrl}/v3/nothing`)).toMatchObject({ status: 404, text: '' });
    expect(await send(`${sandbox.payUrl}/v3/pay/transactions/jsapi`)).toMatchObject({
      status: 405,
      text: '',
    });
  });

  test('a merchant with a WeChat Pay public key has no platform certificates', async () => {
    const answer = await merchant.call('GET', '/v3/certificates');
    expect(answer).toMatchObject({ status: 404, json: { code: 'RESOURCE_NOT_EXISTS' } });
  });

  test('successes carry the four signature headers and a Request-ID', async () => {
    const { headers } = await merchant.prepay(merchant.order());
    expect(headers).toMatchObject({
      'wechatpay-serial': sandbox.env.WECHAT_PAY_PUBLIC_KEY_ID,
      'wechatpay-timestamp': expect.stringMatching(/^\d{10}$/),
      'wechatpay-nonce': expect.any(String),
      'wechatpay-signature': expect.any(String),
      'request-id': expect.any(String),
    });
  });

  test('a body must be sent as JSON', async () => {
    const answer = await merchant.prepay(merchant.order(), { headers: { 'Content-Type': 'text/plain' } });
    expect(answer).toMatchObject({ status: 400, json: { code: 'INVALID_REQUEST' } });
  });
});
