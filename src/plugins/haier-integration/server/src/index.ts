import type { Core } from '@strapi/strapi';

import config from './config';
import contentTypes from './content-types';
import { getService } from './plugin-services';
import services from './services';

export default {
  config,
  contentTypes,
  services,

  bootstrap({ strapi: _strapi }: { strapi: Core.Strapi }): void {
    getService('syncs').start();
  },

  async destroy(): Promise<void> {
    await getService('syncs').stop();
  },
};
