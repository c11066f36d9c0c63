import Redis from 'ioredis';

let connection: Redis | undefined;

/**
 * The process's one Redis connection, or undefined when no address is configured. Commands fail at once while Redis is
 * away (no queue, no retries), so that a caller falls back instead of waiting.
 */
export function redis(url: string | undefined): Redis | undefined {
  if (url === undefined) return undefined;
  if (connection === undefined) {
    connection = new Redis(url, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      connectTimeout: 2_000,
      commandTimeout: 500,
      retryStrategy: (attempt) => Math.min(attempt * 200, 5_000),
    });
    // Without a listener ioredis prints every failed reconnect; callers report what they fall back to.
    connection.on('error', () => undefined);
  }
  return connection;
}

export function closeRedis(): void {
  connection?.disconnect();
  connection = undefined;
}
