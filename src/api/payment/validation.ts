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

/** `POST /orders/:id/refund`: all that is left, or less. */
export const refundSchema = z.strictObject({
  reason: lineOfText(200),
  amount: yuan()
    .refine((value) => value > 0, 'must be greater than 0')
    .optional(),
});
