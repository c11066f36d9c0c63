/** What shoppers and staff are told about orders at Haier. */
import type { Tx } from '../../../platform/database';
import { notifyStaff, notifyUser } from '../../notification/notify';
import type { OrderRow } from '../../order/order-rows';

/** Tells the people of the shop; `content` names the order by itself. */
export const tellStaff = (tx: Tx, order: OrderRow, title: string, content: string): Promise<void> =>
  notifyStaff(tx, {
    type: 'order',
    title,
    content: `订单 ${order.orderNumber}：${content}`,
    data: { order: order.documentId },
  });

export const tellShopper = (tx: Tx, order: OrderRow, title: string, content: string): Promise<void> =>
  notifyUser(tx, {
    userId: order.userId,
    type: 'order',
    title,
    content: `订单 ${order.orderNumber} ${content}`,
    data: { order: order.documentId },
  });

export default () => ({ tellStaff, tellShopper });
