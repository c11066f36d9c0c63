import { settings, type WechatLoginSettings } from '../../../config/environment';
import { Refusal } from '../../domain/refusal';
import { clock } from '../clock';
import { createOutsideCall, OutcomeUnknownError, ServiceUnavailableError } from '../http/outside-call';
import {
  CodeRefusedError,
  MiniProgram,
  MiniProgramBusyError,
  MiniProgramError,
  UserRefusedError,
} from './mini-program-client';
import { ShippingInformation } from './shipping-client';

let current: { login: WechatLoginSettings; client: MiniProgram; shipping: ShippingInformation } | undefined;

/** True when an app is configured. */
export const hasMiniProgram = (): boolean => settings().wechatLogin !== undefined;

function clients() {
  const login = settings().wechatLogin;
  if (login === undefined) {
    throw new Refusal('UPSTREAM_UNAVAILABLE', {
      sentence: { zh: '微信登录尚未配置', en: 'WeChat sign-in is not configured' },
    });
  }
  if (current?.login !== login) {
    const { appId, appSecret, baseUrl } = login;
    const connect = (service: string) =>
      new MiniProgram({
        appId,
        appSecret,
        call: createOutsideCall({ service, baseUrl }),
        now: () => clock.now(),
      });
    // A door of its own: work in the background that keeps failing must not shut the one shoppers sign in through.
    const app = connect('WeChat shipping information');
    current = {
      login,
      client: connect('WeChat mini-program'),
      shipping: new ShippingInformation({ app, now: () => clock.now() }),
    };
  }
  return current;
}

/** This process's client of the mini-program APIs. Throws UPSTREAM_UNAVAILABLE when no app is configured. */
export const miniProgram = (): MiniProgram => clients().client;

/** This process's client of the order shipping information. Throws like `miniProgram`. */
export const shippingInformation = (): ShippingInformation => clients().shipping;

/**
 * What a failed call of the mini-program APIs is to the shopper: INVALID_CREDENTIALS for a bad code, FORBIDDEN for a
 * person WeChat refuses, UPSTREAM_UNAVAILABLE when trying later may help, UPSTREAM_FAILED else. Other errors come back
 * as they are.
 */
export function toMiniProgramRefusal(error: unknown): unknown {
  if (error instanceof CodeRefusedError) {
    return new Refusal('INVALID_CREDENTIALS', {
      sentence: {
        zh: '微信授权码无效或已过期，请重试',
        en: 'The WeChat code is not valid any more, please try again',
      },
    });
  }
  if (error instanceof UserRefusedError) {
    return new Refusal('FORBIDDEN', {
      sentence: { zh: '微信限制了该账号的登录', en: 'WeChat does not let this account sign in' },
    });
  }
  if (
    error instanceof MiniProgramBusyError ||
    error instanceof OutcomeUnknownError ||
    error instanceof ServiceUnavailableError
  ) {
    return new Refusal('UPSTREAM_UNAVAILABLE');
  }
  if (error instanceof MiniProgramError) {
    strapi.log.error(error.message);
    return new Refusal('UPSTREAM_FAILED');
  }
  return error;
}
