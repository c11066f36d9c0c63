import type { Context } from 'koa';

import { yuanToFen } from '../../../domain/money';
import { readIdempotentRequest } from '../../../platform/idempotency';
import { readListQuery } from '../../../platform/listing';
import {
  noBody,
  one,
  page,
  parseAction,
  parseData,
  parseValue,
  pathId,
  prefersAsync,
  signedInUser,
  type SignedInUser,
} from '../../../platform/request';
import { asShopper, asStaff, ownerFilter } from '../acting';
import { presentHistory, presentOrder } from '../presenters/order';
import { readCartBasket } from '../queries/cart-basket';
import { listOrders, ORDER_LIST, readHistory } from '../queries/order-list';
import { cancelOrder, findOrder } from '../services/cancellation';
import { confirmReceipt, shipOrder } from '../services/fulfilment';
import { deferPlacement } from '../services/deferred-placement';
import { placeOrders, type PlacementLines } from '../services/placement';
import { type PlacementRequest, toPlacement } from '../services/placement-request';
import type { PlacedAnswer } from '../services/placement-writer';
import { previewBasket } from '../services/preview';
import {
  cancelSchema,
  checkoutPreviewSchema,
  checkoutSchema,
  orderPreviewSchema,
  orderSchema,
  scopeSchema,
  shipSchema,
} from '../validation';

function answer(ctx: Context, { status, body, isReplayed = false }: PlacedAnswer): void {
  ctx.status = status;
  ctx.body = body;
  if (isReplayed) ctx.set('Idempotent-Replayed', 'true');
}

/** Places the orders now, or promises to when the caller prefers not to wait. */
async function order(ctx: Context, request: PlacementRequest): Promise<void> {
  const idempotent = readIdempotentRequest(ctx);
  const isDeferred = prefersAsync(ctx);
  const placed = isDeferred
    ? await deferPlacement(request, idempotent)
    : await placeOrders(toPlacement(request, idempotent));
  answer(ctx, placed);
  // Also when the same request, sent without the preference, is answered with the task of the first.
  const { taskId } = (placed.body as { data: { taskId?: string } }).data;
  if (taskId !== undefined) ctx.set('Location', `/api/v1/tasks/${taskId}`);
  if (isDeferred) ctx.set('Preference-Applied', 'respond-async');
}

const shopperOf = ({ id, documentId, username }: SignedInUser): PlacementRequest['shopper'] => ({
  id,
  documentId,
  username,
});

const expectedFen = (amount: number | undefined): number | undefined =>
  amount === undefined ? undefined : yuanToFen(amount);

/** Basket and cart rows of a checkout, from its own lines or from the cart. */
async function readBasket(
  user: SignedInUser,
  body: { items?: PlacementLines['basket']; cartItems?: string[] },
): Promise<PlacementLines> {
  if (body.cartItems !== undefined) return readCartBasket(user.id, body.cartItems);
  return { basket: body.items ?? [] };
}

/** `POST /orders/preview` takes either body. */
async function readPreview(ctx: Context, user: SignedInUser) {
  const given: unknown = ctx.request.body ?? {};
  if (typeof given === 'object' && given !== null && 'data' in given) {
    const { product, quantity, address } = parseData(orderPreviewSchema, ctx);
    return { basket: [{ product, quantity }], address };
  }
  const body = parseValue(checkoutPreviewSchema, given);
  return { basket: (await readBasket(user, body)).basket, address: body.address };
}

export default {
  async create(ctx: Context) {
    const shopper = shopperOf(signedInUser(ctx));
    const { product, quantity, expectedAmount, ...rest } = parseData(orderSchema, ctx);
    const items = [{ product, quantity }];
    await order(ctx, { ...rest, kind: 'single', shopper, items, expectedFen: expectedFen(expectedAmount) });
  },

  async checkout(ctx: Context) {
    const shopper = shopperOf(signedInUser(ctx));
    const { expectedAmount, ...rest } = parseAction(checkoutSchema, ctx);
    await order(ctx, { ...rest, kind: 'checkout', shopper, expectedFen: expectedFen(expectedAmount) });
  },

  async preview(ctx: Context) {
    const user = signedInUser(ctx);
    const { basket, address } = await readPreview(ctx, user);
    ctx.body = one(await previewBasket(user.id, basket, address));
  },

  async find(ctx: Context) {
    const user = signedInUser(ctx);
    const request = readListQuery(ctx.query, ORDER_LIST);
    const { scope } = parseValue(scopeSchema, { scope: ctx.query.scope });
    const { orders, pagination } = await listOrders(request, scope === 'mine' ? user.id : ownerFilter(user));
    ctx.body = page(orders.map(presentOrder), pagination);
  },

  async findOne(ctx: Context) {
    const user = signedInUser(ctx);
    ctx.body = one(presentOrder(await findOrder(pathId(ctx), ownerFilter(user))));
  },

  async history(ctx: Context) {
    const user = signedInUser(ctx);
    const order = await findOrder(pathId(ctx), ownerFilter(user));
    const rows = await readHistory(order.id);
    ctx.body = { data: rows.map((row) => presentHistory(row, user.isStaff ? 'staff' : 'shopper')), meta: {} };
  },

  async cancel(ctx: Context) {
    const user = signedInUser(ctx);
    const id = pathId(ctx);
    const { reason } = parseAction(cancelSchema, ctx);
    const userId = ownerFilter(user);
    const actor = userId === undefined ? asStaff(user) : asShopper(user);
    ctx.body = one(presentOrder(await cancelOrder(id, { reason, userId }, actor)));
  },

  async confirmReceipt(ctx: Context) {
    const user = signedInUser(ctx);
    parseAction(noBody, ctx);
    ctx.body = one(presentOrder(await confirmReceipt(pathId(ctx), user.id, asShopper(user))));
  },

  async ship(ctx: Context) {
    const user = signedInUser(ctx);
    const id = pathId(ctx);
    ctx.body = one(presentOrder(await shipOrder(id, parseAction(shipSchema, ctx), asStaff(user))));
  },
};
