import type { Core } from '@strapi/strapi';

import { readFields, readBeijingTime, readMessage, writeBeijingTime } from '../domain/callback-message';
import { type CallbackFields, isSameText, isSignedWith } from '../domain/callback-signature';
import type { HaierIntegrationSettings } from '../domain/settings';
import { getService } from '../plugin-services';
import { type CallbackDelivery, type CallbackOutcome, connectedPorts } from '../ports';

/** A call-back as it came: its bytes, and the form they are where somebody has read it already. */
export interface IncomingCallback {
  /** As much of the body as there is; all of it unless `isOversized`. */
  rawBody: string;
  isOversized?: boolean;
  form?: Record<string, unknown>;
}

/**
 * Why a call-back was not taken.
 * - `try_again`: the trouble is ours and may be over soon: send the same again. `not_configured`: so is this, until the shop has
 *   set the secret.
 * - `expired`: signed too long ago, or in the future: sign it anew. All others: never send it again.
 */
export type RefusalCode =
  | 'try_again'
  | 'not_configured'
  | 'expired'
  | 'bad_request'
  | 'too_large'
  | 'bad_app_key'
  | 'bad_signature'
  | 'bad_data'
  | 'unknown_order';

/** Answered with HTTP 200, as the contract wants it (section 3). */
export interface CallbackAnswer {
  success: boolean;
  code: 'success' | RefusalCode;
  description: string;
  timeStamp: string;
  data: { statusCode: '200'; message: string; platformOrderNo: string } | Record<string, never>;
}

export interface CallbackService {
  /** Checks a call-back and lets it have its effect, once. Never throws: whatever happens has an answer. */
  take(incoming: IncomingCallback): Promise<CallbackAnswer>;
}

const DESCRIPTIONS: Readonly<Record<RefusalCode, string>> = {
  try_again: '处理失败，请稍后重新推送',
  not_configured: '尚未配置回调密钥，请稍后重新推送',
  expired: '时间戳超出允许范围，请重新签名后推送',
  bad_request: '请求格式有误，请勿重复推送',
  too_large: '请求内容过大，请勿重复推送',
  bad_app_key: 'AppKey 有误，请勿重复推送',
  bad_signature: '签名有误，请勿重复推送',
  bad_data: 'Method 或 Data 有误，请勿重复推送',
  unknown_order: '没有该订单，请勿重复推送',
};

const MESSAGES: Readonly<Record<Exclude<CallbackOutcome, 'unknown_order'>, string>> = {
  applied: '处理成功',
  repeated: '已处理过',
  ignored: '已收到，订单状态无需变更',
};

const currentTime = (): Date => connectedPorts().now?.() ?? new Date();
const now = (): string => writeBeijingTime(currentTime());

const refuse = (code: RefusalCode): CallbackAnswer => ({
  success: false,
  code,
  description: DESCRIPTIONS[code],
  timeStamp: now(),
  data: {},
});

const accept = (
  outcome: Exclude<CallbackOutcome, 'unknown_order'>,
  platformOrderNo: string,
): CallbackAnswer => ({
  success: true,
  code: 'success',
  description: MESSAGES[outcome],
  timeStamp: now(),
  data: { statusCode: '200', message: MESSAGES[outcome], platformOrderNo },
});

/** A refusal, and what the trace of it says; never the signature that would have been right. */
interface Rejected {
  code: RefusalCode;
  reason: string;
}

const reject = (code: RefusalCode, reason: string): Rejected => ({ code, reason });
const isRejected = (result: Rejected | CallbackFields | Date | CallbackDelivery): result is Rejected =>
  'reason' in result && 'code' in result;

function readForm({ rawBody, isOversized, form }: IncomingCallback): CallbackFields | Rejected {
  if (isOversized === true) return reject('too_large', 'larger than a call-back');
  const fields = readFields(form === undefined ? new URLSearchParams(rawBody) : Object.entries(form));
  return fields ?? reject('bad_request', 'not the form of a call-back');
}

/** Who says it, and when: undefined when both are right. */
function checkSender(
  fields: CallbackFields,
  { appKey, secret, maxSkewSeconds }: HaierIntegrationSettings['callback'],
): Rejected | Date {
  if (secret === '') return reject('not_configured', 'no secret is configured');
  if (appKey !== '' && !isSameText(fields.AppKey ?? '', appKey))
    return reject('bad_app_key', 'another AppKey');
  if (!isSignedWith(fields, secret)) return reject('bad_signature', 'a wrong signature');
  const sentAt = readBeijingTime(fields.TimeStamp ?? '');
  if (sentAt === undefined) return reject('bad_request', 'TimeStamp is no time');
  const skewMs = Math.abs(currentTime().getTime() - sentAt.getTime());
  return skewMs > maxSkewSeconds * 1_000 ? reject('expired', 'signed too long ago or in the future') : sentAt;
}

export default function createCallbacks({ strapi }: { strapi: Core.Strapi }): CallbackService {
  async function judge(incoming: IncomingCallback): Promise<CallbackDelivery | Rejected> {
    const { callback } = await getService('settings').read();
    const fields = readForm(incoming);
    if (isRejected(fields)) return fields;
    const sentAt = checkSender(fields, callback);
    if (isRejected(sentAt)) return sentAt;
    const message = readMessage(fields);
    if (message.kind === 'unreadable') return reject('bad_data', message.reason);
    return { ...message.delivery, sentAt, rawBody: incoming.rawBody };
  }

  async function note(incoming: IncomingCallback, { code, reason }: Rejected): Promise<CallbackAnswer> {
    strapi.log.warn(`haier-integration: a call-back was refused: ${reason}`);
    await connectedPorts().orders?.recordRejected({ rawBody: incoming.rawBody, reason });
    return refuse(code);
  }

  async function take(incoming: IncomingCallback): Promise<CallbackAnswer> {
    const judged = await judge(incoming);
    if (isRejected(judged)) return note(incoming, judged);
    const { orders } = connectedPorts();
    if (orders === undefined) {
      strapi.log.error('haier-integration: a call-back came, and no shop is connected');
      return refuse('try_again');
    }
    const outcome = await orders.receive(judged);
    return outcome === 'unknown_order' ? refuse('unknown_order') : accept(outcome, judged.orderNumber);
  }

  return {
    async take(incoming) {
      try {
        return await take(incoming);
      } catch (error) {
        strapi.log.error('haier-integration: a call-back could not be worked', { error });
        return refuse('try_again');
      }
    },
  };
}
