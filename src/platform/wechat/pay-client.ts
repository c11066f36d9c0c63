/** WeChat Pay APIv3 for a direct merchant, JSAPI (mini-program) payments. */
import type { IncomingHttpHeaders } from 'node:http';

import type { z } from 'zod';

import type { WechatPaySettings } from '../../../config/environment';
import { clock } from '../clock';
import {
  createOutsideCall,
  type OutsideAnswer,
  type OutsideCall,
  OutcomeUnknownError,
} from '../http/outside-call';
import {
  createNonce,
  decryptResource,
  isAuthentic,
  readPrivateKey,
  readPublicKey,
  signLines,
} from './pay-crypto';
import { NotificationRejected, WechatPayError } from './pay-errors';
import {
  errorAnswerSchema,
  noticeSchema,
  prepayAnswerSchema,
  refundNoticeSchema,
  refundSchema,
  transactionSchema,
  type WechatRefund,
  type WechatTransaction,
} from './pay-messages';

export { NotificationRejected, WechatPayError } from './pay-errors';

const SERVICE = 'WeChat Pay';
const SCHEME = 'WECHATPAY2-SHA256-RSA2048';

/** What `wx.requestPayment` takes. */
export interface PayParams {
  timeStamp: string;
  nonceStr: string;
  package: string;
  signType: 'RSA';
  paySign: string;
}

export interface OpenedNotice {
  id: string;
  eventType: string;
  plaintext: unknown;
}

/** After these the outcome is open: WeChat asks to repeat the same call with the same number (429 may be accepted). */
const UNSETTLED_STATUSES = new Set([202, 429, 500, 502, 503, 504]);

export class WechatPay {
  private readonly privateKey;
  private readonly platformKeys;
  private readonly call: OutsideCall;

  constructor(
    private readonly settings: WechatPaySettings,
    private readonly appId: string,
    call?: OutsideCall,
  ) {
    this.privateKey = readPrivateKey(settings.privateKeyPem);
    // By serial, because during a change of keys both are in use; an unknown serial is refused.
    this.platformKeys = new Map([[settings.publicKeyId, readPublicKey(settings.publicKeyPem)]]);
    this.call = call ?? createOutsideCall({ service: SERVICE, baseUrl: settings.baseUrl });
  }

  get mchId(): string {
    return this.settings.mchId;
  }

  get appIdentifier(): string {
    return this.appId;
  }

  /** Asks for a prepay id. The same number with the same bytes may be asked again and again. */
  async prepay(body: string): Promise<string> {
    const answer = await this.send('POST', '/v3/pay/transactions/jsapi', body);
    return this.read(prepayAnswerSchema, answer).prepay_id;
  }

  /** Signs what the mini-program needs to open the payment. At the moment of use: prepay ids live two hours. */
  payParams(prepayId: string): PayParams {
    const timeStamp = String(Math.floor(clock.now().getTime() / 1000));
    const nonceStr = createNonce();
    const packageText = `prepay_id=${prepayId}`;
    const paySign = signLines([this.appId, timeStamp, nonceStr, packageText], this.privateKey);
    return { timeStamp, nonceStr, package: packageText, signType: 'RSA', paySign };
  }

  /** The payment as WeChat has it, or undefined when WeChat has never heard of the number. */
  async findTransaction(outTradeNo: string): Promise<WechatTransaction | undefined> {
    const path = `/v3/pay/transactions/out-trade-no/${outTradeNo}?mchid=${this.settings.mchId}`;
    return this.find(transactionSchema, path, 'ORDER_NOT_EXIST');
  }

  /** Makes a number unpayable. Repeatable. Throws WechatPayError when it was paid. */
  async close(outTradeNo: string): Promise<void> {
    const body = JSON.stringify({ mchid: this.settings.mchId });
    await this.send('POST', `/v3/pay/transactions/out-trade-no/${outTradeNo}/close`, body);
  }

  /** Asks for a refund; accepted is not refunded. The same number with the same bytes is one refund. */
  async refund(body: string): Promise<WechatRefund> {
    return this.read(refundSchema, await this.send('POST', '/v3/refund/domestic/refunds', body));
  }

  /** The refund as WeChat has it, or undefined when it was never accepted. */
  async findRefund(outRefundNo: string): Promise<WechatRefund | undefined> {
    return this.find(refundSchema, `/v3/refund/domestic/refunds/${outRefundNo}`, 'RESOURCE_NOT_EXISTS');
  }

  /** Verifies and decrypts a notification over its exact bytes. Throws NotificationRejected. */
  openNotice(headers: IncomingHttpHeaders, rawBody: Buffer): OpenedNotice {
    const header = (name: string): string => {
      const value = headers[`wechatpay-${name}`];
      return typeof value === 'string' ? value : '';
    };
    const key = this.platformKeys.get(header('serial'));
    if (key === undefined) throw new NotificationRejected('unknown serial');
    const signed = {
      timestamp: header('timestamp'),
      nonce: header('nonce'),
      signature: header('signature'),
      body: rawBody,
    };
    if (!isAuthentic(signed, key, clock.now().getTime()))
      throw new NotificationRejected('signature or time does not fit');
    const notice = noticeSchema.safeParse(parseJson(rawBody));
    if (!notice.success) throw new NotificationRejected('not a notification');
    try {
      const plaintext = parseJson(Buffer.from(decryptResource(notice.data.resource, this.settings.apiV3Key)));
      return { id: notice.data.id, eventType: notice.data.event_type, plaintext };
    } catch {
      throw new NotificationRejected('cannot be decrypted with this APIv3 key');
    }
  }

  /** The payment in an opened notification, or undefined when it describes none. */
  readTransaction(plaintext: unknown): WechatTransaction | undefined {
    return transactionSchema.safeParse(plaintext).data;
  }

  /** The refund in an opened notification, with its merchant number, or undefined when it describes none. */
  readRefund(plaintext: unknown): (WechatRefund & { mchid: string }) | undefined {
    return refundNoticeSchema.safeParse(plaintext).data;
  }

  /** Asks what `path` answers, signed by WeChat and of the shape of `schema`. Throws WechatPayError when refused. */
  async ask<S extends z.ZodType>(schema: S, path: string): Promise<z.output<S>> {
    return this.read(schema, await this.send('GET', path));
  }

  private async find<S extends z.ZodType>(
    schema: S,
    path: string,
    missing: string,
  ): Promise<z.output<S> | undefined> {
    try {
      return await this.ask(schema, path);
    } catch (error) {
      // Any other 404 (a proxy's, a wrong path's) says nothing about the number.
      if (error instanceof WechatPayError && error.code === missing) return undefined;
      throw error;
    }
  }

  /** The `Authorization` of one request, good for five minutes; for files, which are fetched elsewhere. */
  authorization(method: string, path: string, body = ''): string {
    const timestamp = String(Math.floor(clock.now().getTime() / 1000));
    const nonce = createNonce();
    const signature = signLines([method, path, timestamp, nonce, body], this.privateKey);
    const parts = {
      mchid: this.settings.mchId,
      nonce_str: nonce,
      signature,
      timestamp,
      serial_no: this.settings.serialNo,
    };
    return `${SCHEME} ${Object.entries(parts)
      .map(([name, value]) => `${name}="${value}"`)
      .join(',')}`;
  }

  private async send(method: 'GET' | 'POST', path: string, body = ''): Promise<OutsideAnswer> {
    const answer = await this.call({
      method,
      url: path,
      body: body === '' ? undefined : body,
      headers: {
        Accept: 'application/json',
        'User-Agent': 'haier-mini-shop',
        // Tells WeChat which of its keys to sign the answer with.
        'Wechatpay-Serial': this.settings.publicKeyId,
        Authorization: this.authorization(method, path, body),
        ...(body === '' ? {} : { 'Content-Type': 'application/json' }),
      },
    });
    if (answer.status >= 200 && answer.status < 300 && answer.status !== 202) {
      this.verifyAnswer(answer);
      return answer;
    }
    const parsed = errorAnswerSchema.safeParse(parseJson(answer.body));
    const code = parsed.data?.code ?? 'UNREADABLE';
    if (UNSETTLED_STATUSES.has(answer.status)) {
      throw new OutcomeUnknownError(SERVICE, `answered ${answer.status} ${code}`);
    }
    throw new WechatPayError(answer.status, code, parsed.data?.message ?? '');
  }

  /** An answer nobody signed may come from anyone on the way; what really happened is then unknown. */
  private verifyAnswer({ headers, body }: OutsideAnswer): void {
    const key = this.platformKeys.get(headers['wechatpay-serial'] ?? '');
    const signed = {
      timestamp: headers['wechatpay-timestamp'] ?? '',
      nonce: headers['wechatpay-nonce'] ?? '',
      signature: headers['wechatpay-signature'] ?? '',
      body,
    };
    if (key === undefined || !isAuthentic(signed, key, clock.now().getTime())) {
      throw new OutcomeUnknownError(SERVICE, 'the answer is not signed by WeChat');
    }
  }

  private read<S extends z.ZodType>(schema: S, answer: OutsideAnswer): z.output<S> {
    const parsed = schema.safeParse(parseJson(answer.body));
    if (!parsed.success) throw new OutcomeUnknownError(SERVICE, 'the answer cannot be read');
    return parsed.data;
  }
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
