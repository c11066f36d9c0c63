import type { Core } from '@strapi/strapi';

import config from './config';
import contentTypes from './content-types';
import { startHousekeeping, stopHousekeeping } from './housekeeping';
import { closeRedis } from './redis';
import services from './services';

export default {
  config,
  contentTypes,
  services,

  bootstrap({ strapi }: { strapi: Core.Strapi }): void {
    startHousekeeping(strapi);
  },

  destroy(): void {
    stopHousekeeping();
    closeRedis();
  },
};
