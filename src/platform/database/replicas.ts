import { AsyncLocalStorage } from 'node:async_hooks';

import knexFactory, { type Knex } from 'knex';

import { PLANNING_HINTS } from './session-limits';
import { cutConnections } from './silence';

/** How often each replica is asked how far it has come. */
const LOOK_EVERY_MS = 100;
/** A replica whose state may be older than this is left out until it has caught up. */
const MAX_BEHIND_MS = 500;
/** A look that takes longer than this is a replica that does not answer. */
const LOOK_WITHIN_MS = 1_000;
const STATEMENT_TIMEOUT_MS = 5_000;
const POOL = { min: 0, max: 8 };
const PLANNING = Object.entries(PLANNING_HINTS)
  .map(([name, value]) => `-c ${name}=${value}`)
  .join(' ');

export interface ReplicaOptions {
  urls: string[];
  ssl: boolean;
  primary: Knex;
  /** Told when a replica is left out, with why, and when it is taken back. */
  onChange: (name: string, state: { isUsed: boolean; reason?: string }) => void;
  /** Hears after each look how far each is behind, in the order of `urls`. */
  onLook?: (behindMs: number[]) => void;
}

interface Replica {
  name: string;
  knex: Knex;
  /** It has everything that was committed before this moment (`performance.now()`). */
  caughtUpTo: number;
  isUsed: boolean;
}

/** What a read from a replica brought, and the moment whose state it has at least. */
export interface ReplicaRead<T> {
  value: T;
  asOf: number;
}

interface Reading {
  replica: Knex;
  asOf: number;
}

const reading = new AsyncLocalStorage<Reading>();

/** The replica that reads of this call chain go to, if any. */
export const replicaInUse = (): Knex | undefined => reading.getStore()?.replica;

/** The moment whose state a read that begins now has at least (`performance.now()`): on a replica some moment ago. */
export const readingSince = (): number => reading.getStore()?.asOf ?? performance.now();

/** Runs reads where other call chains' reads go: on their replica, or on the primary when they have none. */
export const readingWhere = <T>(replica: Knex | undefined, work: () => T): T =>
  // Each of them knows of another moment, so of this reading none is known.
  replica === undefined ? reading.exit(work) : reading.run({ replica, asOf: -Infinity }, work);

const timeout = (ms: number): Promise<never> =>
  new Promise((_resolve, reject) =>
    setTimeout(() => reject(new Error('does not answer in time')), ms).unref(),
  );

/** Host and port alone: an address carries a password. */
function nameOf(url: string): string {
  const { host } = new URL(url);
  return host;
}

function connect(url: string, ssl: boolean): Knex {
  return knexFactory({
    client: 'pg',
    connection: {
      connectionString: url,
      ssl,
      application_name: 'shop-replica-reads',
      connectionTimeoutMillis: LOOK_WITHIN_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      options: `-c default_transaction_read_only=on ${PLANNING}`,
    } as never, // knex's type asks for the parts; pg takes the address as a whole.
    pool: POOL,
    acquireConnectionTimeout: LOOK_WITHIN_MS,
  });
}

/**
 * Copies of the database for reads that may be a little old. Each is asked all the time how far it has come: the primary's place in
 * its log is read at a moment, and a replica that has replayed up to that place has everything committed before that moment. One that
 * is too far behind, or does not answer, is left out and taken back when it has caught up.
 */
export class Replicas {
  private readonly replicas: Replica[];
  private timer: NodeJS.Timeout | undefined;
  private turn = 0;
  private looking: Promise<void> = Promise.resolve();

  constructor(private readonly options: ReplicaOptions) {
    this.replicas = options.urls.map((url) => ({
      name: nameOf(url),
      knex: connect(url, options.ssl),
      caughtUpTo: -Infinity,
      isUsed: false,
    }));
  }

  start(): void {
    if (this.replicas.length === 0) return;
    const look = (): void => {
      this.looking = this.look()
        .catch(() => undefined)
        .then(() => this.options.onLook?.(this.standing().map(({ behindMs }) => behindMs)));
      void this.looking.then(() => {
        if (this.timer !== undefined) this.timer = setTimeout(look, LOOK_EVERY_MS).unref();
      });
    };
    this.timer = setTimeout(look, 0);
  }

  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.looking;
    await Promise.all(this.replicas.map(({ knex }) => knex.destroy()));
  }

  /** How far each is behind, in milliseconds; at most that much is missing. For health and metrics. */
  standing(): { name: string; isUsed: boolean; behindMs: number }[] {
    const now = performance.now();
    return this.replicas.map(({ name, isUsed, caughtUpTo }) => ({
      name,
      isUsed,
      behindMs: Number.isFinite(caughtUpTo) ? Math.round(now - caughtUpTo) : Number.MAX_SAFE_INTEGER,
    }));
  }

  /**
   * Runs reads on a replica. Undefined when none may be used or the reading failed there, if only because what was asked for has not
   * arrived yet: the caller then asks the primary. A replica whose connection failed is left out.
   */
  async read<T>(work: () => Promise<T>): Promise<ReplicaRead<T> | undefined> {
    const replica = this.choose();
    if (replica === undefined) return undefined;
    const asOf = replica.caughtUpTo;
    try {
      return { value: await reading.run({ replica: replica.knex, asOf }, work), asOf };
    } catch (error) {
      if (isOfDatabase(error)) {
        replica.caughtUpTo = -Infinity;
        this.setUsed(replica, false, 'a read failed');
      }
      return undefined;
    }
  }

  private choose(): Replica | undefined {
    const oldest = performance.now() - MAX_BEHIND_MS;
    const usable = this.replicas.filter(({ isUsed, caughtUpTo }) => isUsed && caughtUpTo >= oldest);
    this.turn += 1;
    return usable[this.turn % usable.length];
  }

  private async look(): Promise<void> {
    const moment = performance.now();
    const place = await this.placeOfPrimary();
    await Promise.all(this.replicas.map((replica) => this.lookAt(replica, place, moment)));
  }

  private async placeOfPrimary(): Promise<string> {
    const asked = this.options.primary.raw('select pg_current_wal_lsn()::text as place');
    const { rows } = (await Promise.race([asked, timeout(LOOK_WITHIN_MS)])) as { rows: [{ place: string }] };
    return rows[0].place;
  }

  private async lookAt(replica: Replica, place: string, moment: number): Promise<void> {
    try {
      const asked = replica.knex.raw(
        `select not pg_is_in_recovery() as promoted,
           coalesce(pg_last_wal_replay_lsn() >= ?::pg_lsn, false) as there`,
        [place],
      );
      const { rows } = (await Promise.race([asked, timeout(LOOK_WITHIN_MS)])) as {
        rows: [{ promoted: boolean; there: boolean }];
      };
      // One that was made a primary goes its own way from then on.
      if (rows[0].promoted) return this.setUsed(replica, false, 'is no replica any more');
      if (rows[0].there) replica.caughtUpTo = moment;
      const isBehind = performance.now() - replica.caughtUpTo > MAX_BEHIND_MS;
      this.setUsed(replica, !isBehind, isBehind ? 'is too far behind' : undefined);
    } catch {
      this.setUsed(replica, false, 'does not answer');
      // Who reads there now is not left waiting: the primary is asked instead.
      cutConnections(replica.knex);
    }
  }

  private setUsed(replica: Replica, isUsed: boolean, reason?: string): void {
    if (replica.isUsed === isUsed) return;
    replica.isUsed = isUsed;
    this.options.onChange(replica.name, { isUsed, reason });
  }
}

/** An error of the driver, the pool or the server, and not a word of the shop. */
function isOfDatabase(error: unknown): boolean {
  if (!(error instanceof Error) || error.name === 'Refusal') return false;
  const { code, name } = error as Error & { code?: unknown };
  return (
    name === 'KnexTimeoutError' ||
    (typeof code === 'string' && /^(?:[0-9A-Z]{5}|E[A-Z]+)$/.test(code)) ||
    /connection|terminat/i.test(error.message)
  );
}
