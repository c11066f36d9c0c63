import type { Core } from '@strapi/strapi';

import { applyConstraints } from '../database/constraints';

export default {
  register(_: { strapi: Core.Strapi }) {},

  async bootstrap({ strapi }: { strapi: Core.Strapi }) {
    await applyConstraints(strapi.db.connection, (message) => strapi.log.warn(message));
  },
};
