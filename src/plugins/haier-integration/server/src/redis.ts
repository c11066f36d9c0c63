/** The plugin's own connection to Redis; it works without one. */
import Redis from 'ioredis';

let connection: Redis | undefined;

/** The process's one connection, or undefined without an address. Commands fail at once while Redis is away. */
export function connectRedis(url: string | undefined): Redis | undefined {
  if (url === undefined) return undefined;
  if (connection === undefined) {
    connection = new Redis(url, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      connectTimeout: 2_000,
      commandTimeout: 500,
      disconnectTimeout: 200,
      retryStrategy: (attempt) => Math.min(attempt * 200, 5_000),
    });
    // Without a listener ioredis prints every failed reconnect; callers say what they fall back to.
    connection.on('error', () => undefined);
  }
  return connection;
}

export function closeRedis(): void {
  connection?.disconnect();
  connection = undefined;
}
