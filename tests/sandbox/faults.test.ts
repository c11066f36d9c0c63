import { connect } from 'node:net';
import { startSandbox, type Sandbox } from '../../sandbox';
import { Merchant } from './support/merchant';
import { MiniProgram } from './support/mini-program';

describe('scripted faults', () => {
  let sandbox: Sandbox;
  let merchant: Merchant;
  let app: MiniProgram;

  beforeAll(async () => {
    sandbox = await startSandbox();
    merchant = new Merchant(sandbox);
    app = new MiniProgram(sandbox);
  });
  afterAll(() => sandbox.stop());
  beforeEach(() => sandbox.control.reset());

  test('a status hits as often as told, after the skipped ones', async () => {
    sandbox.control.addFault({
      host: 'pay',
      kind: 'status',
      status: 502,
      body: 'bad gateway',
      times: 2,
      skip: 1,
    });
    const statuses = [];
    for (let count = 0; count < 4; count += 1) statuses.push((await merchant.query('UNKNOWN-1')).status);
    expect(statuses).toEqual([404, 502, 502, 404]);
  });

  test('method and path choose the request', async () => {
    sandbox.control.addFault({ host: 'pay', method: 'post', path: '/v3/pay', kind: 'status', status: 500 });
    sandbox.control.addFault({ host: 'pay', path: '^/v3/refund/.*/R\\d$', kind: 'status', status: 503 });
    expect((await merchant.query('UNKNOWN-1')).status).toBe(404);
    expect((await merchant.prepay(merchant.order())).status).toBe(500);
    expect((await merchant.queryRefund('R1')).status).toBe(503);
    expect((await merchant.queryRefund('OTHER')).status).toBe(404);
    sandbox.control.clearFaults();
    expect((await merchant.prepay(merchant.order())).status).toBe(200);
    expect(() => sandbox.control.addFault({ host: 'pay', path: '^(', kind: 'status', status: 500 })).toThrow(
      SyntaxError,
    );
  });

  test('a lost answer has taken effect, a refused connection has not', async () => {
    const [lost, refused] = [merchant.order(), merchant.order()];
    sandbox.control.addFault({ host: 'pay', kind: 'lose-answer', times: 1 });
    await expect(merchant.prepay(lost)).rejects.toThrow();
    sandbox.control.addFault({ host: 'pay', kind: 'refuse-connection', times: 1 });
    await expect(merchant.prepay(refused)).rejects.toThrow();
    expect((await merchant.query(lost.out_trade_no)).json.trade_state).toBe('NOTPAY');
    expect((await merchant.query(refused.out_trade_no)).status).toBe(404);
  });

  test('a business refusal can follow an accepted request', async () => {
    const number = await merchant.paidOrder();
    const amount = { refund: 1, total: 10_000, currency: 'CNY' };
    const fault = {
      host: 'pay',
      kind: 'business',
      status: 429,
      code: 'FREQUENCY_LIMITED',
      times: 1,
    } as const;
    sandbox.control.addFault({ ...fault, processFirst: true });
    const answer = await merchant.refund({ out_trade_no: number, out_refund_no: 'R1', amount });
    expect(answer).toMatchObject({ status: 429, json: { code: 'FREQUENCY_LIMITED' } });
    expect((await merchant.queryRefund('R1')).json.status).toBe('PROCESSING');
  });

  test('the mini-program host answers a scripted errcode with HTTP 200', async () => {
    sandbox.control.addFault({ host: 'api', kind: 'business', errcode: 45011, times: 1 });
    expect(await app.stableToken()).toMatchObject({ status: 200, json: { errcode: 45011 } });
    expect((await app.stableToken()).json.access_token).toBeDefined();
  });

  test('rubbish is signed on the pay host and no JSON on either', async () => {
    sandbox.control.addFault({ host: 'pay', kind: 'rubbish', times: 1 });
    sandbox.control.addFault({ host: 'api', kind: 'rubbish', times: 1 });
    const answer = await merchant.prepay(merchant.order());
    expect(answer).toMatchObject({ status: 200, text: expect.stringContaining('<html>') });
    expect(answer.headers['wechatpay-signature']).toBeDefined();
    expect((await app.stableToken()).text).toContain('<html>');
  });

  test('a delay is felt', async () => {
    sandbox.control.addFault({ host: 'pay', kind: 'delay', ms: 50, times: 1 });
    const started = performance.now();
    await merchant.query('UNKNOWN-1');
    expect(performance.now() - started).toBeGreaterThanOrEqual(45);
  });

  test('answering twice puts two answers on one connection', async () => {
    sandbox.control.addFault({ host: 'pay', kind: 'answer-twice', times: 1 });
    const { hostname, port } = new URL(sandbox.payUrl);
    const seen = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(Number(port), hostname, () => {
        socket.write('GET /v3/certificates HTTP/1.1\r\nHost: x\r\nUser-Agent: x\r\n\r\n');
      });
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
      socket.on('error', reject);
      socket.on('close', () => resolve(text));
    });
    expect(seen.match(/HTTP\/1\.1 401/g)).toHaveLength(2);
  });

  test('every request is remembered with its fault, its secrets masked', async () => {
    sandbox.control.addFault({ host: 'pay', kind: 'lose-answer', times: 1 });
    await merchant.prepay(merchant.order()).catch(() => undefined);
    const { code } = sandbox.control.mintLoginCode();
    const { json } = await app.login(code);
    const token = (await app.stableToken()).json.access_token;
    await app.guarded('/wxa/business/getuserphonenumber', {
      code: sandbox.control.mintPhoneCode({ openid: 'o1', phone: '13912345678' }).code,
    });
    const seen = sandbox.control.requests();
    expect(seen[0]).toMatchObject({ host: 'pay', method: 'POST', status: 0, fault: 'lose-answer' });
    const text = JSON.stringify(seen);
    for (const secret of [app.credentials().secret, code, json.session_key, token, '13912345678']) {
      expect(text).not.toContain(String(secret));
    }
  });
});
