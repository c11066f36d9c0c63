/** Orders as YLH wants them (contract, 2.2 and 2.4). */
import { endOfBeijingDay } from '../domain/beijing-time';
import { fenToYuan } from '../domain/decimal';
import type { YlhOrder, YlhOrderLine } from './contract';

interface Days {
  distributionDate?: string | null;
  installDate?: string | null;
}

/** Milliseconds of 23:59:59 in Beijing on these days; a day that is not given is left out. */
export function toTimes({ distributionDate, installDate }: Days): {
  distributionTime?: number;
  installTime?: number;
} {
  return {
    ...(distributionDate == null ? {} : { distributionTime: endOfBeijingDay(distributionDate) }),
    ...(installDate == null ? {} : { installTime: endOfBeijingDay(installDate) }),
  };
}

const toItem = (line: YlhOrderLine) => ({
  productCode: line.productCode,
  itemQty: line.quantity,
  // Of one piece, all three.
  retailPrice: fenToYuan(line.retailPriceFen),
  discountAmount: fenToYuan(line.discountFen),
  actualPrice: fenToYuan(line.actualPriceFen),
  isGift: line.isGift,
});

const sum = (lines: readonly YlhOrderLine[], of: (line: YlhOrderLine) => number): number =>
  lines.reduce((total, line) => total + of(line), 0);

/** The body of a create. `seller` is what was agreed with YLH. Throws RangeError for a day that is none. */
export function toCreateBody(
  order: YlhOrder,
  seller: { sourceSystem: string; shopName: string; sellerCode: string },
) {
  const times = toTimes(order);
  const { distributionTime, installTime } = times;
  return {
    sourceSystem: seller.sourceSystem,
    shopName: seller.shopName,
    sellerCode: seller.sellerCode,
    consigneeName: order.consigneeName,
    consigneeMobile: order.consigneeMobile,
    onlineNo: order.orderNumber,
    soId: order.soId,
    ...(order.remark === null || order.remark === '' ? {} : { remark: order.remark }),
    totalQty: sum(order.lines, ({ quantity }) => quantity),
    totalAmt: fenToYuan(sum(order.lines, ({ quantity, actualPriceFen }) => quantity * actualPriceFen)),
    createTime: order.createdAt.getTime(),
    province: order.province,
    city: order.city,
    area: order.area,
    ...(order.town === null || order.town === '' ? {} : { town: order.town }),
    detailAddress: order.detailAddress,
    ...times,
    governmentOrder: order.isGovernmentOrder,
    // Text, not a boolean: "true" only when both times are given and equal.
    deliveryInstall: distributionTime !== undefined && distributionTime === installTime ? 'true' : 'false',
    itemList: order.lines.map(toItem),
  };
}

const escapeText = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Whether the text names this so id, and not a longer one that begins or ends with it. */
export const namesSoId = (text: string, soId: string): boolean =>
  new RegExp(`(?<![A-Za-z0-9_-])${escapeText(soId)}(?![A-Za-z0-9_-])`).test(text);

/** Whether a refusal says that the order is there already, by the patterns of the settings. */
export function saysRepeated(
  said: { code: string | null; message: string | null },
  patterns: readonly string[],
): boolean {
  const text = `${said.code ?? ''} ${said.message ?? ''}`.toLowerCase();
  return patterns.some((pattern) => text.includes(pattern.toLowerCase()));
}
