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
      disconnectTimeout: 200,
      retryStrategy: (attempt) => Math.min(attempt * 200, 5_000),
    });
    // Without a listener ioredis prints every failed reconnect; callers report what they fall back to.
    connection.on('error', () => undefined);
  }
  return connection;
}

const CONNECT_WITHIN_MS = 3_000;

/**
 * Opens the connection at start and says how it went, so that the first requests already find it and an operator knows
 * whether limits are shared. Never throws: the shop is right without Redis, each process then counts for itself.
 */
export async function openRedis(
  url: string | undefined,
  log: { info(text: string): void; warn(text: string): void },
): Promise<void> {
  const client = redis(url);
  if (client === undefined) {
    log.info('No REDIS_URL: this process keeps its own rate limits');
    return;
  }
  if (client.status === 'ready') return;
  const ready = await new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), CONNECT_WITHIN_MS);
    client.once('ready', () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
  if (!ready) log.warn('Redis does not answer yet: this process keeps its own rate limits until it does');
}

export function closeRedis(): void {
  connection?.disconnect();
  connection = undefined;
}
