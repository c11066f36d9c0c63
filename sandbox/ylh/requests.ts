import { z } from 'zod';
import { toBillTime } from '../beijing-time';
import { findGoods } from '../haier/catalogue';
import type { Call } from '../listener';
import { present } from '../state';
import { badParameter, forbidden, refused } from '../supplier/refusal';
import { readJson } from '../supplier/request-body';
import type { World } from '../world';
import type { OrderDesk } from './order-desk';
import { checkOrder, endOfDay, orderRequest } from './order-rules';
import type { Stage, YlhOrder } from './state';

/** Takes an order (contract, 2.2). The answer waits for a call-back that is to come before it. */
export async function createOrder(world: World, desk: OrderDesk, call: Call): Promise<unknown> {
  const request = readJson(call, orderRequest);
  const { ylh, haier } = world.identity;
  if (request.sourceSystem !== ylh.sourceSystem) throw forbidden('sourceSystem 未授权');
  if (request.shopName !== ylh.shopName) throw refused('SHOP_ERROR', 'shopName 与约定不符');
  if (request.sellerCode !== haier.customerCode) throw refused('SELLER_ERROR', 'sellerCode 不存在');
  checkOrder(request);
  const unknown = request.itemList.find(({ productCode }) => !findGoods(world.state.haier, productCode));
  if (unknown) throw refused('PRODUCT_NOT_FOUND', `商品不存在：${unknown.productCode}`);
  const { order, early } = desk.take(request);
  await early;
  return { retailOrderNo: order.retailOrderNo, soId: order.soId };
}

const cancelRequest = z.strictObject({
  soId: z.string().min(1),
  cancelTime: z.string().regex(/^\d{13}$/, 'must be milliseconds, as a string'),
  cancelReason: z.string().trim().min(1),
  sourceSystem: z.string().min(1),
});

const ENDED: Stage[] = ['refused', 'out_of_stock', 'delivered', 'rejected'];

/** Takes a wish to cancel; the verdict is a call-back (contract, 2.3). */
export function cancelOrder(world: World, desk: OrderDesk, call: Call): null {
  const request = readJson(call, cancelRequest);
  if (request.sourceSystem !== world.identity.ylh.sourceSystem) throw forbidden('sourceSystem 未授权');
  const { orders } = world.state.ylh;
  const order = Object.hasOwn(orders, request.soId) ? orders[request.soId] : undefined;
  if (!order) throw refused('ORDER_NOT_FOUND', `子订单不存在：${request.soId}`);
  if (ENDED.includes(order.stage)) throw refused('ORDER_STATE', `订单状态不允许取消：${order.stage}`);
  desk.askCancel(order, request.cancelReason);
  return null;
}

const rescheduleRequest = z.strictObject({
  retailOrderNo: z.string().min(1),
  distributionTime: endOfDay.optional(),
  installTime: endOfDay.optional(),
});

function byNumber(world: World, number: string): YlhOrder {
  const order = present(world.state.ylh.orders).find(({ retailOrderNo }) => retailOrderNo === number);
  if (!order) throw refused('ORDER_NOT_FOUND', `订单不存在：${number}`);
  return order;
}

const OPEN: Stage[] = ['created', 'confirmed', 'shipped'];

/** Moves delivery or installation to another day (contract, 2.4). */
export function reschedule(world: World, desk: OrderDesk, call: Call): null {
  const { retailOrderNo, distributionTime, installTime } = readJson(call, rescheduleRequest);
  if (distributionTime === undefined && installTime === undefined) {
    throw badParameter('distributionTime or installTime is required');
  }
  const order = byNumber(world, retailOrderNo);
  if (!OPEN.includes(order.stage)) throw refused('ORDER_STATE', `订单状态不允许改约：${order.stage}`);
  if (distributionTime !== undefined) order.distributionTime = distributionTime;
  if (installTime !== undefined) order.installTime = installTime;
  world.changed();
  return null;
}

const photoRequest = z.strictObject({ orderNo: z.string().min(1) });

/** Pictures of delivery and installation (contract, 2.5). */
export function listPhotos(world: World, _desk: OrderDesk, call: Call): unknown[] {
  const { orderNo } = readJson(call, photoRequest);
  const isText = world.state.ylh.habits.uploadTime === 'text';
  return byNumber(world, orderNo).photos.map(({ imageType, path, uploadedAt }) => ({
    imageType,
    imageUrl: world.ylhUrl + path,
    uploadTime: isText ? toBillTime(uploadedAt) : uploadedAt,
  }));
}

const trackingRequest = z.array(z.string().min(1)).min(1).max(100);

/** Tracking numbers of orders; one YLH does not know is left out (contract, 2.6). */
export function listTracking(world: World, _desk: OrderDesk, call: Call): unknown[] {
  const codes = new Set(readJson(call, trackingRequest));
  return present(world.state.ylh.orders)
    .filter(({ retailOrderNo }) => codes.has(retailOrderNo))
    .map(({ retailOrderNo, parcel }) => ({
      orderCode: retailOrderNo,
      deliveryRecordCode: parcel?.deliveryRecordCode ?? null,
      logisticsList: parcel
        ? [{ logisticsCompany: parcel.company, logisticsNo: parcel.logisticsNo, snCode: parcel.snCode }]
        : [],
    }));
}
