import { randomUUID } from 'node:crypto';
import { toRfc3339 } from '../beijing-time';
import type { Notification } from '../state';
import type { World } from '../world';
import { answerMessage, encryptResource, newNonce, sign } from './seal';

/** Ways a call to the notify address can differ from an honest one. */
export const VARIANTS = [
  'wrong-signature',
  'missing-signature',
  'wrong-serial',
  'old-timestamp',
  'signtest',
  'altered-body',
  'other-mchid',
  'other-appid',
  'other-amount',
  'other-currency',
  'other-openid',
  'other-order',
  'other-event',
  'no-content',
] as const;

export type Variant = (typeof VARIANTS)[number];

export interface SignedCall {
  headers: Record<string, string>;
  body: string;
}

const SUMMARIES: Record<string, string> = {
  'TRANSACTION.SUCCESS': '支付成功',
  'REFUND.SUCCESS': '退款成功',
  'REFUND.ABNORMAL': '退款异常',
  'REFUND.CLOSED': '退款关闭',
};

/** The JSON envelope of a notification with its content encrypted (APIv3, notifications). */
export function sealEnvelope(
  world: World,
  notification: Pick<Notification, 'id' | 'eventType' | 'createdAt' | 'resource'>,
): string {
  const originalType = notification.eventType.startsWith('REFUND') ? 'refund' : 'transaction';
  return JSON.stringify({
    id: notification.id,
    create_time: toRfc3339(notification.createdAt),
    event_type: notification.eventType,
    resource_type: 'encrypt-resource',
    summary: SUMMARIES[notification.eventType] ?? notification.eventType,
    resource: encryptResource(world.identity.apiV3Key, JSON.stringify(notification.resource), originalType),
  });
}

/** An honest call with this body, signed with a fresh timestamp (sandbox time unless given, ms) and nonce. */
export function signedCall(world: World, body: string, signedAtMs = world.signatureTime()): SignedCall {
  const timestamp = String(Math.floor(signedAtMs / 1000));
  const nonce = newNonce();
  return {
    body,
    headers: {
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(body)),
      'User-Agent': 'Mozilla/4.0',
      Accept: '*/*',
      'Request-ID': randomUUID(),
      'Wechatpay-Timestamp': timestamp,
      'Wechatpay-Nonce': nonce,
      'Wechatpay-Signature': sign(world.identity.platformPrivateKey, answerMessage(timestamp, nonce, body)),
      'Wechatpay-Signature-Type': 'WECHATPAY2-SHA256-RSA2048',
      'Wechatpay-Serial': world.identity.publicKeyId,
    },
  };
}

function oneFenMore([name, value]: [string, unknown]): [string, unknown] {
  return [name, typeof value === 'number' ? value + 1 : value];
}

function forgedResource(
  resource: Notification['resource'],
  variant: Variant,
): Notification['resource'] | undefined {
  const amount: object =
    typeof resource.amount === 'object' && resource.amount !== null ? resource.amount : {};
  switch (variant) {
    case 'other-mchid':
      return { ...resource, mchid: '1900000001' };
    case 'other-appid':
      return { ...resource, appid: 'wx0000000000000000' };
    case 'other-amount':
      return { ...resource, amount: Object.fromEntries(Object.entries(amount).map(oneFenMore)) };
    case 'other-currency':
      return { ...resource, amount: { ...amount, currency: 'USD', payer_currency: 'USD' } };
    case 'other-openid':
      return { ...resource, payer: { openid: 'oSomebodyElse000000000000000' } };
    case 'other-order':
      return { ...resource, out_trade_no: 'NOBODYS-ORDER-0001' };
    case 'no-content':
      return { nothing: 'of use' };
    default:
      return undefined;
  }
}

/**
 * A call that must not be believed. Variants of the content are signed correctly and carry a fresh id, so that no
 * receiver can dismiss them as a repetition; variants of the signature keep body and id.
 */
export function variantCall(world: World, notification: Notification, variant: Variant): SignedCall {
  if (variant === 'other-event')
    return signedCall(
      world,
      sealEnvelope(world, { ...notification, id: randomUUID(), eventType: 'TRANSACTION.UNHEARD_OF' }),
    );
  const resource = forgedResource(notification.resource, variant);
  if (resource)
    return signedCall(world, sealEnvelope(world, { ...notification, id: randomUUID(), resource }));

  const call = signedCall(world, notification.body);
  const signature = call.headers['Wechatpay-Signature'] ?? '';
  switch (variant) {
    case 'wrong-signature':
      call.headers['Wechatpay-Signature'] = sign(world.identity.platformPrivateKey, 'something else');
      return call;
    case 'missing-signature':
      delete call.headers['Wechatpay-Signature'];
      return call;
    case 'wrong-serial':
      call.headers['Wechatpay-Serial'] = `PUB_KEY_ID_${'9'.repeat(34)}`;
      return call;
    case 'old-timestamp':
      return signedCall(world, notification.body, world.signatureTime() - 10 * 60_000);
    case 'signtest':
      call.headers['Wechatpay-Signature'] = `WECHATPAY/SIGNTEST/${signature}`;
      return call;
    default: {
      // One more blank is still the same JSON: only a check of the raw bytes notices.
      const body = notification.body.replace('{', '{ ');
      call.headers['Content-Length'] = String(Buffer.byteLength(body));
      return { headers: call.headers, body };
    }
  }
}
