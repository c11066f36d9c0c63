import { query, type Tx } from '../../../platform/database';

/** True for a user the books cannot forget. */
export const hasOrders = async (tx: Tx, userId: number): Promise<boolean> =>
  (await query('api::order.order', tx).where('user_id', userId).first('id')) !== undefined;

/** Deletes what belongs to the person and not to the books: cart, addresses, notifications, remembered answers. */
export async function deleteBelongings(tx: Tx, userId: number): Promise<void> {
  const carts = query('api::cart.cart', tx).where('user_id', userId).select('id');
  await query('api::cart.cart-item', tx).whereIn('cart_id', carts).delete();
  const owned = [
    'api::cart.cart',
    'api::address.address',
    'api::notification.notification',
    'api::idempotency.idempotency-key',
  ];
  for (const uid of owned) await query(uid, tx).where('user_id', userId).delete();
}
