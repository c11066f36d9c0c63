import { PICTURES } from '../haier/pictures';
import type { Parcel, Stage, YlhOrder } from './state';

function require(order: YlhOrder, ...stages: Stage[]): void {
  if (!stages.includes(order.stage)) {
    throw new Error(`order ${order.soId} is ${order.stage}, not ${stages.join(' or ')}`);
  }
}

/** The goods leave the warehouse. Throws Error unless the order is confirmed. */
export function ship(order: YlhOrder, now: number, given: Partial<Parcel> = {}): void {
  require(order, 'confirmed');
  const number = order.retailOrderNo.replace(/\D/g, '').slice(2);
  order.stage = 'shipped';
  order.parcel = {
    company: '日日顺物流',
    logisticsNo: `RRS${number}`,
    snCode: `SN${number}`,
    deliveryRecordCode: `DR.${number}`,
    carrier: 'haier',
    ...given,
    shippedAt: now,
  };
}

/** The goods are at the shopper's. Throws Error unless they are under way. */
export function deliver(order: YlhOrder, now: number): void {
  require(order, 'shipped');
  order.stage = 'delivered';
  order.deliveredAt = now;
}

/** Pictures of delivery and installation are uploaded. Throws Error unless the goods are delivered. */
export function photograph(order: YlhOrder, now: number): void {
  require(order, 'delivered');
  const path = (what: string): string => `${PICTURES}${what}-${encodeURIComponent(order.retailOrderNo)}.svg`;
  order.photos = [
    { imageType: '配送照片', path: path('delivery'), uploadedAt: now },
    { imageType: '安装照片', path: path('installation'), uploadedAt: now },
  ];
}
