import type { Context } from 'koa';
import { z } from 'zod';

import { SYSTEMS } from '../constants';
import { getService } from '../plugin-services';
import { languageOf, panelActor, parseBody } from './request';

const testSchema = z.strictObject({
  system: z.enum(SYSTEMS),
  /** As for saving; what is left out is as it is saved. Its own checks are the settings'. */
  settings: z.unknown().optional(),
});

const page = async (ctx: Context) => getService('settingsView').describe(languageOf(ctx));

export default {
  async find(ctx: Context) {
    return page(ctx);
  },

  async update(ctx: Context) {
    await getService('settings').write(parseBody(z.unknown(), ctx), panelActor(ctx));
    return page(ctx);
  },

  async test(ctx: Context) {
    const { system, settings = {} } = parseBody(testSchema, ctx);
    const candidate = await getService('settings').propose(settings);
    const report = await getService('connectionTest').run(system, candidate, languageOf(ctx));
    return { data: report, meta: {} };
  },
};
