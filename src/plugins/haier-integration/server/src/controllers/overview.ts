import type { Context } from 'koa';

import { getService } from '../plugin-services';
import { languageOf } from './request';

export default {
  async find(ctx: Context) {
    return { data: await getService('overview').read(languageOf(ctx)), meta: {} };
  },
};
