import type { Core } from '@strapi/strapi';

import { startBalanceWatch, stopBalanceWatch } from './balance-watch';
import config from './config';
import contentTypes from './content-types';
import controllers from './controllers';
import { startHousekeeping, stopHousekeeping } from './housekeeping';
import { registerPermissions } from './permissions';
import { getService } from './plugin-services';
import { closeRedis } from './redis';
import routes from './routes';
import services from './services';
import { guardTables } from './table-guard';

export default {
  config,
  contentTypes,
  controllers,
  routes,
  services,

  register({ strapi }: { strapi: Core.Strapi }): void {
    guardTables(strapi);
  },

  async bootstrap({ strapi }: { strapi: Core.Strapi }): Promise<void> {
    await registerPermissions(strapi);
    startHousekeeping(strapi);
    startBalanceWatch(strapi);
    getService('syncs').start();
  },

  async destroy(): Promise<void> {
    await getService('syncs').stop();
    stopBalanceWatch();
    stopHousekeeping();
    closeRedis();
  },
};
