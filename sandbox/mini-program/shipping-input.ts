import { fromRfc3339 } from '../beijing-time';
import type { Parcel } from '../state';
import { CARRIER_IDS } from './carriers';
import { characterCount, isObject, text, type JsonObject } from './json-input';
import { ApiRefusal } from './refusal';

export const EXPRESS = 1;
export const UNIFIED = 1;
export const SPLIT = 2;
const MOST_PARCELS = 15;

/** How a payment is named: by WeChat's number, or by merchant and merchant's number. */
export type OrderKey = { transactionId: string } | { mchId: string; outTradeNo: string };

export interface ShippingUpload {
  orderKey: OrderKey;
  logisticsType: number;
  deliveryMode: number;
  allDelivered: boolean;
  parcels: Omit<Parcel, 'uploadedAt'>[];
  uploadTime: number;
  openid: string;
}

const parameter = (what: string): ApiRefusal => new ApiRefusal(10060014, `参数错误: ${what}`);

function readOrderKey(value: unknown): OrderKey {
  const key = isObject(value) ? value : {};
  if (key.order_number_type === 2) {
    const transactionId = text(key.transaction_id);
    if (transactionId === undefined) throw new ApiRefusal(268485195, 'transaction_id 不能为空');
    return { transactionId };
  }
  if (key.order_number_type !== 1) throw new ApiRefusal(268485194, 'order_number_type 错误');
  const mchId = text(key.mchid);
  if (mchId === undefined) throw new ApiRefusal(268485196, 'mchid 不能为空');
  const outTradeNo = text(key.out_trade_no);
  if (outTradeNo === undefined) throw new ApiRefusal(268485197, 'out_trade_no 不能为空');
  if (!/^[0-9A-Za-z_\-*]+$/.test(outTradeNo)) throw parameter('out_trade_no');
  return { mchId, outTradeNo };
}

function readContact(value: unknown): Parcel['contact'] {
  if (value === undefined) return undefined;
  if (!isObject(value)) throw parameter('contact');
  const contact: NonNullable<Parcel['contact']> = {};
  for (const name of ['consignor_contact', 'receiver_contact'] as const) {
    const phone = value[name];
    if (phone === undefined) continue;
    // Masked, last four digits readable; a full number here would hand a shopper's phone to a third party.
    const masked = typeof phone === 'string' && phone.length <= 1024 && /\*.*\d{4}$/.test(phone);
    if (!masked) throw parameter(name);
    contact[name] = phone;
  }
  return contact;
}

function readExpress(parcel: JsonObject): Pick<Parcel, 'trackingNo' | 'expressCompany' | 'contact'> {
  const trackingNo = text(parcel.tracking_no);
  if (trackingNo === undefined) throw new ApiRefusal(268485226, '快递单号不能为空');
  if (trackingNo.length > 128) throw new ApiRefusal(10060026, '快递单号过长');
  const expressCompany = text(parcel.express_company);
  if (expressCompany === undefined) throw new ApiRefusal(268485227, '物流公司不能为空');
  if (expressCompany.length > 128) throw new ApiRefusal(10060025, '物流公司编码过长');
  if (!CARRIER_IDS.has(expressCompany)) throw parameter('express_company');
  const contact = readContact(parcel.contact);
  if (expressCompany === 'SF' && !contact?.consignor_contact && !contact?.receiver_contact)
    throw parameter('contact');
  return { trackingNo, expressCompany, ...(contact && { contact }) };
}

function readParcel(value: unknown, logisticsType: number): Omit<Parcel, 'uploadedAt'> {
  if (!isObject(value)) throw parameter('shipping_list');
  const itemDesc = text(value.item_desc);
  if (itemDesc === undefined) throw new ApiRefusal(10060008, '商品信息不能为空');
  if (characterCount(itemDesc) > 120) throw new ApiRefusal(10060009, '商品信息过长');
  if (logisticsType !== EXPRESS) return { trackingNo: '', expressCompany: '', itemDesc };
  return { ...readExpress(value), itemDesc };
}

function readModes(
  body: JsonObject,
): Pick<ShippingUpload, 'logisticsType' | 'deliveryMode' | 'allDelivered'> {
  const { logistics_type: logisticsType, delivery_mode: deliveryMode, is_all_delivered: allDelivered } = body;
  if (typeof logisticsType !== 'number' || ![1, 2, 3, 4].includes(logisticsType)) {
    throw new ApiRefusal(10060005, '物流类型错误');
  }
  if (deliveryMode !== UNIFIED && deliveryMode !== SPLIT) throw new ApiRefusal(268485224, '发货模式错误');
  if (deliveryMode === UNIFIED) return { logisticsType, deliveryMode, allDelivered: true };
  if (logisticsType !== EXPRESS) throw new ApiRefusal(10060006, '分拆发货仅支持快递');
  if (typeof allDelivered !== 'boolean') throw new ApiRefusal(10060007, 'is_all_delivered 必填');
  return { logisticsType, deliveryMode, allDelivered };
}

/**
 * Reads an upload_shipping_info body. Throws the documented code of the first rule it breaks (order shipping
 * information, upload_shipping_info error codes).
 */
export function readShippingUpload(body: JsonObject): ShippingUpload {
  const orderKey = readOrderKey(body.order_key);
  const modes = readModes(body);
  const list = body.shipping_list;
  if (!Array.isArray(list) || list.length === 0) throw parameter('shipping_list');
  if (modes.deliveryMode === UNIFIED && list.length !== 1)
    throw new ApiRefusal(268485228, '统一发货只能有一个包裹');
  if (list.length > MOST_PARCELS) throw new ApiRefusal(10060024, '物流信息列表过长');
  const uploadTime =
    typeof body.upload_time === 'string' ? fromRfc3339(body.upload_time, { fractions: true }) : undefined;
  if (uploadTime === undefined) throw new ApiRefusal(268485216, 'upload_time 非法');
  const openid = isObject(body.payer) ? text(body.payer.openid) : undefined;
  if (openid === undefined || openid.length > 128) throw parameter('payer.openid');
  const parcels = list.map((parcel) => readParcel(parcel, modes.logisticsType));
  return { orderKey, ...modes, parcels, uploadTime, openid };
}
