import { z } from 'zod';
import { toBillTime } from '../beijing-time';
import type { Call } from '../listener';
import { refused } from '../supplier/refusal';
import { readJson } from '../supplier/request-body';
import { present } from '../state';
import type { World } from '../world';
import type { YlhOrder } from '../ylh/state';
import { checkCustomer, checkPassword } from './questions';

const request = z.strictObject({
  orderCode: z.string().min(1),
  deliveryRecordCode: z.string().optional(),
  memberId: z.string().optional(),
  sellerCode: z.string(),
  sellerPassword: z.string(),
});

const LISTS = {
  haier: 'getAllLogisticsInfoByOrderCode',
  zhihuibao: 'getStockDeliveryLogisticsRecord',
  thirdParty: 'getStockDeliveryLogisticsRecordThirdparty',
} as const;

function entryOf({ parcel, deliveredAt }: YlhOrder): Record<string, unknown> | undefined {
  if (!parcel) return undefined;
  const traces = [
    { time: toBillTime(parcel.shippedAt), status: '已出库' },
    { time: toBillTime(parcel.shippedAt), status: '运输中' },
    ...(deliveredAt === undefined ? [] : [{ time: toBillTime(deliveredAt), status: '已签收' }]),
  ];
  return {
    logisticsCompany: parcel.company,
    logisticsNo: parcel.logisticsNo,
    status: deliveredAt === undefined ? '运输中' : '已签收',
    traces,
  };
}

/** Where one order is; what there is nothing of is an empty list, null or absent, as set (contract, 1.5). */
export function readLogistics(world: World, call: Call): unknown {
  const given = readJson(call, request);
  checkCustomer(world, given.sellerCode, 'sellerCode');
  checkPassword(given.sellerPassword, world.identity.haier.sellerPassword);
  const order = present(world.state.ylh.orders).find(
    ({ retailOrderNo }) => retailOrderNo === given.orderCode,
  );
  if (!order) throw refused('ORDER_NOT_FOUND', `订单不存在：${given.orderCode}`);
  const record = given.deliveryRecordCode;
  const isAsked = record === undefined || record === order.parcel?.deliveryRecordCode;
  const entry = isAsked ? entryOf(order) : undefined;
  const { emptyLists } = world.state.haier.habits;
  const carrier = order.parcel?.carrier ?? 'haier';
  const answer: Record<string, unknown[] | null> = {};
  for (const [kind, name] of Object.entries(LISTS)) {
    if (entry && kind === carrier) answer[name] = [entry];
    else if (emptyLists !== 'absent') answer[name] = emptyLists === 'null' ? null : [];
  }
  return answer;
}
