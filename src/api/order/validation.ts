import { z } from 'zod';

import { documentId, lineOfText, MAX_LINES, paragraph, quantity, yuan } from '../../platform/request';

const line = z.strictObject({ product: documentId(), quantity: quantity() });
/** Answers say null where there is none, so what was answered can be sent again. */
const note = paragraph(500)
  .nullish()
  .transform((text) => text ?? undefined);

/** `POST /orders` and its preview: one product. */
export const orderSchema = z.strictObject({
  product: documentId(),
  quantity: quantity(),
  address: documentId(),
  note,
  expectedAmount: yuan().optional(),
});

/** `POST /orders/checkout` and its preview: either products or lines of the cart. */
export const checkoutSchema = z
  .strictObject({
    items: z
      .array(line)
      .min(1, 'must have at least one line')
      .max(MAX_LINES, `must have at most ${MAX_LINES} lines`)
      .optional(),
    cartItems: z
      .array(documentId())
      .min(1, 'must have at least one line')
      .max(MAX_LINES, `must have at most ${MAX_LINES} lines`)
      .optional(),
    address: documentId(),
    note,
    expectedAmount: yuan().optional(),
  })
  .refine((body) => (body.items === undefined) !== (body.cartItems === undefined), {
    message: 'either items or cartItems, not both',
    path: ['items'],
  });

/** A preview may come before the shopper has chosen an address. */
export const orderPreviewSchema = orderSchema.partial({ address: true });
export const checkoutPreviewSchema = z
  .strictObject({ ...checkoutSchema.shape, address: documentId().optional() })
  .refine((body) => (body.items === undefined) !== (body.cartItems === undefined), {
    message: 'either items or cartItems, not both',
    path: ['items'],
  });

export const cancelSchema = z.strictObject({ reason: lineOfText(200).optional() });
export const shipSchema = z.strictObject({ company: lineOfText(100), trackingNumber: lineOfText(100) });
/** Staff who also shop ask for `scope=mine`, so that customers' orders never pass for their own. */
export const scopeSchema = z.strictObject({ scope: z.enum(['mine', 'all']).optional() });
