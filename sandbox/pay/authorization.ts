import type { Call } from '../listener';
import type { World } from '../world';
import { PayRefusal, TRACE } from './refusal';
import { isSignedBy, requestMessage } from './seal';

/** Endpoints answer a missing signature in two ways; transactions are the terse family. */
export type Family = 'transactions' | 'others';

const SCHEME = 'WECHATPAY2-SHA256-RSA2048 ';
const PAIR = /^(mchid|nonce_str|signature|timestamp|serial_no)="([^"]+)"$/;
const MAX_SKEW_SECONDS = 300;

function unauthorized(message: string): PayRefusal {
  return new PayRefusal(401, 'SIGN_ERROR', message, { trace: TRACE.signature });
}

interface Credentials {
  mchid: string;
  nonce_str: string;
  signature: string;
  timestamp: string;
  serial_no: string;
}

function readCredentials(header: string | undefined): Credentials | undefined {
  if (!header?.startsWith(SCHEME)) return undefined;
  const found: Partial<Record<string, string>> = {};
  for (const part of header.slice(SCHEME.length).split(',')) {
    const [, name, value] = PAIR.exec(part) ?? [];
    if (name === undefined || name in found) return undefined;
    found[name] = value;
  }
  const { mchid, nonce_str, signature, timestamp, serial_no } = found;
  if (!mchid || !nonce_str || !signature || !serial_no || !timestamp || !/^\d{10}$/.test(timestamp))
    return undefined;
  return { mchid, nonce_str, signature, timestamp, serial_no };
}

/**
 * Lets a correctly signed request of this merchant pass (APIv3, request signature). The clock is judged before the
 * signature, as on the live host. Throws 401 SIGN_ERROR, or 400 INVALID_REQUEST without a User-Agent.
 */
export function authorize(world: World, call: Call, family: Family): void {
  if (family === 'others' && !call.headers['user-agent']) {
    throw new PayRefusal(400, 'INVALID_REQUEST', 'Http头缺少Accept或User-Agent');
  }
  const credentials = readCredentials(call.headers.authorization);
  if (!credentials) {
    throw unauthorized(
      family === 'transactions'
        ? '签名信息错误，验签失败'
        : 'Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》',
    );
  }
  const skewSeconds = Math.abs(world.signatureTime() / 1000 - Number(credentials.timestamp));
  if (skewSeconds > MAX_SKEW_SECONDS) {
    throw unauthorized('Http头Authorization中的timestamp与发起请求的时间不得超过5分钟');
  }
  if (
    credentials.mchid !== world.identity.mchId ||
    credentials.serial_no !== world.identity.merchantSerialNo
  ) {
    throw unauthorized('商户证书序列号有误，请使用签名私钥匹配的证书序列号');
  }
  const { timestamp, nonce_str, signature } = credentials;
  const message = requestMessage(call.method, call.target, timestamp, nonce_str, call.body.toString('utf8'));
  if (!isSignedBy(world.identity.merchantPublicKey, message, signature)) throw unauthorized('签名错误');
}
