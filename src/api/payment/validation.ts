import { z } from 'zod';

import { documentId, lineOfText, yuan } from '../../platform/request';

const method = z.literal('wechat', { error: 'must be wechat' }).default('wechat');

/** `POST /payments`: one order, or everything that is still to pay of a checkout. */
export const paymentSchema = z
  .strictObject({
    order: documentId().optional(),
    checkoutNumber: z
      .string()
      .regex(/^[0-9A-Za-z]{6,32}$/, 'must be a checkout number')
      .optional(),
    method,
  })
  .transform(({ order, checkoutNumber }, context) => {
    if (order !== undefined && checkoutNumber === undefined) return { order };
    if (order === undefined && checkoutNumber !== undefined) return { checkoutNumber };
    context.addIssue({ code: 'custom', path: ['order'], message: 'either order or checkoutNumber' });
    return z.NEVER;
  });

export const decisionSchema = z.strictObject({
  reason: lineOfText(200).optional(),
  isGoodsReturned: z.boolean().optional(),
});

/** Staff who also shop ask for `scope=mine`, so that customers' refunds never pass for their own. */
export const scopeSchema = z.strictObject({ scope: z.enum(['mine', 'all']).optional() });

/** `POST /orders/:id/refund`: all that is left, or less. */
export const refundSchema = z.strictObject({
  reason: lineOfText(200),
  amount: yuan()
    .refine((value) => value > 0, 'must be greater than 0')
    .optional(),
});

/** The same from staff, who also know whether the goods are back. */
export const staffRefundSchema = refundSchema.extend({ isGoodsReturned: z.boolean().optional() });
