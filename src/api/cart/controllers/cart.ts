import type { Context } from 'koa';
import { z } from 'zod';

import { inTransaction } from '../../../platform/database';
import { documentId, one, parseData, pathId, quantity, signedInUser } from '../../../platform/request';
import { presentCart } from '../presenters/cart';
import { addToCart, clearCart, readCart, removeItem, setQuantity } from '../services/cart';

const addSchema = z.strictObject({ product: documentId(), quantity: quantity() });
const updateSchema = z.strictObject({ quantity: quantity() });

async function answerCart(ctx: Context): Promise<void> {
  const { id } = signedInUser(ctx);
  // One transaction, so that lines and prices are of one moment, and the cart can be read inside a keyed request.
  ctx.body = one(await inTransaction(async (tx) => presentCart(id, await readCart(id, tx), tx)));
}

export default {
  find: (ctx: Context) => answerCart(ctx),

  async addItem(ctx: Context) {
    const body = parseData(addSchema, ctx);
    await addToCart(signedInUser(ctx).id, body.product, body.quantity);
    await answerCart(ctx);
  },

  async updateItem(ctx: Context) {
    const id = pathId(ctx);
    await setQuantity(signedInUser(ctx).id, id, parseData(updateSchema, ctx).quantity);
    await answerCart(ctx);
  },

  async removeItem(ctx: Context) {
    await removeItem(signedInUser(ctx).id, pathId(ctx));
    await answerCart(ctx);
  },

  async clear(ctx: Context) {
    await clearCart(signedInUser(ctx).id);
    await answerCart(ctx);
  },
};
