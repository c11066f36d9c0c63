/** WeChat's server APIs of a mini-program (api.weixin.qq.com). */
import type { z } from 'zod';

import { type OutsideCall, OutcomeUnknownError } from '../http/outside-call';
import {
  errorSchema,
  loginAnswerSchema,
  phoneAnswerSchema,
  tokenAnswerSchema,
} from './mini-program-messages';

const SERVICE = 'WeChat mini-program';

/** The code is not WeChat's, not ours, too old, or was used before; only a new one from the device helps. */
export class CodeRefusedError extends Error {
  constructor(readonly errcode: number) {
    super(`${SERVICE} refused a code (${errcode})`);
    this.name = 'CodeRefusedError';
  }
}

/** WeChat refuses this person: its own risk control blocked the user. */
export class UserRefusedError extends Error {
  constructor(readonly errcode: number) {
    super(`${SERVICE} refused the user (${errcode})`);
    this.name = 'UserRefusedError';
  }
}

/** WeChat is busy, or a quota is used up: the same request may pass later. */
export class MiniProgramBusyError extends Error {
  constructor(readonly errcode: number) {
    super(`${SERVICE} is busy (${errcode})`);
    this.name = 'MiniProgramBusyError';
  }
}

/** WeChat said no for a reason that is ours to fix (app id, secret, address list), or gave an answer nobody can read. */
export class MiniProgramError extends Error {
  constructor(
    readonly errcode: number | undefined,
    message: string,
  ) {
    super(`${SERVICE} answered ${errcode ?? 'something unreadable'}: ${message}`);
    this.name = 'MiniProgramError';
  }
}

const CODE_REFUSED = new Set([40029, 40163, 41008]);
const USER_REFUSED = new Set([40226]);
const BUSY = new Set([-1, 45009, 45011, 44990, 44991]);
/** The access token is not the latest, not valid, or expired. */
const TOKEN_REFUSED = new Set([40001, 40014, 42001]);

/** WeChat rotates five minutes before the end and keeps both tokens good for those. */
const TOKEN_MARGIN_MS = 300_000;

export interface MiniProgramOptions {
  appId: string;
  appSecret: string;
  call: OutsideCall;
  now: () => Date;
}

export interface WechatIdentity {
  openId: string;
  unionId?: string;
}

interface HeldToken {
  value: string;
  goodUntil: number;
}

export class MiniProgram {
  private token: HeldToken | undefined;
  private fetching: Promise<string> | undefined;

  constructor(private readonly options: MiniProgramOptions) {}

  /**
   * Exchanges a code of `wx.login` for who it is. Not repeated on silence: codes are good once.
   * Throws CodeRefusedError, UserRefusedError, MiniProgramBusyError, MiniProgramError and the errors of OutsideCall.
   */
  async exchangeLoginCode(code: string): Promise<WechatIdentity> {
    const query = new URLSearchParams({
      appid: this.options.appId,
      secret: this.options.appSecret,
      js_code: code,
      grant_type: 'authorization_code',
    });
    const answer = await this.send(loginAnswerSchema, 'GET', `/sns/jscode2session?${query.toString()}`);
    return { openId: answer.openid, unionId: answer.unionid };
  }

  /**
   * Exchanges a code of the phone-number button for the number: digits for mainland China, `+<country><digits>` else.
   * With `openId` WeChat also checks whose code it is. Throws like `exchangeLoginCode`.
   */
  async exchangePhoneCode(code: string, openId?: string): Promise<string> {
    const { phone_info } = await this.withToken(phoneAnswerSchema, '/wxa/business/getuserphonenumber', {
      code,
      openid: openId,
    });
    if (phone_info.watermark.appid !== this.options.appId)
      throw new MiniProgramError(undefined, 'a phone number of another app');
    const country = phone_info.countryCode.replace('+', '');
    return country === '86' ? phone_info.purePhoneNumber : `+${country}${phone_info.purePhoneNumber}`;
  }

  /** Posts with the access token; a refused token is dropped and the call made once more with a new one. */
  async withToken<S extends z.ZodType>(
    schema: S,
    path: string,
    body: Record<string, unknown>,
  ): Promise<z.output<S>> {
    const post = async (token: string) =>
      this.send(schema, 'POST', `${path}?access_token=${encodeURIComponent(token)}`, JSON.stringify(body));
    const first = await this.accessToken();
    try {
      return await post(first);
    } catch (error) {
      if (!(error instanceof MiniProgramError) || !TOKEN_REFUSED.has(error.errcode ?? 0)) throw error;
      if (this.token?.value === first) this.token = undefined;
      return post(await this.accessToken());
    }
  }

  /** The process's access token; one fetch at a time, however many ask. */
  private async accessToken(): Promise<string> {
    if (this.token !== undefined && this.options.now().getTime() < this.token.goodUntil)
      return this.token.value;
    this.fetching ??= this.fetchToken().finally(() => {
      this.fetching = undefined;
    });
    return this.fetching;
  }

  private async fetchToken(): Promise<string> {
    const { appId, appSecret, now } = this.options;
    const body = JSON.stringify({ grant_type: 'client_credential', appid: appId, secret: appSecret });
    const askedAt = now().getTime();
    const answer = await this.send(tokenAnswerSchema, 'POST', '/cgi-bin/stable_token', body);
    this.token = {
      value: answer.access_token,
      goodUntil: askedAt + answer.expires_in * 1000 - TOKEN_MARGIN_MS,
    };
    return answer.access_token;
  }

  private async send<S extends z.ZodType>(
    schema: S,
    method: 'GET' | 'POST',
    url: string,
    body?: string,
  ): Promise<z.output<S>> {
    const headers = body === undefined ? undefined : { 'Content-Type': 'application/json' };
    const answer = await this.options.call({ method, url, body, headers });
    if (answer.status >= 500) throw new OutcomeUnknownError(SERVICE, `answered ${answer.status}`);
    // Whatever the content type says: WeChat sends JSON as text/plain.
    const json = parseJson(answer.body);
    const { errcode = 0, errmsg = '' } = errorSchema.safeParse(json).data ?? {};
    if (errcode !== 0) throw toError(errcode, errmsg);
    const parsed = schema.safeParse(json);
    if (!parsed.success) throw new MiniProgramError(undefined, `HTTP ${answer.status}`);
    return parsed.data;
  }
}

function toError(errcode: number, errmsg: string): Error {
  if (CODE_REFUSED.has(errcode)) return new CodeRefusedError(errcode);
  if (USER_REFUSED.has(errcode)) return new UserRefusedError(errcode);
  if (BUSY.has(errcode)) return new MiniProgramBusyError(errcode);
  return new MiniProgramError(errcode, errmsg);
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
