import { z } from 'zod';

/** Changes to how tokens are handed out. */
export const tokenHabitsInput = z.strictObject({
  lifetimeSeconds: z.int().min(1).optional(),
  newEndsOld: z.boolean().optional(),
  expiresIn: z.enum(['number', 'string', 'absent']).optional(),
});
