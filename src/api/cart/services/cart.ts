/** What a shopper means to buy. Prices are never kept here: they are asked for each time. */
import { notFound, Refusal, validationFailed } from '../../../domain/refusal';
import { clock } from '../../../platform/clock';
import {
  type BaseRow,
  fetchRow,
  fetchRows,
  insertRow,
  inTransaction,
  newDocument,
  query,
  toColumns,
  type Tx,
} from '../../../platform/database';
import { MAX_LINES, MAX_QUANTITY } from '../../../platform/request';
import { notForSale, readProductsForSale } from '../../product/products-for-sale';

const CART_UID = 'api::cart.cart';
const ITEM_UID = 'api::cart.cart-item';

export interface CartItemRow extends BaseRow {
  cartId: number;
  productDocumentId: string;
  quantity: number;
}

async function openCart(tx: Tx, userId: number): Promise<number> {
  await query(CART_UID, tx)
    .insert(toColumns(CART_UID, { ...newDocument(), userId }))
    .onConflict('user_id')
    .ignore();
  // Locked, so that two requests of one shopper cannot both pass the check of how many lines there are.
  const cart = await fetchRow<BaseRow>(CART_UID, query(CART_UID, tx).where({ user_id: userId }).forUpdate());
  return cart?.id ?? (await insertRow(CART_UID, tx, { userId })).id;
}

/** The lines of a shopper's cart, oldest first. */
export const readCart = (userId: number, tx?: Tx): Promise<CartItemRow[]> =>
  fetchRows<CartItemRow>(
    ITEM_UID,
    query(ITEM_UID, tx)
      .join('carts', 'carts.id', 'cart_items.cart_id')
      .where('carts.user_id', userId)
      .orderBy('cart_items.id')
      .select('cart_items.*'),
  );

async function assertCanBeAdded(tx: Tx, documentId: string): Promise<void> {
  const product = (await readProductsForSale([documentId], tx)).get(documentId);
  if (product === undefined) throw new Refusal('NOT_FOUND', { details: { product: documentId } });
  if (!product.isOnSale) throw notForSale(product);
}

const tooMany = (): Refusal =>
  validationFailed([{ path: ['data', 'quantity'], message: `a line has at most ${MAX_QUANTITY} pieces` }]);

/** Adds pieces of a product; to those already there. Throws NOT_FOUND, NOT_FOR_SALE, VALIDATION_FAILED (too many). */
export async function addToCart(userId: number, product: string, quantity: number): Promise<void> {
  await inTransaction(async (tx) => {
    await assertCanBeAdded(tx, product);
    const cartId = await openCart(tx, userId);
    const items = await fetchRows<CartItemRow>(ITEM_UID, query(ITEM_UID, tx).where({ cart_id: cartId }));
    const known = items.find((item) => item.productDocumentId === product);
    if ((known?.quantity ?? 0) + quantity > MAX_QUANTITY) throw tooMany();
    if (known !== undefined) {
      await query(ITEM_UID, tx)
        .where({ id: known.id })
        .increment('quantity', quantity)
        .update({ updated_at: clock.now() });
      return;
    }
    if (items.length >= MAX_LINES)
      throw validationFailed([{ path: [], message: `a cart has at most ${MAX_LINES} lines` }]);
    await insertRow(ITEM_UID, tx, { cartId, productDocumentId: product, quantity });
  });
}

const ownItems = (userId: number, tx: Tx) =>
  query(ITEM_UID, tx).whereIn('cart_id', query(CART_UID, tx).where({ user_id: userId }).select('id'));

/** Sets how many pieces a line has. Throws NOT_FOUND. */
export async function setQuantity(userId: number, itemDocumentId: string, quantity: number): Promise<void> {
  await inTransaction(async (tx) => {
    const changed = await ownItems(userId, tx)
      .where({ document_id: itemDocumentId })
      .update({ quantity, updated_at: clock.now() });
    if (changed === 0) throw notFound();
  });
}

/** Takes a line out. Throws NOT_FOUND. */
export async function removeItem(userId: number, itemDocumentId: string): Promise<void> {
  await inTransaction(async (tx) => {
    if ((await ownItems(userId, tx).where({ document_id: itemDocumentId }).delete()) === 0) throw notFound();
  });
}

/** Empties the cart. */
export async function clearCart(userId: number): Promise<void> {
  await inTransaction((tx) => ownItems(userId, tx).delete());
}
