/** When WeChat refuses our requests as such: nothing is concluded from it, and staff learn of it once. */
import { Refusal } from '../../../domain/refusal';
import { clock } from '../../../platform/clock';
import { inTransaction, oneProcessAtATime, query, type Tx } from '../../../platform/database';
import { isNoAnswer, WechatPayError } from '../../../platform/wechat/pay-errors';
import { type Notice, notifyStaff } from '../../notification/notify';

/** However many payments and refunds the same trouble stops, staff hear of it once in so long. */
const TELL_AGAIN_MS = 24 * 60 * 60_000;

/** Any number no other step uses. */
const LOCK = 7_210_461;

/** Tells the staff, unless they were told under the same title within a day. In a transaction that does only this. */
export async function tellStaffOnce(tx: Tx, notice: Notice): Promise<void> {
  // The same trouble stops several messages in one moment, and none of them would see another's notice.
  await oneProcessAtATime(tx, LOCK);
  const known: unknown = await query('api::notification.notification', tx)
    .where({ audience: 'staff', title: notice.title })
    .where('created_at', '>', new Date(clock.now().getTime() - TELL_AGAIN_MS))
    .first('id');
  if (known === undefined) await notifyStaff(tx, notice);
}

/** Tells staff that WeChat refuses what the shop asks, whatever it is about. */
export const reportRefusal = (error: WechatPayError): Promise<void> =>
  inTransaction((tx) =>
    tellStaffOnce(tx, {
      type: 'system',
      title: `微信支付拒绝了请求：${error.code}`,
      content: `微信支付返回 ${error.brief}。相关的支付和退款会自动重试；若一直如此，请检查商户号、证书和权限。`,
      data: { code: error.code, status: error.status },
    }),
  );

/**
 * True when an error of a question to WeChat leaves everything open: no answer, no merchant configured, or a refusal
 * (of our signature, our rights, our rate) that says nothing about what was asked. Staff are told of refusals.
 */
export async function isUndecided(error: unknown): Promise<boolean> {
  if (isNoAnswer(error)) return true;
  if (error instanceof Refusal) return error.code === 'UPSTREAM_UNAVAILABLE';
  if (!(error instanceof WechatPayError)) return false;
  await reportRefusal(error);
  return true;
}

export default () => ({ tellStaffOnce, reportRefusal, isUndecided });
