/** The exact bytes a payment is asked for with. */
import { settings } from '../../../../config/environment';
import { cutToBytes } from '../../../platform/wechat/byte-text';
import { wechatPay } from '../../../platform/wechat/pay';
import type { OrderRow } from '../../order/order-rows';

/** RFC 3339 in China's time without fractions, as WeChat writes `time_expire`. */
const chinaTime = (time: Date): string =>
  `${new Date(time.getTime() + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;

/** WeChat Pay APIv3, JSAPI prepay: `description` is string(127). */
const DESCRIPTION_BYTES = 127;

function describe(orders: OrderRow[]): string {
  const name = orders[0]?.productName ?? '';
  const rest = orders.length > 1 ? ` 等${orders.length}件` : '';
  return cutToBytes(name, DESCRIPTION_BYTES - Buffer.byteLength(rest)) + rest;
}

export interface PaymentTerms {
  paymentNumber: string;
  amountFen: number;
  openId: string;
  /** The deadline of the orders: WeChat takes no money after it. */
  expiresAt: Date;
}

/** The body of the prepay request; written down before WeChat sees it, and repeated byte for byte. */
export function buildPaymentRequest(
  orders: OrderRow[],
  { paymentNumber, amountFen, openId, expiresAt }: PaymentTerms,
): string {
  return JSON.stringify({
    appid: wechatPay().appIdentifier,
    mchid: wechatPay().mchId,
    description: describe(orders),
    out_trade_no: paymentNumber,
    time_expire: chinaTime(expiresAt),
    notify_url: settings().wechatPay?.notifyUrl,
    amount: { total: amountFen, currency: 'CNY' },
    payer: { openid: openId },
  });
}

export default () => ({ buildPaymentRequest });
