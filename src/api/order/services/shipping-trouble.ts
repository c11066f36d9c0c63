/** When WeChat does not take shipping information now: what that means for the next try. */
import { clock } from '../../../platform/clock';
import { inTransaction } from '../../../platform/database';
import { GiveUpError } from '../../../platform/outbox';
import { MiniProgramBusyError, MiniProgramError } from '../../../platform/wechat/mini-program-client';
import { isNoAnswer } from '../../../platform/wechat/pay-errors';
import { ShippingRefusedError, UnknownPaymentError } from '../../../platform/wechat/shipping-errors';
import { tellStaffOnce } from '../../payment/services/wechat-trouble';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** WeChat's word: ten seconds to a minute after paying the shipping service may not know the payment. */
const FIRST_LOOK_MS = 10_000;
const LONGEST_WAIT_MS = 10 * MINUTE_MS;
/** The quota of a day is used up. */
const DAILY_QUOTA = 45009;

/**
 * Refusals of our token, secret, address or rights: they say nothing of the shipment and end when somebody has mended
 * the account, so they are waited out.
 */
const ACCOUNT_REFUSED = new Set([
  40001, 40002, 40013, 40014, 40125, 40164, 40243, 41001, 41002, 41004, 42001, 48001, 50004, 50007, 89503,
  89506, 89507,
]);

export interface ShippingTimes {
  paidAt: Date;
  /** When the last order shipped. */
  shippedAt: Date;
}

const after = (ms: number): Date => new Date(clock.now().getTime() + ms);
const since = (time: Date): number => clock.now().getTime() - time.getTime();

/** A quarter of a minute at first, then up to ten minutes: an outage is waited out. */
const later = ({ shippedAt }: ShippingTimes): Date =>
  after(Math.min(Math.max(since(shippedAt) / 2, MINUTE_MS / 4), LONGEST_WAIT_MS));

const reportAccount = ({ errcode, message }: MiniProgramError): Promise<void> =>
  inTransaction((tx) =>
    tellStaffOnce(tx, {
      type: 'system',
      title: `微信小程序接口拒绝了请求：${errcode}`,
      content: `${message}。发货信息会自动重试；若一直如此，请检查小程序密钥、IP 白名单和接口权限。`,
      data: { errcode },
    }),
  );

/**
 * When to try again after an error. Throws GiveUpError when WeChat refuses what was told, and the error itself when it
 * should count as a failed try: one that goes on is in the dead list within the hour.
 */
export async function whenToTryAgain(error: unknown, times: ShippingTimes): Promise<Date> {
  if (error instanceof ShippingRefusedError) throw new GiveUpError(error.message);
  if (error instanceof UnknownPaymentError && since(times.paidAt) < HOUR_MS)
    return after(since(times.paidAt) < MINUTE_MS ? FIRST_LOOK_MS : MINUTE_MS);
  if (error instanceof MiniProgramBusyError)
    return error.errcode === DAILY_QUOTA ? after(HOUR_MS) : later(times);
  if (isNoAnswer(error)) return later(times);
  if (error instanceof MiniProgramError && ACCOUNT_REFUSED.has(error.errcode ?? 0)) {
    await reportAccount(error);
    return after(LONGEST_WAIT_MS);
  }
  throw error;
}

export default () => ({ whenToTryAgain });
