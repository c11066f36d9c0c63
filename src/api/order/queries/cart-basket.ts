import { Refusal } from '../../../domain/refusal';
import { query } from '../../../platform/database';
import type { BasketLine } from '../services/quote';

export interface CartBasket {
  basket: BasketLine[];
  /** The rows, with the quantities that were read. */
  cartLines: { id: number; quantity: number }[];
}

/** The chosen lines of a shopper's cart. Throws NOT_FOUND when one is not there (any more) or not theirs. */
export async function readCartBasket(userId: number, documentIds: string[]): Promise<CartBasket> {
  const wanted = [...new Set(documentIds)];
  const rows = (await query('api::cart.cart-item')
    .join('carts', 'carts.id', 'cart_items.cart_id')
    .where('carts.user_id', userId)
    .whereIn('cart_items.document_id', wanted)
    .select(
      'cart_items.id',
      'cart_items.document_id',
      'cart_items.product_document_id',
      'cart_items.quantity',
    )) as {
    id: number;
    document_id: string;
    product_document_id: string;
    quantity: number;
  }[];
  const missing = wanted.filter((id) => !rows.some((row) => row.document_id === id));
  if (missing.length > 0) throw new Refusal('NOT_FOUND', { details: { cartItems: missing } });
  return {
    basket: rows.map((row) => ({ product: row.product_document_id, quantity: row.quantity })),
    cartLines: rows.map(({ id, quantity }) => ({ id, quantity })),
  };
}
