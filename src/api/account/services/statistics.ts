import { fenToYuan } from '../../../domain/money';
import { ORDER_STATUSES, type OrderStatus } from '../../../domain/order-states';
import { query } from '../../../platform/database';

const ORDER_UID = 'api::order.order';
const REFUND_UID = 'api::payment.refund';

/** Orders that money was taken for. A cancelled order was never paid, or its money went back as a surplus refund. */
const PAID_STATUSES: OrderStatus[] = ['paid', 'shipped', 'completed', 'refunding', 'refunded'];

export interface ShopperStatistics {
  orderCount: number;
  orders: Record<OrderStatus, number>;
  /** Yuan: what was paid, less what came back. */
  totalSpent: number;
}

// Added up as whole fen: SQLite keeps decimals as floating point.
const SUM_FEN = 'coalesce(sum(cast(round(?? * 100) as bigint)), 0) as fen';

/** What one shopper has ordered and spent, counted by the database. */
export async function readStatistics(userId: number): Promise<ShopperStatistics> {
  const db = strapi.db.connection;
  const rows = (await query(ORDER_UID)
    .where('user_id', userId)
    .groupBy('status')
    .select('status', db.raw('count(*) as orders'), db.raw(SUM_FEN, ['actual_amount']))) as {
    status: OrderStatus;
    orders: string | number;
    fen: string | number;
  }[];
  const paidOrders = query(ORDER_UID).select('id').where('user_id', userId).whereIn('status', PAID_STATUSES);
  const [refunds] = (await query(REFUND_UID)
    .where('status', 'succeeded')
    .whereNot('kind', 'surplus')
    .whereIn('order_id', paidOrders)
    .select(db.raw(SUM_FEN, ['amount']))) as { fen: string | number }[];

  const count = (status: OrderStatus) => Number(rows.find((row) => row.status === status)?.orders ?? 0);
  const paidFen = rows
    .filter(({ status }) => PAID_STATUSES.includes(status))
    .reduce((sum, { fen }) => sum + Number(fen), 0);
  return {
    orderCount: rows.reduce((sum, { orders }) => sum + Number(orders), 0),
    // fromEntries forgets that the keys are exactly the statuses.
    orders: Object.fromEntries(ORDER_STATUSES.map((status) => [status, count(status)])) as Record<
      OrderStatus,
      number
    >,
    totalSpent: fenToYuan(paidFen - Number(refunds?.fen ?? 0)),
  };
}
