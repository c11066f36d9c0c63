import type { Core } from '@strapi/strapi';

import { settings } from '../../config/environment';
import { notFound } from '../domain/refusal';

/**
 * A process that only works the outbox serves nobody: whoever reaches its port finds health and nothing else. Stands behind
 * the errors, which give the refusal its shape, and before everything that would answer.
 */
const processRole: Core.MiddlewareFactory = () => async (_ctx, next) => {
  if (settings().PROCESS_ROLE === 'worker') throw notFound();
  await next();
};

export default processRole;
