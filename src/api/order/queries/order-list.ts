import { fetchRows, fromColumns, query } from '../../../platform/database';
import { type ListQuery, type ListResult, type ListRules, runList } from '../../../platform/listing';
import { ORDER_HISTORY_UID, ORDER_UID, type OrderHistoryRow, type OrderRow } from '../order-rows';

export const ORDER_LIST: ListRules = {
  filters: {
    documentId: 'documentId',
    status: 'exact',
    checkoutNumber: 'text',
    orderNumber: 'text',
    createdAt: 'time',
    paidAt: 'time',
  },
  sort: ['createdAt', 'updatedAt', 'actualAmount'],
  defaultSort: ['createdAt:desc'],
  extra: ['scope'],
  // The product's documentId stands in every answer.
  populate: { product: [] },
};

const COLUMNS = {
  id: 'orders.id',
  columns: {
    documentId: 'orders.document_id',
    status: 'orders.status',
    checkoutNumber: 'orders.checkout_number',
    orderNumber: 'orders.order_number',
    createdAt: 'orders.created_at',
    updatedAt: 'orders.updated_at',
    paidAt: 'orders.paid_at',
    actualAmount: 'orders.actual_amount',
  },
};

/** A page of orders: one shopper's, or everybody's for staff. */
export async function listOrders(
  request: ListQuery,
  userId: number | undefined,
): Promise<{ orders: OrderRow[]; pagination: ListResult['pagination'] }> {
  const builder = query(ORDER_UID).select('orders.*');
  if (userId !== undefined) builder.where('orders.user_id', userId);
  const { rows, pagination } = await runList(builder, request, COLUMNS);
  return { orders: rows.map((row) => fromColumns<OrderRow>(ORDER_UID, row)), pagination };
}

/**
 * What happened to an order, oldest first. What Haier made of it is the shop's business: a shopper is told of it in words of its
 * own, and sees the order's own life here.
 */
export function readHistory(orderId: number, viewer: 'shopper' | 'staff'): Promise<OrderHistoryRow[]> {
  const rows = query(ORDER_HISTORY_UID).where({ order_id: orderId }).orderBy('id');
  if (viewer === 'shopper') rows.where('event', 'not like', 'haier:%');
  return fetchRows<OrderHistoryRow>(ORDER_HISTORY_UID, rows);
}
