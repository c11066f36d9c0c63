import { Client } from 'pg';

/** Any number no other step uses. */
const LOCK = 7_210_440;

interface StartLog {
  info(message: string): void;
  warn(message: string): void;
}

export interface StartLock {
  /** Lets the next process begin. Never throws. */
  release(): Promise<void>;
}

export interface StartLockOptions {
  connectionString: string;
  ssl: boolean;
  log: StartLog;
}

/**
 * Lets one process at a time migrate, lay tables and fill them with what the shop cannot do without: Strapi does that at every
 * start and knows no lock of its own, and two that begin together on an empty database would both fail. Resolves when it is this
 * process's turn; whoever waits says so. The lock lives on a connection of its own, so that it ends with its process, however that
 * ends: the next one then goes on where the migrations stand.
 */
export async function lockStart({ connectionString, ssl, log }: StartLockOptions): Promise<StartLock> {
  const client = new Client({
    connectionString,
    ssl,
    application_name: 'shop-start',
    keepAlive: true,
  });
  client.on('error', (error) =>
    log.warn(`the lock on starts was lost, other processes may start beside this one: ${error.message}`),
  );
  await client.connect();
  await client.query('set lock_timeout = 0; set statement_timeout = 0; set idle_session_timeout = 0');
  const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [LOCK]);
  if (rows[0]?.mine !== true) {
    log.info('another process is preparing the database; this one waits for it');
    await client.query('select pg_advisory_lock($1)', [LOCK]);
  }
  // A start that fails must be able to end. The types of `pg` leave it out.
  (client as Client & { unref(): void }).unref();
  return { release: () => client.end().catch(() => undefined) };
}
