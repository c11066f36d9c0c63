/**
 * One token for each account over all processes. It is asked for ten minutes before it ends, by the one process that gets the
 * lease; the others go on with the old one while it is good and wait when it is not.
 */
import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

import type { Core } from '@strapi/strapi';

import type { System } from '../constants';
import { HaierError } from '../domain/errors';
import { type HeldToken, type IssuedToken, openToken, sealToken, toHeld } from './token-seal';
import { createTokenStore, type TokenRow, type TokenStore } from './token-store';
import { createVault, type Vault, VaultError } from './vault';

export type { HeldToken, IssuedToken } from './token-seal';

export interface TokenAccount {
  system: System;
  /** Other credentials are another account; see `keyOf`. */
  key: string;
  /** Asks for a token. Throws HaierError. */
  issue(): Promise<IssuedToken>;
}

export interface TokenKeeper {
  /** A token that is good now. `refused` is one the system would not take: it is dropped and never the answer. Throws HaierError. */
  acquire(account: TokenAccount, refused?: HeldToken): Promise<HeldToken>;
  /** A token asked for anew, whatever is held. Throws HaierError. */
  renew(account: TokenAccount): Promise<HeldToken>;
  /** The name of an account in the table; it tells nothing of the credentials it stands for. */
  keyOf(system: System, credentials: readonly string[]): string;
  /** Forgets accounts nobody has used for a day. */
  removeExpired(): Promise<number>;
}

export interface TokenKeeperOptions {
  store: TokenStore;
  vault: Vault;
  /** Makes account names that cannot be guessed back. */
  hashKey: string;
  log: { warn(text: string): void };
  now?: () => number;
  pollMs?: number;
}

/** A token that ends within this time may end on its way. */
const USABLE_MS = 5_000;
/** Longer than three tries at a token take. */
const LEASE_MS = 120_000;
const POLL_MS = 200;
/** A refused account is not asked for again at once: some systems lock it. */
const REFUSAL_KEPT_MS = 15_000;
const KEEP_EXPIRED_MS = 24 * 3_600_000;

class SharedTokenKeeper implements TokenKeeper {
  private readonly held = new Map<string, HeldToken>();
  private readonly running = new Map<string, Promise<HeldToken>>();
  private readonly refusals = new Map<string, { error: HaierError; until: number }>();
  private readonly now: () => number;

  constructor(private readonly options: TokenKeeperOptions) {
    this.now = options.now ?? Date.now;
  }

  acquire(account: TokenAccount, refused?: HeldToken): Promise<HeldToken> {
    return speaking(account.system, this.find(account, refused));
  }

  renew(account: TokenAccount): Promise<HeldToken> {
    return speaking(account.system, this.hold(account, this.refresh(account, { isForced: true })));
  }

  keyOf(system: System, credentials: readonly string[]): string {
    const name = createHmac('sha256', this.options.hashKey).update(JSON.stringify(credentials));
    return `${system}:${name.digest('hex')}`;
  }

  removeExpired(): Promise<number> {
    return this.options.store.removeExpired(new Date(this.now() - KEEP_EXPIRED_MS));
  }

  private async find(account: TokenAccount, refused?: HeldToken): Promise<HeldToken> {
    const { key } = account;
    if (refused !== undefined) {
      if (this.held.get(key)?.version === refused.version) this.held.delete(key);
      await this.options.store.drop(key, refused.version);
    }
    const token = this.held.get(key);
    if (this.isFresh(token, refused)) return token;
    const old = this.isUsable(token, refused) ? token : undefined;
    if (old !== undefined && (this.running.has(key) || this.refusalOf(key) !== undefined)) return old;
    const refusal = this.refusalOf(key);
    if (refusal !== undefined) throw refusal;
    try {
      const found = await this.refreshOnce(account, refused);
      // A refresh that began before the refusal may have found the refused one.
      return found.version === refused?.version ? await this.refreshOnce(account, refused) : found;
    } catch (error) {
      if (old !== undefined) return old;
      throw error;
    }
  }

  /** One at a time in this process. */
  private refreshOnce(account: TokenAccount, refused?: HeldToken): Promise<HeldToken> {
    const { key } = account;
    const known = this.running.get(key);
    if (known !== undefined) return known;
    const started = this.hold(account, this.refresh(account, { refused })).finally(() =>
      this.running.delete(key),
    );
    this.running.set(key, started);
    return started;
  }

  /** Remembers what a refresh brings, a refusal too. */
  private async hold({ key }: TokenAccount, refresh: Promise<HeldToken>): Promise<HeldToken> {
    try {
      const token = await refresh;
      this.held.set(key, token);
      this.refusals.delete(key);
      return token;
    } catch (error) {
      if (error instanceof HaierError && !error.isWorthRepeating)
        this.refusals.set(key, { error, until: this.now() + REFUSAL_KEPT_MS });
      throw error;
    }
  }

  /** From the table, or from the system under the lease; waits for whoever has the lease. */
  private async refresh(
    account: TokenAccount,
    { refused, isForced = false }: { refused?: HeldToken; isForced?: boolean },
  ): Promise<HeldToken> {
    const deadline = this.now() + LEASE_MS;
    let firstVersion: number | undefined;
    for (;;) {
      const row = await this.options.store.read(account.key);
      firstVersion ??= row.version;
      const stored = this.open(row);
      // A forced one that another process has brought meanwhile is as new as one of our own.
      const isNew = !isForced || row.version !== firstVersion;
      if (isNew && this.isFresh(stored, refused)) return stored;
      const issued = await this.issueUnderLease(account, row.version);
      if (issued !== undefined) return issued;
      if (!isForced && this.isUsable(stored, refused)) return stored;
      if (this.now() > deadline) throw noToken(account.system, 'another process has not got a token in time');
      await wait(this.options.pollMs ?? POLL_MS);
    }
  }

  /** Undefined when somebody else has the lease, or took it over because this took too long. */
  private async issueUnderLease(account: TokenAccount, version: number): Promise<HeldToken | undefined> {
    const { store, vault } = this.options;
    const holder = randomUUID();
    const askedAt = this.now();
    const claim = { account: account.key, version, holder };
    const until = new Date(askedAt + LEASE_MS);
    if (!(await store.lease({ ...claim, now: new Date(askedAt), until }))) return undefined;
    try {
      const token = toHeld(await account.issue(), askedAt, version + 1);
      const isSaved = await store.save({
        ...claim,
        token: sealToken(vault, token),
        expiresAt: token.expiresAt,
      });
      return isSaved ? token : undefined;
    } catch (error) {
      // Where even that fails, the lease runs out by itself; what went wrong first is what counts.
      await store.release(account.key, holder).catch(() => undefined);
      throw error;
    }
  }

  private open({ token, version }: TokenRow): HeldToken | undefined {
    if (token === null) return undefined;
    const opened = openToken(this.options.vault, token, version);
    if (opened === undefined)
      this.options.log.warn('haier-integration: a stored token cannot be read; a new one is asked for');
    return opened;
  }

  private refusalOf(key: string): HaierError | undefined {
    const refusal = this.refusals.get(key);
    return refusal !== undefined && this.now() < refusal.until ? refusal.error : undefined;
  }

  private isUsable(token: HeldToken | undefined, refused?: HeldToken): token is HeldToken {
    return (
      token !== undefined &&
      token.version !== refused?.version &&
      this.now() < token.expiresAt.getTime() - USABLE_MS
    );
  }

  private isFresh(token: HeldToken | undefined, refused?: HeldToken): token is HeldToken {
    return this.isUsable(token, refused) && this.now() < token.refreshAt.getTime();
  }
}

export const createTokenKeeper = (options: TokenKeeperOptions): TokenKeeper => new SharedTokenKeeper(options);

const noToken = (system: System, why: string, cause?: unknown): HaierError =>
  new HaierError({ system, operation: 'authenticate', kind: 'unavailable', upstreamMessage: why }, { cause });

/** Whatever fails between here and the table is a `HaierError` too. */
async function speaking(system: System, token: Promise<HeldToken>): Promise<HeldToken> {
  try {
    return await token;
  } catch (error) {
    if (error instanceof HaierError) throw error;
    if (!(error instanceof VaultError)) throw noToken(system, 'the token could not be read or stored', error);
    throw new HaierError(
      { system, operation: 'authenticate', kind: 'not_configured', upstreamMessage: error.message },
      { cause: error },
    );
  }
}

/** The keeper of this process. */
export default ({ strapi }: { strapi: Core.Strapi }): TokenKeeper =>
  createTokenKeeper({
    store: createTokenStore(strapi),
    vault: createVault(strapi),
    hashKey: strapi.config.get<string>('admin.secrets.encryptionKey') ?? 'haier-integration',
    log: strapi.log,
  });
