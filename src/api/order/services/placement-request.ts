import { z } from 'zod';

import type { IdempotentRequest } from '../../../platform/idempotency';
import { readCartBasket } from '../queries/cart-basket';
import type { Placement } from './placement';

const shopperSchema = z.object({ id: z.number(), documentId: z.string(), username: z.string() });
const itemSchema = z.object({ product: z.string(), quantity: z.number() });

/** What a shopper asked for, as plain data: it can be done now, or kept and done later by another process. */
export const placementRequestSchema = z.object({
  kind: z.enum(['single', 'checkout']),
  shopper: shopperSchema,
  items: z.array(itemSchema).optional(),
  /** documentIds of lines of the cart, instead of items. */
  cartItems: z.array(z.string()).optional(),
  address: z.string(),
  note: z.string().optional(),
  expectedFen: z.number().optional(),
});

export type PlacementRequest = z.infer<typeof placementRequestSchema>;

/** The same for `placeOrders`. The lines of a cart are read late: they are gone once an equal request has ordered them. */
export function toPlacement(request: PlacementRequest, idempotent?: IdempotentRequest): Placement {
  const { items = [], cartItems, ...rest } = request;
  return {
    ...rest,
    idempotent,
    lines: () =>
      cartItems === undefined
        ? Promise.resolve({ basket: items })
        : readCartBasket(request.shopper.id, cartItems),
  };
}
