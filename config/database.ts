import type { Core } from '@strapi/strapi';

import { settings } from './environment';

// A request that cannot get a connection should fail while somebody still waits for its answer.
const ACQUIRE_TIMEOUT_MS = 10_000;

const config = (): Core.Config.Database => {
  const current = settings();
  if (current.DATABASE_CLIENT === 'sqlite') {
    return {
      connection: {
        client: 'sqlite',
        connection: { filename: current.DATABASE_FILENAME },
        useNullAsDefault: true,
        acquireConnectionTimeout: ACQUIRE_TIMEOUT_MS,
      },
      settings: { useTypescriptMigrations: true },
    } as Core.Config.Database;
  }
  return {
    connection: {
      client: 'postgres',
      connection: {
        connectionString: current.DATABASE_URL,
        ssl: current.DATABASE_SSL === true,
        application_name: `shop-${current.PROCESS_ROLE}`,
      } as never, // Strapi's type asks for the parts; pg takes the address as a whole.
      pool: { min: current.DATABASE_POOL_MIN, max: current.DATABASE_POOL_MAX },
      acquireConnectionTimeout: ACQUIRE_TIMEOUT_MS,
    },
    settings: { useTypescriptMigrations: true },
  } as Core.Config.Database;
};

export default config;
