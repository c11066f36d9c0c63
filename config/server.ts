import type { Core } from '@strapi/strapi';

import { settings } from './environment';

// Strapi stores times in columns without a zone and converts them in the zone of the process. Every process must
// use the same one, or two of them disagree about a deadline by hours.
process.env.TZ = 'UTC';

const config = (): Core.Config.Server => {
  const { HOST, PORT, PUBLIC_URL, APP_KEYS } = settings();
  return {
    host: HOST,
    port: PORT,
    url: PUBLIC_URL,
    // Koa would believe X-Forwarded-For from anyone; `clientAddress` believes only TRUST_PROXY.
    proxy: { koa: false },
    app: { keys: APP_KEYS },
    // Clock work goes through the outbox and its worker: Strapi's cron runs every job in every process.
    cron: { enabled: false },
    transfer: { remote: { enabled: false } },
    logger: { updates: { enabled: false }, startup: { enabled: false } },
  };
};

export default config;
