import { z } from 'zod';

import { lineOfText } from '../../../platform/request';

const MAX_PIECES = 1_000_000;
const reason = () => lineOfText(255);

export const shipSchema = z.strictObject({ company: lineOfText(100), trackingNumber: lineOfText(100) });
export const cancelSchema = z.strictObject({ reason: reason() });
export const approveSchema = z.strictObject({
  reason: reason().optional(),
  isGoodsReturned: z.boolean().optional(),
});
export const rejectSchema = z.strictObject({ reason: reason().optional() });
export const adjustSchema = z
  .strictObject({
    delta: z.number().int('must be a whole number').min(-MAX_PIECES).max(MAX_PIECES).optional(),
    onHand: z
      .number()
      .int('must be a whole number')
      .min(0, 'must not be negative')
      .max(MAX_PIECES)
      .optional(),
    reason: reason(),
  })
  .refine(({ delta, onHand }) => (delta === undefined) !== (onHand === undefined), {
    path: ['delta'],
    message: 'send either delta or onHand',
  })
  .refine(({ delta }) => delta !== 0, { path: ['delta'], message: 'must not be zero' });
