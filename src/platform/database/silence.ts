/**
 * A database that is there and says nothing: a machine that hangs, a line a firewall swallows. Its own limits
 * (session-limits.ts) do not help then, since it is not there to keep them; who waits for it would wait for as long as it
 * hangs, and every request behind them too. It is found out from here, and those who wait are told.
 */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';

/** Who has waited this long without any word of the database makes us ask it. */
const SUSPECT_AFTER_MS = 2_000;
/** The question is a statement that costs nothing, over a connection of its own. */
const ANSWER_WITHIN_MS = 2_000;
const LOOK_EVERY_MS = 250;
/** A timer that comes this late says that this process was kept from listening. */
const OWN_SLEEP_MS = 500;

/** Reads like a line that timed out, which it is: nobody can tell what became of a write. */
export class SilentDatabaseError extends Error {
  readonly code = 'ETIMEDOUT';

  constructor() {
    super('the database does not answer');
    this.name = 'SilentDatabaseError';
  }
}

interface PgConnection {
  connection: { stream: { destroy(error?: Error): void } };
  query(...statement: unknown[]): unknown;
}
interface Asking {
  connect(): Promise<unknown>;
  query(sql: string): Promise<unknown>;
  end(): Promise<void>;
  on(event: 'error', listener: () => void): void;
}
interface PooledClient {
  pool: {
    used: { resource: PgConnection }[];
    free: { resource: PgConnection }[];
    on(event: 'createSuccess', listener: (id: number, connection: PgConnection) => void): void;
  };
  driver: { Client: new (options: object) => Asking & PgConnection };
  connectionSettings: object;
  acquireConnection(): Promise<unknown>;
  releaseConnection(connection: unknown): Promise<void>;
}

const poolOf = (knex: Knex): PooledClient => knex.client as PooledClient;

/** Ends every connection that is in use: the statements on them fail as on a broken line, and new ones are opened. */
export function cutConnections(knex: Knex): void {
  for (const { resource } of [...poolOf(knex).pool.used])
    resource.connection.stream.destroy(new SilentDatabaseError());
}

/** True when it does not say a word in time; an error is one. */
async function isSilent({ driver, connectionSettings }: PooledClient): Promise<boolean> {
  const asking = new driver.Client({
    ...connectionSettings,
    // Its own timer would not know that this process was asleep.
    connectionTimeoutMillis: 0,
    application_name: 'shop-asking',
  });
  // What becomes of the connection is told by what is asked over it.
  asking.on('error', () => undefined);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<true>((resolve) => {
    const wait = (): void => {
      const due = performance.now() + ANSWER_WITHIN_MS;
      // A process that was busy or asleep itself has not listened meanwhile: what came is read before the next timer.
      const end = (): void => (performance.now() - due > OWN_SLEEP_MS ? wait() : resolve(true));
      timer = setTimeout(end, ANSWER_WITHIN_MS);
    };
    wait();
  });
  const word = asking
    .connect()
    .then(() => asking.query('select 1'))
    .then(
      () => false,
      () => false,
    );
  try {
    return await Promise.race([word, late]);
  } finally {
    clearTimeout(timer);
    asking.connection.stream.destroy();
  }
}

/** Notes every statement of a connection for as long as nothing was heard of it, BEGIN and COMMIT too. */
function noteStatements(connection: PgConnection, waiting: Waiting): void {
  const query = connection.query.bind(connection);
  connection.query = (...statement) => {
    const done = statement.at(-1);
    // What streams its rows says by itself when it breaks.
    if (typeof done !== 'function') return query(...statement);
    const who = {};
    waiting.begin(who);
    const heard = (...result: unknown[]): unknown => {
      waiting.end(who);
      return (done as (...values: unknown[]) => unknown)(...result);
    };
    return query(...statement.slice(0, -1), heard);
  };
}

/** Who waits for a connection or for the answer to a statement, since when. */
class Waiting {
  private readonly since = new Map<unknown, number>();
  private heardAt = performance.now();

  begin(who: unknown): void {
    this.since.set(who, performance.now());
  }

  end(who: unknown): void {
    this.since.delete(who);
    this.hear();
  }

  /** The database has said something. */
  hear(): void {
    this.heardAt = performance.now();
  }

  /** Milliseconds for which somebody has waited and nobody heard anything; 0 when nobody waits. */
  longest(): number {
    const [oldest] = this.since.values();
    return oldest === undefined ? 0 : performance.now() - Math.max(oldest, this.heardAt);
  }
}

/**
 * From now on nobody waits for a PostgreSQL that says nothing: within some four seconds statements and those who want a
 * connection fail with an error that `isOutcomeUnknown` knows, and new ones at once until it answers again. `onChange` hears of
 * both. Returns what ends the watch.
 */
export function watchForSilence(knex: Knex, onChange: (isSilent: boolean) => void): () => void {
  if (knex.client.config.client !== 'pg') return () => undefined;
  const client = poolOf(knex);
  const waiting = new Waiting();
  const gaveUp = new Set<(error: Error) => void>();
  let silent = false;
  let timer: NodeJS.Timeout | undefined;

  for (const { resource } of [...client.pool.used, ...client.pool.free]) noteStatements(resource, waiting);
  client.pool.on('createSuccess', (_id, connection) => noteStatements(connection, waiting));

  const acquire = client.acquireConnection.bind(client);
  client.acquireConnection = async () => {
    if (silent) throw new SilentDatabaseError();
    const wanted = acquire();
    const who = {};
    waiting.begin(who);
    let giveUp: (error: Error) => void = () => undefined;
    const givenUp = new Promise<never>((_resolve, reject) => gaveUp.add((giveUp = reject)));
    try {
      return await Promise.race([wanted, givenUp]);
    } catch (error) {
      // It may still come, and nobody waits for it.
      if (error instanceof SilentDatabaseError)
        wanted.then((late) => client.releaseConnection(late)).catch(() => undefined);
      throw error;
    } finally {
      gaveUp.delete(giveUp);
      waiting.end(who);
    }
  };

  const look = async (): Promise<void> => {
    if (!silent && waiting.longest() < SUSPECT_AFTER_MS) return;
    const was = silent;
    silent = await isSilent(client);
    if (silent !== was) onChange(silent);
    if (!silent) return waiting.hear();
    for (const giveUp of [...gaveUp]) giveUp(new SilentDatabaseError());
    cutConnections(knex);
  };
  const again = (): void => {
    timer = setTimeout(
      () => void look().finally(() => timer !== undefined && again()),
      LOOK_EVERY_MS,
    ).unref();
  };
  again();
  return () => {
    clearTimeout(timer);
    timer = undefined;
  };
}

let end: (() => void) | undefined;

/** The watch over this process's database, once the shop serves: laying tables may take as long as it takes. */
export function keepFromWaiting(strapi: Core.Strapi): void {
  end = watchForSilence(strapi.db.connection, (isSilent) =>
    isSilent
      ? strapi.log.error('The database does not answer: who waits for it is refused until it does')
      : strapi.log.info('The database answers again'),
  );
}

export function waitAgain(): void {
  end?.();
  end = undefined;
}
