import { settings } from '../../../config/environment';
import { Refusal } from '../../domain/refusal';
import { WechatPay } from './pay-client';

let client: WechatPay | undefined;

/** This process's WeChat Pay client. Throws UPSTREAM_UNAVAILABLE when no merchant is configured. */
export function wechatPay(): WechatPay {
  if (client !== undefined) return client;
  const { wechatPay: pay, wechatLogin } = settings();
  if (pay === undefined || wechatLogin === undefined) {
    throw new Refusal('UPSTREAM_UNAVAILABLE', {
      sentence: { zh: '微信支付尚未配置', en: 'WeChat Pay is not configured' },
    });
  }
  client = new WechatPay(pay, wechatLogin.appId);
  return client;
}
