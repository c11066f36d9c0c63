import { acceptedRefundFen } from '../pay/ledger';
import { present, type Parcel, type Shipment, type Transaction } from '../state';
import type { World } from '../world';
import { text, type JsonObject } from './json-input';
import { ApiRefusal } from './refusal';
import { readShippingUpload, SPLIT, type OrderKey, type ShippingUpload } from './shipping-input';

const MOST_PARCELS = 15;

/** The shipping service hears of a payment some seconds after the payer; until then it knows nothing: 10060001. */
function findPaid(world: World, key: OrderKey): Transaction & { paidAt: number } {
  const found = present(world.state.transactions).find((candidate) =>
    'transactionId' in key
      ? candidate.transactionId === key.transactionId
      : key.mchId === world.identity.mchId && candidate.outTradeNo === key.outTradeNo,
  );
  const { paidAt } = found ?? {};
  if (!found || paidAt === undefined || world.now() - paidAt < world.state.shippingLagMs) {
    throw new ApiRefusal(10060001, '支付单不存在');
  }
  return Object.assign(found, { paidAt });
}

function content(parcels: readonly Omit<Parcel, 'uploadedAt'>[]): string {
  return JSON.stringify(parcels.map((p) => [p.trackingNo, p.expressCompany, p.itemDesc, p.contact ?? null]));
}

function isUnchanged(shipment: Shipment, upload: ShippingUpload): boolean {
  const sameModes =
    shipment.logisticsType === upload.logisticsType &&
    shipment.deliveryMode === upload.deliveryMode &&
    shipment.finished === upload.allDelivered;
  if (!sameModes) return false;
  if (shipment.deliveryMode !== SPLIT) return content(shipment.parcels) === content(upload.parcels);
  return upload.parcels.every((parcel) =>
    shipment.parcels.some((known) => content([known]) === content([parcel])),
  );
}

function addParcels(shipment: Shipment, upload: ShippingUpload): void {
  const known = shipment.parcels.map((parcel) => content([parcel]));
  const added = upload.parcels.filter((parcel) => !known.includes(content([parcel])));
  if (shipment.parcels.length + added.length > MOST_PARCELS)
    throw new ApiRefusal(10060024, '物流信息列表过长');
  shipment.parcels.push(...added.map((parcel) => ({ ...parcel, uploadedAt: upload.uploadTime })));
  shipment.finished = upload.allDelivered;
  // A used re-shipping stays used, however many parcels its replacement comes in.
  if (shipment.finishCount !== 2) shipment.finishCount = upload.allDelivered ? 1 : 0;
  shipment.uploadTime = upload.uploadTime;
}

function newShipment(upload: ShippingUpload, finishCount: Shipment['finishCount']): Shipment {
  return {
    logisticsType: upload.logisticsType,
    deliveryMode: upload.deliveryMode,
    finished: upload.allDelivered,
    finishCount,
    uploadTime: upload.uploadTime,
    parcels: upload.parcels.map((parcel) => ({ ...parcel, uploadedAt: upload.uploadTime })),
  };
}

/**
 * Records a shipment (upload_shipping_info). A further parcel of a split delivery is an addition; anything after
 * completion, or another mode, is a re-shipping, allowed once per payment.
 * Throws 10060001, 10060031, 10060004, 10060023, 10060014, 10060003, 10060024 and the input errors.
 */
export function uploadShippingInfo(world: World, body: JsonObject): Record<string, unknown> {
  const upload = readShippingUpload(body);
  const transaction = findPaid(world, upload.orderKey);
  if (transaction.openid !== upload.openid) throw new ApiRefusal(10060031, '支付单不属于该用户');
  if (acceptedRefundFen(world.state, transaction.outTradeNo) >= transaction.totalFen) {
    throw new ApiRefusal(10060004, '支付单处于不可发货的状态');
  }
  const { shipment } = transaction;
  if (!shipment) {
    transaction.shipment = newShipment(upload, upload.allDelivered ? 1 : 0);
  } else {
    if (isUnchanged(shipment, upload)) throw new ApiRefusal(10060023, '发货信息未更新');
    if (upload.uploadTime <= shipment.uploadTime) throw new ApiRefusal(10060014, '参数错误: upload_time');
    const sameModes =
      shipment.logisticsType === upload.logisticsType && shipment.deliveryMode === upload.deliveryMode;
    if (sameModes && !shipment.finished) {
      addParcels(shipment, upload);
    } else {
      if (shipment.finishCount === 2) throw new ApiRefusal(10060003, '支付单已使用重新发货机会');
      transaction.shipment = newShipment(upload, 2);
    }
  }
  world.changed();
  return {};
}

function orderState(world: World, transaction: Transaction): number {
  if (acceptedRefundFen(world.state, transaction.outTradeNo) >= transaction.totalFen) return 5;
  return transaction.shipment?.finished ? 2 : 1;
}

const seconds = (epochMs: number): number => Math.floor(epochMs / 1000);

function shippingView(shipment: Shipment | undefined): Record<string, unknown> {
  return {
    delivery_mode: shipment?.deliveryMode ?? 0,
    logistics_type: shipment?.logisticsType ?? 0,
    finish_shipping: shipment?.finished ?? false,
    goods_desc: shipment?.parcels.map((parcel) => parcel.itemDesc).join(';') ?? '',
    finish_shipping_count: shipment?.finishCount ?? 0,
    shipping_list: (shipment?.parcels ?? []).map((parcel) => ({
      tracking_no: parcel.trackingNo,
      express_company: parcel.expressCompany,
      goods_desc: parcel.itemDesc,
      upload_time: seconds(parcel.uploadedAt),
      contact: parcel.contact ?? {},
    })),
  };
}

/**
 * Answers what the shipping service knows of a payment (get_order; its names differ from those of the upload).
 * Throws 10060001 and 10060014.
 */
export function getShippingOrder(world: World, body: JsonObject): Record<string, unknown> {
  const transactionId = text(body.transaction_id);
  const mchId = text(body.merchant_id);
  const outTradeNo = text(body.merchant_trade_no);
  if (transactionId === undefined && (mchId === undefined || outTradeNo === undefined)) {
    throw new ApiRefusal(10060014, '参数错误');
  }
  const found = findPaid(
    world,
    transactionId ? { transactionId } : { mchId: mchId ?? '', outTradeNo: outTradeNo ?? '' },
  );
  return {
    order: {
      transaction_id: found.transactionId,
      merchant_id: world.identity.mchId,
      sub_merchant_id: '',
      merchant_trade_no: found.outTradeNo,
      description: found.description,
      paid_amount: found.totalFen,
      openid: found.openid,
      trade_create_time: seconds(found.createdAt),
      pay_time: seconds(found.paidAt),
      order_state: orderState(world, found),
      in_complaint: false,
      shipping: shippingView(found.shipment),
    },
  };
}
