import { z } from 'zod';

import { lineOfText } from '../../platform/request';

const MAX_PIECES = 10_000_000;
const pieces = () =>
  z.number().int('must be a whole number').max(MAX_PIECES, `must be at most ${MAX_PIECES}`);

/** A change of stock by hand, wherever it is asked for: by a difference or to a counted number, with a reason. */
export const stockChangeSchema = z
  .strictObject({
    delta: pieces().min(-MAX_PIECES, `must be at least -${MAX_PIECES}`).optional(),
    onHand: pieces().min(0, 'must not be negative').optional(),
    reason: lineOfText(200),
  })
  .refine((body) => (body.delta === undefined) !== (body.onHand === undefined), {
    message: 'either delta or onHand',
    path: ['delta'],
  })
  .refine((body) => body.delta !== 0, { message: 'must not be 0', path: ['delta'] });
