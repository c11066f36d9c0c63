/** What an order says of WeChat having been told of its goods: the one writer of `shippingUploadedAt` and its note. */
import { clock } from '../../../platform/clock';
import { type Tx, updateRow } from '../../../platform/database';
import { notifyStaff } from '../../notification/notify';
import { ORDER_UID, type OrderRow } from '../order-rows';
import { lockOrders } from './lifecycle';

/** Told, or why not. `isForStaff`: somebody has something to do about it. */
export type ShippingMark = { orderId: number } & (
  { isTold: true } | { isTold: false; note: string; isForStaff: boolean }
);

const MAX_NOTE = 255;

async function tellStaff(tx: Tx, note: string, orders: OrderRow[]): Promise<void> {
  const numbers = orders.map(({ orderNumber }) => orderNumber).join('、');
  await notifyStaff(tx, {
    type: 'order',
    title: '微信发货信息未能录入，请处理',
    content: `订单 ${numbers}：${note}。可在微信小程序后台的发货管理中手动录入，以免货款无法结算。`,
    data: { order: orders[0]?.documentId },
  });
}

/** Writes marks where they say something new; staff hear of each new reason once. */
export async function markShipping(tx: Tx, marks: ShippingMark[]): Promise<void> {
  const orders = await lockOrders(
    tx,
    marks.map(({ orderId }) => orderId),
  );
  const byNote = new Map<string, OrderRow[]>();
  for (const order of orders) {
    const mark = marks.find(({ orderId }) => orderId === order.id);
    if (mark === undefined) continue;
    const shippingUploadedAt = mark.isTold
      ? (order.shippingUploadedAt ?? clock.now())
      : order.shippingUploadedAt;
    const note = mark.isTold ? null : [...mark.note].slice(0, MAX_NOTE).join('');
    if (shippingUploadedAt === order.shippingUploadedAt && note === order.shippingUploadNote) continue;
    await updateRow(ORDER_UID, tx, order.id, { shippingUploadedAt, shippingUploadNote: note });
    if (note !== null && !mark.isTold && mark.isForStaff)
      byNote.set(note, [...(byNote.get(note) ?? []), order]);
  }
  for (const [note, told] of byNote) await tellStaff(tx, note, told);
}

export default () => ({ markShipping });
