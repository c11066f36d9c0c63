import { beijingDay } from '../../../domain/beijing-day';
import type { OrderRow } from '../../order/order-rows';

const dayOf = (time: Date | null): string | null => (time === null ? null : beijingDay(time));

/** When an order's goods are to come, by days of Beijing. */
export const presentBooking = (order: OrderRow) => ({
  documentId: order.documentId,
  orderNumber: order.orderNumber,
  haierStatus: order.haierStatus,
  distributionDate: dayOf(order.distributionTime),
  installDate: dayOf(order.installTime),
  isDeliveryInstall: order.isDeliveryInstall,
});
