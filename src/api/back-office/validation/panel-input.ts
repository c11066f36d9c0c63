import { z } from 'zod';

import { lineOfText, yuan } from '../../../platform/request';

const reason = () => lineOfText(200);

export const shipSchema = z.strictObject({ company: lineOfText(100), trackingNumber: lineOfText(100) });
export const cancelSchema = z.strictObject({ reason: reason() });
export const startRefundSchema = z.strictObject({
  reason: lineOfText(200),
  amount: yuan()
    .refine((value) => value > 0, 'must be greater than 0')
    .optional(),
  isGoodsReturned: z.boolean().optional(),
});
export const approveSchema = z.strictObject({
  reason: reason().optional(),
  isGoodsReturned: z.boolean().optional(),
});
export const rejectSchema = z.strictObject({ reason: reason().optional() });
