import { startSandbox, type Sandbox } from '../../sandbox';
import { Merchant, send, type Answer } from './support/merchant';

describe('the control server', () => {
  let sandbox: Sandbox;
  let merchant: Merchant;

  beforeAll(async () => {
    sandbox = await startSandbox();
    merchant = new Merchant(sandbox);
  });
  afterAll(() => sandbox.stop());
  beforeEach(() => sandbox.control.reset());

  function post(path: string, body: object, headers: Record<string, string> = {}): Promise<Answer> {
    return send(`${sandbox.controlUrl}/control${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }
  const get = (path: string, headers: Record<string, string> = {}) =>
    send(`${sandbox.controlUrl}${path}`, { headers });

  test('offers over HTTP what it offers in process', async () => {
    const { openid } = (await post('/login-codes', {})).json;
    const order = merchant.order({ payer: { openid } });
    const { prepay_id } = (await merchant.prepay(order)).json;
    const payParams = merchant.payParams(String(prepay_id));
    const paid = await post('/pay', { payParams, openid, notify: 'hold' });
    expect(paid.json).toMatchObject({ errMsg: 'requestPayment:ok', outTradeNo: order.out_trade_no });
    const listed = (await get('/control/notifications')).json as unknown as { id: string }[];
    expect(listed).toMatchObject([{ id: paid.json.notificationId, held: true }]);
    expect((await post('/notifications/copies', { id: listed[0]?.id, count: 2 })).json).toHaveLength(2);
    expect((await post('/notifications/send', { id: listed[0]?.id, variant: 'signtest' })).status).toBe(200);
    expect((await post('/refunds/script', { outcome: 'ABNORMAL' })).status).toBe(200);
    expect((await post('/faults', { host: 'pay', kind: 'status', status: 500 })).json).toMatchObject({
      id: expect.any(String),
    });
    expect((await get('/control/state')).json).toMatchObject({
      transactions: [{ state: 'SUCCESS' }],
      faults: [{ status: 500 }],
    });
    await post('/reset', {});
    expect((await get('/control/state')).json).toMatchObject({
      transactions: [],
      faults: [],
      clockOffsetMs: expect.any(Number),
    });
  });

  test('moves and tells the time', async () => {
    await post('/clock/set', { iso: '2031-01-01T00:00:00+08:00' });
    await post('/clock/advance', { ms: 60_000 });
    const { now } = (await get('/control/clock')).json;
    expect(Math.abs(Date.parse(String(now)) - Date.parse('2031-01-01T00:01:00+08:00'))).toBeLessThan(5_000);
    expect((await post('/clock/advance', { ms: -1 })).status).toBe(400);
    expect((await post('/clock/set', { iso: 'tomorrow' })).status).toBe(400);
  });

  test('refuses names that merely resolve to loopback, foreign pages, and other content types', async () => {
    expect((await get('/control/state', { Host: 'evil.example' })).status).toBe(403);
    expect((await get('/', { Host: '127.0.0.1.evil.example:80' })).status).toBe(403);
    expect((await get('/control/state', { Host: 'localhost:1' })).status).toBe(200);
    expect((await post('/reset', {}, { Origin: 'https://evil.example' })).status).toBe(403);
    expect((await post('/reset', {}, { 'Content-Type': 'text/plain' })).status).toBe(415);
  });

  test('refuses unknown operations and bad input with a reason', async () => {
    expect((await post('/nothing', {})).status).toBe(404);
    expect((await get('/control/reset')).status).toBe(404);
    expect(await post('/phone-codes', { openid: 'o' })).toMatchObject({
      status: 400,
      json: { error: expect.stringContaining('phone') },
    });
    expect((await post('/pay-by-number', { outTradeNo: 'NONE' })).json).toEqual({ error: 'no order NONE' });
  });

  test('the page escapes what callers sent, in both languages, and loads nothing', async () => {
    await merchant.prepay(merchant.order({ description: '<script>alert("x")</script>' }));
    const english = await get('/?lang=en');
    expect(english.text).toContain('WeChat, Haier and YLH sandbox');
    expect((await get('/', { 'Accept-Language': 'zh-CN' })).text).toContain('微信沙箱');
    expect(english.text).not.toContain('<script>alert');
    expect(english.text).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;');
    expect(english.text).not.toMatch(/\s(src|href)="(https?:)?\/\//);
    expect(english.headers['content-security-policy']).toContain("default-src 'none'");
  });
});
