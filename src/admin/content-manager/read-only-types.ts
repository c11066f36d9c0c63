import type { StrapiApp } from '@strapi/strapi/admin';

import { READ_ONLY_TYPES } from '../labels';

const WRITES = /\.explorer\.(create|update|delete|publish)$/;

/**
 * Takes "create", "save", "delete" and "duplicate" off the pages of types the server refuses to write, for everybody.
 * A courtesy: the lock is the guard on the server.
 */
export function hideRefusedActions(app: StrapiApp): void {
  app.addRBACMiddleware(
    () => (next) => (permissions) =>
      next(
        permissions.filter(
          ({ action, subject }) => !(WRITES.test(action) && READ_ONLY_TYPES.has(subject ?? '')),
        ),
      ),
  );
}
