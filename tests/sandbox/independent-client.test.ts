import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { AxiosInstance } from 'axios';
import { Aes, Decorator, Formatter, Rsa } from 'wechatpay-axios-plugin';
import { startSandbox, type Sandbox } from '../../sandbox';
import { startReceiver, type Receiver } from './support/receiver';

/** Drives the sandbox with a client that shares no code with it: a mistake both had would not cancel out. */
describe('the sandbox as an independent WeChat Pay client sees it', () => {
  let sandbox: Sandbox;
  let receiver: Receiver;
  let client: AxiosInstance;
  let openid: string;
  const env = (name: string): string => sandbox.env[name] ?? '';

  beforeAll(async () => {
    sandbox = await startSandbox({ signatureClock: 'machine' });
    receiver = await startReceiver();
    client = Decorator.jsonBased({
      mchid: env('WECHAT_PAY_MCH_ID'),
      serial: env('WECHAT_PAY_SERIAL_NO'),
      privateKey: readFileSync(env('WECHAT_PAY_PRIVATE_KEY_PATH')),
      certs: { [env('WECHAT_PAY_PUBLIC_KEY_ID')]: readFileSync(env('WECHAT_PAY_PUBLIC_KEY_PATH')) },
    });
    client.defaults.baseURL = sandbox.payUrl;
    openid = sandbox.control.mintLoginCode().openid;
  });

  afterAll(async () => {
    await sandbox.stop();
    await receiver.close();
  });

  async function prepay(outTradeNo: string): Promise<string> {
    const answer = await client.post<{ prepay_id: string }>('/v3/pay/transactions/jsapi', {
      appid: env('WECHAT_APP_ID'),
      mchid: env('WECHAT_PAY_MCH_ID'),
      description: '滚筒洗衣机',
      out_trade_no: outTradeNo,
      notify_url: receiver.url,
      amount: { total: 259_900, currency: 'CNY' },
      payer: { openid },
    });
    return answer.data.prepay_id;
  }

  function paramsFor(prepayId: string): Record<string, string> {
    const [timeStamp, nonceStr] = [String(Formatter.timestamp()), Formatter.nonce()];
    const pack = `prepay_id=${prepayId}`;
    const message = Formatter.joinedByLineFeed(env('WECHAT_APP_ID'), timeStamp, nonceStr, pack);
    const paySign = Rsa.sign(
      message,
      Rsa.from(readFileSync(env('WECHAT_PAY_PRIVATE_KEY_PATH'), 'utf8'), 'private'),
    );
    return { timeStamp, nonceStr, package: pack, signType: 'RSA', paySign };
  }

  function openLastNotification(): Record<string, unknown> {
    const { headers, body } = receiver.received.at(-1) ?? { headers: {}, body: '' };
    const header = (name: string): string => String(headers[name]);
    const key = Rsa.from(readFileSync(env('WECHAT_PAY_PUBLIC_KEY_PATH'), 'utf8'), Rsa.KEY_TYPE_PUBLIC);
    const message = Formatter.response(header('wechatpay-timestamp'), header('wechatpay-nonce'), body);
    expect(header('wechatpay-serial')).toBe(env('WECHAT_PAY_PUBLIC_KEY_ID'));
    expect(Rsa.verify(message, header('wechatpay-signature'), key)).toBe(true);
    const { resource } = JSON.parse(body) as {
      resource: Record<'ciphertext' | 'nonce' | 'associated_data', string>;
    };
    const plain = Aes.AesGcm.decrypt(
      resource.ciphertext,
      env('WECHAT_PAY_API_V3_KEY'),
      resource.nonce,
      resource.associated_data,
    );
    return JSON.parse(plain) as Record<string, unknown>;
  }

  const pathOf = (outTradeNo: string): string => `/v3/pay/transactions/out-trade-no/${outTradeNo}`;
  const queryOf = (outTradeNo: string): string => `${pathOf(outTradeNo)}?mchid=${env('WECHAT_PAY_MCH_ID')}`;

  test('prepay, pay, notification and query agree', async () => {
    const prepayId = await prepay('INDEPENDENT-1');
    expect((await client.get(queryOf('INDEPENDENT-1'))).data).toMatchObject({ trade_state: 'NOTPAY' });

    const paid = sandbox.control.pay({ payParams: paramsFor(prepayId), openid });
    expect(paid).toMatchObject({ errMsg: 'requestPayment:ok', paid: true });
    await sandbox.control.idle();

    const notified = openLastNotification();
    expect(notified).toMatchObject({
      out_trade_no: 'INDEPENDENT-1',
      trade_state: 'SUCCESS',
      amount: { total: 259_900 },
      payer: { openid },
    });
    const byId = `/v3/pay/transactions/id/${String(paid.transactionId)}?mchid=${env('WECHAT_PAY_MCH_ID')}`;
    expect((await client.get(queryOf('INDEPENDENT-1'))).data).toEqual(notified);
    expect((await client.get(byId)).data).toEqual(notified);
  });

  test('close answers a signed empty 204', async () => {
    await prepay('INDEPENDENT-2');
    const answer = await client.post(`${pathOf('INDEPENDENT-2')}/close`, { mchid: env('WECHAT_PAY_MCH_ID') });
    expect(answer.status).toBe(204);
    expect((await client.get(queryOf('INDEPENDENT-2'))).data).toMatchObject({ trade_state: 'CLOSED' });
  });

  test('a refund is accepted, arrives, and is announced', async () => {
    await prepay('INDEPENDENT-3');
    sandbox.control.payByNumber('INDEPENDENT-3');
    const accepted = await client.post('/v3/refund/domestic/refunds', {
      out_trade_no: 'INDEPENDENT-3',
      out_refund_no: 'REFUND-3',
      notify_url: receiver.url,
      amount: { refund: 100, total: 259_900, currency: 'CNY' },
    });
    expect(accepted.data).toMatchObject({ status: 'PROCESSING' });
    await sandbox.control.clock.advance(5_000);
    expect((await client.get('/v3/refund/domestic/refunds/REFUND-3')).data).toMatchObject({
      status: 'SUCCESS',
    });
    expect(openLastNotification()).toMatchObject({ out_refund_no: 'REFUND-3', refund_status: 'SUCCESS' });
  });

  test('a refusal arrives unsigned with its code', async () => {
    const missing = client.get(queryOf('INDEPENDENT-0'));
    await expect(missing).rejects.toMatchObject({
      response: { status: 404, data: { code: 'ORDER_NOT_EXIST' } },
    });
  });

  test('its verifier notices a wrong signature and a missing one', async () => {
    await prepay('INDEPENDENT-4');
    sandbox.control.addFault({ host: 'pay', kind: 'wrong-signature', times: 1 });
    await expect(client.get(queryOf('INDEPENDENT-4'))).rejects.toMatchObject({
      code: 'EV3_RES_HEADER_SIGNATURE_DIGEST',
    });
    sandbox.control.addFault({ host: 'pay', kind: 'unsigned', times: 1 });
    await expect(client.get(queryOf('INDEPENDENT-4'))).rejects.toMatchObject({
      code: 'EV3_RES_HEADERS_INCOMPLATE',
    });
  });

  test('its reader understands the bill', async () => {
    await prepay('INDEPENDENT-5');
    sandbox.control.payByNumber('INDEPENDENT-5', { notify: 'hold' });
    const day = new Date(sandbox.control.clock.now().getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
    await sandbox.control.clock.set(new Date(Date.parse(`${day}T12:00:00+08:00`) + 86_400_000).toISOString());
    const order = await client.get<Record<string, string>>(
      `/v3/bill/tradebill?bill_date=${day}&bill_type=ALL&tar_type=GZIP`,
    );
    const address = new URL(order.data.download_url ?? '');
    const file = await client.get<ArrayBuffer>(address.pathname, {
      params: Object.fromEntries(address.searchParams),
      responseType: 'arraybuffer',
    });
    const plain = gunzipSync(Buffer.from(file.data));
    expect(createHash('sha1').update(plain).digest('hex')).toBe(order.data.hash_value);
    const { rows } = Formatter.castCsvBill(plain) as unknown as { rows: Record<string, string>[] };
    const row = rows.find((candidate) => candidate['商户订单号'] === 'INDEPENDENT-5');
    expect(row).toMatchObject({ 交易状态: 'SUCCESS', 订单金额: '2599.00', 用户标识: openid });
  });
});
