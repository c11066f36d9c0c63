/** What the plugin forgets by itself: old calls, and tokens nobody uses any more. */
import type { Core } from '@strapi/strapi';

import { configSchema } from './config';
import { PLUGIN_ID } from './constants';
import { getService } from './plugin-services';

const HOUR_MS = 3_600_000;

let timer: NodeJS.Timeout | undefined;

/** Never throws: what could not be removed now goes in an hour. */
async function forget(strapi: Core.Strapi): Promise<void> {
  try {
    await getService('callLog').removeOld();
    await getService('tokenKeeper').removeExpired();
  } catch (error) {
    strapi.log.warn(`haier-integration: old rows could not be removed (${(error as Error).name})`);
  }
}

/** Every hour, on processes that run jobs; two at once take different rows or none. */
export function startHousekeeping(strapi: Core.Strapi): void {
  const { runsJobs } = configSchema.parse(strapi.config.get(`plugin::${PLUGIN_ID}`));
  if (!runsJobs) return;
  timer = setInterval(() => void forget(strapi), HOUR_MS);
  timer.unref();
}

export function stopHousekeeping(): void {
  clearInterval(timer);
  timer = undefined;
}
