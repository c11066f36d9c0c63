/** A paid order as YLH is told it. */
import { beijingDay } from '../../../domain/beijing-day';
import { splitPieces, streetOnly } from '../../../domain/haier-push';
import { yuanToFen } from '../../../domain/money';
import type { OrderRow } from '../../order/order-rows';
import type { SupplierOrder } from '../supplier';

const dayOf = (time: Date | null): string | null => (time === null ? null : beijingDay(time));

const textOrNull = (text: string | null): string | null => {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
};

/** What YLH cannot do without, and staff would have to find out. */
export function missingForPush(order: OrderRow): string | undefined {
  const needed: [string, string | null][] = [
    ['商品编码', order.productCode],
    ['收货人', order.snapshotContactName],
    ['收货电话', order.snapshotPhone],
    ['省', order.snapshotProvince],
    ['市', order.snapshotCity],
    ['区县', order.snapshotDistrict],
    ['详细地址', order.snapshotAddress],
  ];
  const missing = needed.filter(([, value]) => (value ?? '').trim() === '').map(([name]) => name);
  return missing.length === 0 ? undefined : `订单缺少${missing.join('、')}`;
}

/** Builds the push from the order alone, so that every repetition says the same. */
export function buildPush(order: OrderRow): SupplierOrder {
  const place = {
    province: order.snapshotProvince,
    city: order.snapshotCity,
    district: order.snapshotDistrict,
    town: order.snapshotTown,
  };
  const pieces = splitPieces({
    quantity: order.quantity,
    unitPriceFen: yuanToFen(order.unitPrice),
    discountFen: yuanToFen(order.discountAmount),
  });
  return {
    soId: order.haierSoId ?? order.orderNumber,
    orderNumber: order.orderNumber,
    createdAt: order.createdAt,
    consigneeName: order.snapshotContactName,
    consigneeMobile: order.snapshotPhone,
    province: place.province,
    city: place.city,
    area: place.district,
    town: textOrNull(place.town),
    detailAddress: streetOnly(order.snapshotAddress, place),
    remark: textOrNull(order.note),
    distributionDate: dayOf(order.distributionTime),
    installDate: dayOf(order.installTime),
    isGovernmentOrder: order.isGovernmentOrder,
    lines: pieces.map((line) => ({ ...line, productCode: order.productCode ?? '', isGift: false })),
  };
}

export default () => ({ buildPush });
