import type { Core } from '@strapi/strapi';

/**
 * For a route's `middlewares`: repeated requests with the same `Idempotency-Key` get the same answer. `transaction` for
 * actions that touch nothing but the database, `lease` for those that call outside and are safe to repeat.
 */
export const idempotent = (mode: 'transaction' | 'lease'): Core.MiddlewareHandler =>
  // Strapi takes a name with its settings; its type for routes does not say so.
  ({ name: 'global::idempotency', config: { mode } }) as unknown as Core.MiddlewareHandler;
