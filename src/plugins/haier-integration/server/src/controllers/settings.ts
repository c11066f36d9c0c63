import type { Context } from 'koa';
import { z } from 'zod';

import { getService } from '../plugin-services';
import { languageOf, panelActor, parseBody } from './request';

const page = async (ctx: Context) => getService('settingsView').describe(languageOf(ctx));

export default {
  async find(ctx: Context) {
    return page(ctx);
  },

  async update(ctx: Context) {
    await getService('settings').write(parseBody(z.unknown(), ctx), panelActor(ctx));
    return page(ctx);
  },
};
