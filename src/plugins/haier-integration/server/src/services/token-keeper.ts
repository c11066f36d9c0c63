/**
 * One token for each account over all processes. It is asked for ten minutes before it ends, by the one process that gets the
 * lease; the others go on with the old one while it is good and wait when it is not.
 */
import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

import type { Core } from '@strapi/strapi';
import { z } from 'zod';

import type { System } from '../constants';
import { HaierError } from '../domain/errors';
import { createTokenStore, type TokenStore } from './token-store';
import { createVault, type Vault, VaultError } from './vault';

/** What a system answers to the request for a token. */
export interface IssuedToken {
  accessToken: string;
  tokenType: string | null;
  expiresInSeconds: number;
}

export interface HeldToken {
  accessToken: string;
  tokenType: string | null;
  refreshAt: Date;
  expiresAt: Date;
  version: number;
}

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

const REFRESH_EARLY_MS = 10 * 60_000;
/** For tokens that live shorter than the hour of the contract: the same part of their life. */
const REFRESH_EARLY_PART = 6;
/** A token that ends within this time may end on its way. */
const USABLE_MS = 5_000;
/** Longer than three tries at a token take. */
const LEASE_MS = 120_000;
const POLL_MS = 200;
/** A refused account is not asked for again at once: some systems lock it. */
const REFUSAL_KEPT_MS = 15_000;
const KEEP_EXPIRED_MS = 24 * 3_600_000;

const sealedSchema = z.object({
  accessToken: z.string(),
  tokenType: z.string().nullable(),
  refreshAt: z.number(),
  expiresAt: z.number(),
});

export interface TokenKeeperOptions {
  store: TokenStore;
  vault: Vault;
  /** Makes account names that cannot be guessed back. */
  hashKey: string;
  log: { warn(text: string): void };
  now?: () => number;
  pollMs?: number;
}

export function createTokenKeeper(options: TokenKeeperOptions): TokenKeeper {
  const { store, vault, hashKey, log, now = Date.now, pollMs = POLL_MS } = options;
  const held = new Map<string, HeldToken>();
  const running = new Map<string, Promise<HeldToken>>();
  const refusals = new Map<string, { error: HaierError; until: number }>();

  const isUsable = (token: HeldToken | undefined, refused?: HeldToken): token is HeldToken =>
    token !== undefined &&
    token.version !== refused?.version &&
    now() < token.expiresAt.getTime() - USABLE_MS;
  const isFresh = (token: HeldToken | undefined, refused?: HeldToken): token is HeldToken =>
    isUsable(token, refused) && now() < token.refreshAt.getTime();

  function seal({ accessToken, tokenType, refreshAt, expiresAt }: Omit<HeldToken, 'version'>): string {
    return vault.encrypt(
      JSON.stringify({
        accessToken,
        tokenType,
        refreshAt: refreshAt.getTime(),
        expiresAt: expiresAt.getTime(),
      }),
    );
  }

  /** What cannot be opened any more is as good as none: a new one is asked for and replaces it. */
  function unseal(cipherText: string | null, version: number): HeldToken | undefined {
    if (cipherText === null) return undefined;
    try {
      const sealed = sealedSchema.parse(JSON.parse(vault.decrypt(cipherText)));
      const { accessToken, tokenType, refreshAt, expiresAt } = sealed;
      return {
        accessToken,
        tokenType,
        refreshAt: new Date(refreshAt),
        expiresAt: new Date(expiresAt),
        version,
      };
    } catch (error) {
      log.warn(
        `haier-integration: a stored token cannot be read (${(error as Error).name}); asking for a new one`,
      );
      return undefined;
    }
  }

  function toHeld(issued: IssuedToken, askedAt: number, version: number): HeldToken {
    const life = issued.expiresInSeconds * 1000;
    const early = Math.min(REFRESH_EARLY_MS, life / REFRESH_EARLY_PART);
    return {
      accessToken: issued.accessToken,
      tokenType: issued.tokenType,
      refreshAt: new Date(askedAt + life - early),
      expiresAt: new Date(askedAt + life),
      version,
    };
  }

  /** Asks under the lease; undefined when it took so long that somebody else has it now. */
  async function issue(
    account: TokenAccount,
    version: number,
    holder: string,
  ): Promise<HeldToken | undefined> {
    try {
      const askedAt = now();
      const token = toHeld(await account.issue(), askedAt, version + 1);
      const row = { account: account.key, version, holder, token: seal(token), expiresAt: token.expiresAt };
      return (await store.save(row)) ? token : undefined;
    } catch (error) {
      await store.release(account.key, holder);
      throw error;
    }
  }

  async function refresh(account: TokenAccount, refused: HeldToken | undefined, isForced: boolean) {
    const { key } = account;
    const deadline = now() + LEASE_MS;
    let firstVersion: number | undefined;
    for (;;) {
      const row = await store.read(key);
      const stored = unseal(row.token, row.version);
      firstVersion ??= row.version;
      if (isFresh(stored, refused) && !(isForced && row.version === firstVersion)) return stored;
      const holder = randomUUID();
      const times = { now: new Date(now()), until: new Date(now() + LEASE_MS) };
      if (await store.lease({ account: key, version: row.version, holder, ...times })) {
        const issued = await issue(account, row.version, holder);
        if (issued !== undefined) return issued;
        continue;
      }
      if (isUsable(stored, refused) && !isForced) return stored;
      if (now() > deadline) throw noToken(account.system, 'another process has not got a token in time');
      await wait(pollMs);
    }
  }

  /** One at a time in this process. */
  function refreshOnce(account: TokenAccount, refused?: HeldToken): Promise<HeldToken> {
    const { key } = account;
    const known = running.get(key);
    if (known !== undefined) return known;
    const started = refresh(account, refused, false)
      .then((token) => {
        held.set(key, token);
        refusals.delete(key);
        return token;
      })
      .catch((error: unknown) => {
        if (error instanceof HaierError && !error.isWorthRepeating)
          refusals.set(key, { error, until: now() + REFUSAL_KEPT_MS });
        throw error;
      })
      .finally(() => running.delete(key));
    running.set(key, started);
    return started;
  }

  async function acquire(account: TokenAccount, refused?: HeldToken): Promise<HeldToken> {
    const { key } = account;
    if (refused !== undefined) {
      if (held.get(key)?.version === refused.version) held.delete(key);
      await store.drop(key, refused.version);
    }
    const token = held.get(key);
    if (isFresh(token, refused)) return token;
    const isUsableNow = isUsable(token, refused);
    if (isUsableNow && running.has(key)) return token;
    const refusal = refusals.get(key);
    if (refusal !== undefined && now() < refusal.until) {
      if (isUsableNow) return token;
      throw refusal.error;
    }
    try {
      const found = await refreshOnce(account, refused);
      // A refresh that began before the refusal may have found the refused one.
      return found.version === refused?.version ? await refreshOnce(account, refused) : found;
    } catch (error) {
      if (isUsableNow) return token;
      throw error;
    }
  }

  return {
    acquire: (account, refused) => speaking(account.system, acquire(account, refused)),
    renew: (account) =>
      speaking(
        account.system,
        refresh(account, undefined, true).then((token) => {
          held.set(account.key, token);
          refusals.delete(account.key);
          return token;
        }),
      ),
    keyOf: (system, credentials) =>
      `${system}:${createHmac('sha256', hashKey).update(JSON.stringify(credentials)).digest('hex')}`,
    removeExpired: () => store.removeExpired(new Date(now() - KEEP_EXPIRED_MS)),
  };
}

const noToken = (system: System, why: string, cause?: unknown): HaierError =>
  new HaierError({ system, operation: 'authenticate', kind: 'unavailable', upstreamMessage: why }, { cause });

/** Whatever fails between here and the table is a `HaierError` too. */
async function speaking(system: System, token: Promise<HeldToken>): Promise<HeldToken> {
  try {
    return await token;
  } catch (error) {
    if (error instanceof HaierError) throw error;
    if (error instanceof VaultError)
      throw new HaierError(
        { system, operation: 'authenticate', kind: 'not_configured', upstreamMessage: error.message },
        { cause: error },
      );
    throw noToken(system, 'the token could not be read or stored', error);
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
