import type { Core } from '@strapi/strapi';

import { resetSessionLimits, sessionLimits } from '../src/platform/database/session-limits';
import { settings } from './environment';

// A request that cannot get a connection should fail while somebody still waits for its answer.
const ACQUIRE_TIMEOUT_MS = 10_000;
/** The error of a statement would else quote its values: names, addresses and phone numbers, in logs and notices. */
const QUOTE_VALUES = false;
const CONNECT_TIMEOUT_MS = 5_000;
/** A line that a firewall has forgotten is found out by the kernel, not by a request. */
const KEEP_ALIVE_AFTER_MS = 10_000;

interface PgClient {
  query(sql: string, done: (error: Error | null) => void): void;
}

/** Every connection of the pool is told its limits before its first statement. */
const afterCreate = (client: PgClient, done: (error: Error | null, client: PgClient) => void): void =>
  client.query(sessionLimits(), (error) => done(error, client));

const config = (): Core.Config.Database => {
  const current = settings();
  if (current.DATABASE_CLIENT === 'sqlite') {
    return {
      connection: {
        client: 'sqlite',
        connection: { filename: current.DATABASE_FILENAME },
        useNullAsDefault: true,
        acquireConnectionTimeout: ACQUIRE_TIMEOUT_MS,
        compileSqlOnError: QUOTE_VALUES,
      },
      settings: { useTypescriptMigrations: true },
    } as Core.Config.Database;
  }
  resetSessionLimits();
  return {
    connection: {
      client: 'postgres',
      connection: {
        connectionString: current.DATABASE_URL,
        ssl: current.DATABASE_SSL === true,
        application_name: `shop-${current.PROCESS_ROLE}`,
        connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
        keepAlive: true,
        keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
      } as never, // Strapi's type asks for the parts; pg takes the address as a whole.
      pool: { min: current.DATABASE_POOL_MIN, max: current.DATABASE_POOL_MAX, afterCreate },
      acquireConnectionTimeout: ACQUIRE_TIMEOUT_MS,
      compileSqlOnError: QUOTE_VALUES,
    },
    settings: { useTypescriptMigrations: true },
  } as Core.Config.Database;
};

export default config;
