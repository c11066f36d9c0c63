import type { Core } from '@strapi/strapi';

import { settings } from './environment';

// Strapi stores times in columns without a zone and converts them in the zone of the process. Every process must
// use the same one, or two of them disagree about a deadline by hours.
process.env.TZ = 'UTC';

const LOOK_FOR_SLOW_MS = 1_000;
/** Longer than any balancer keeps an idle connection: the one who closes it must be the one who sends on it. */
const KEEP_ALIVE_MS = 75_000;

const config = (): Core.Config.Server => {
  const { HOST, PORT, PUBLIC_URL, APP_KEYS } = settings();
  const { REQUEST_HEADERS_TIMEOUT_SECONDS, REQUEST_TIMEOUT_SECONDS } = settings();
  return {
    host: HOST,
    port: PORT,
    url: PUBLIC_URL,
    // Koa would believe X-Forwarded-For from anyone; `clientAddress` believes only TRUST_PROXY.
    proxy: { koa: false },
    http: {
      serverOptions: {
        // Whoever sends a request byte by byte holds a connection, and is cut off.
        headersTimeout: REQUEST_HEADERS_TIMEOUT_SECONDS * 1_000,
        requestTimeout: REQUEST_TIMEOUT_SECONDS * 1_000,
        connectionsCheckingInterval: LOOK_FOR_SLOW_MS,
        keepAliveTimeout: KEEP_ALIVE_MS,
      },
    },
    app: { keys: APP_KEYS },
    // Clock work goes through the outbox and its worker: Strapi's cron runs every job in every process.
    cron: { enabled: false },
    transfer: { remote: { enabled: false } },
    logger: { updates: { enabled: false }, startup: { enabled: false } },
  };
};

export default config;
