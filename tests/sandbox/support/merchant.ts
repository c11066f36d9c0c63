import { createSign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { Sandbox } from '../../../sandbox';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  raw: Buffer;
  json: Record<string, unknown>;
}

/** What a test may spoil in an otherwise correct request. */
export interface Spoilt {
  headers?: Record<string, string | undefined>;
  timestamp?: number;
  mchid?: string;
  serial?: string;
  /** Sign this body instead of the one sent. */
  signedBody?: string;
  signedPath?: string;
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Sends one HTTP request exactly as told: no header is added but Host and Connection. Rejects when it is cut. */
export function send(
  url: string,
  options: { method?: string; headers?: Record<string, string | undefined>; body?: string | Buffer } = {},
): Promise<Answer> {
  const headers = Object.fromEntries(
    Object.entries(options.headers ?? {}).filter(([, value]) => value !== undefined),
  );
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: options.method ?? 'GET', headers, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const raw = Buffer.concat(chunks);
        const text = raw.toString('utf8');
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          text,
          raw,
          json: parse(text),
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(options.body);
  });
}

/** A merchant that signs by hand, so that every part of a request can be spoilt. */
export class Merchant {
  readonly appid: string;
  readonly mchid: string;
  private readonly key: string;
  private numbers = 0;

  constructor(private readonly sandbox: Sandbox) {
    this.appid = sandbox.env.WECHAT_APP_ID ?? '';
    this.mchid = sandbox.env.WECHAT_PAY_MCH_ID ?? '';
    this.key = readFileSync(sandbox.env.WECHAT_PAY_PRIVATE_KEY_PATH ?? '', 'utf8');
  }

  sign(message: string): string {
    return createSign('RSA-SHA256').update(message).sign(this.key, 'base64');
  }

  /** A body given as an object is printed; a string goes as it is. */
  call(method: string, path: string, body?: object | string, spoilt: Spoilt = {}): Promise<Answer> {
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
    const timestamp = spoilt.timestamp ?? Math.floor(this.sandbox.control.clock.now().getTime() / 1000);
    const nonce = 'TESTNONCE0123456789';
    const message = `${method}\n${spoilt.signedPath ?? path}\n${timestamp}\n${nonce}\n${spoilt.signedBody ?? text}\n`;
    const pairs = [
      `mchid="${spoilt.mchid ?? this.mchid}"`,
      `nonce_str="${nonce}"`,
      `signature="${this.sign(message)}"`,
      `timestamp="${timestamp}"`,
      `serial_no="${spoilt.serial ?? this.sandbox.env.WECHAT_PAY_SERIAL_NO}"`,
    ];
    return send(`${this.sandbox.payUrl}${path}`, {
      method,
      body: text,
      headers: {
        Accept: 'application/json',
        'User-Agent': 'shop-test',
        ...(text !== '' && {
          'Content-Type': 'application/json',
          'Content-Length': String(Buffer.byteLength(text)),
        }),
        Authorization: `WECHATPAY2-SHA256-RSA2048 ${pairs.join(',')}`,
        ...spoilt.headers,
      },
    });
  }

  /** A complete prepay body; `changes` replace or add fields. */
  order(changes: Record<string, unknown> = {}): Record<string, unknown> & { out_trade_no: string } {
    this.numbers += 1;
    return {
      appid: this.appid,
      mchid: this.mchid,
      description: '冰箱 BCD-501',
      out_trade_no: `TEST-${String(this.numbers).padStart(8, '0')}`,
      notify_url: 'http://127.0.0.1:9/notify',
      amount: { total: 10_000, currency: 'CNY' },
      payer: { openid: this.sandbox.control.mintLoginCode({ openid: 'oTestShopper' }).openid },
      ...changes,
    };
  }

  prepay(body: object, spoilt?: Spoilt): Promise<Answer> {
    return this.call('POST', '/v3/pay/transactions/jsapi', body, spoilt);
  }

  query(outTradeNo: string): Promise<Answer> {
    return this.call('GET', `/v3/pay/transactions/out-trade-no/${outTradeNo}?mchid=${this.mchid}`);
  }

  close(outTradeNo: string): Promise<Answer> {
    return this.call('POST', `/v3/pay/transactions/out-trade-no/${outTradeNo}/close`, { mchid: this.mchid });
  }

  refund(body: object): Promise<Answer> {
    return this.call('POST', '/v3/refund/domestic/refunds', body);
  }

  queryRefund(outRefundNo: string): Promise<Answer> {
    return this.call('GET', `/v3/refund/domestic/refunds/${outRefundNo}`);
  }

  /** Opens and pays an order without telling the shop; answers its number. */
  async paidOrder(changes: Record<string, unknown> = {}): Promise<string> {
    const body = this.order(changes);
    const answer = await this.prepay(body);
    if (answer.status !== 200) throw new Error(`prepay failed: ${answer.text}`);
    this.sandbox.control.payByNumber(body.out_trade_no, { notify: 'hold' });
    return body.out_trade_no;
  }

  /** What a shop hands to wx.requestPayment. */
  payParams(prepayId: string): Record<'timeStamp' | 'nonceStr' | 'package' | 'signType' | 'paySign', string> {
    const timeStamp = String(Math.floor(this.sandbox.control.clock.now().getTime() / 1000));
    const nonceStr = 'PAYNONCE';
    const pack = `prepay_id=${prepayId}`;
    const paySign = this.sign(`${this.appid}\n${timeStamp}\n${nonceStr}\n${pack}\n`);
    return { timeStamp, nonceStr, package: pack, signType: 'RSA', paySign };
  }
}
