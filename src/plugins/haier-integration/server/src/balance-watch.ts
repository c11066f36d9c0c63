/** Watches the balance also while nobody looks at the overview. */
import type { Core } from '@strapi/strapi';

import { readConfig } from './config';
import { getService } from './plugin-services';

const EVERY_MS = 15 * 60_000;

let timer: NodeJS.Timeout | undefined;

/** Never throws: what could not be asked is asked again. Without a limit there is nothing to watch. */
async function look(strapi: Core.Strapi): Promise<void> {
  try {
    const { policy } = await getService('settings').read();
    if (policy.balanceWarningYuan > 0) await getService('balance').read();
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    strapi.log.error(`haier-integration: the balance could not be watched: ${words}`);
  }
}

/** On processes that run jobs; of several one asks. */
export function startBalanceWatch(strapi: Core.Strapi): void {
  if (!readConfig(strapi).runsJobs) return;
  timer = setInterval(() => void look(strapi), EVERY_MS);
  timer.unref();
}

export function stopBalanceWatch(): void {
  clearInterval(timer);
  timer = undefined;
}
