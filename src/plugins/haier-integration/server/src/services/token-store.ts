/** The rows of the tokens: one for each account, changed only by whoever sees the version or the lease they expect. */
import type { Core } from '@strapi/strapi';

import { TOKEN_UID } from '../constants';

export interface TokenRow {
  /** Cipher text; null when there is none or it was dropped. */
  token: string | null;
  version: number;
}

export interface TokenStore {
  /** The account's row; made when it is not there. */
  read(account: string): Promise<TokenRow>;
  /** Claims the right to refresh. False when somebody else has it, or the token has changed since. */
  lease(claim: {
    account: string;
    version: number;
    holder: string;
    now: Date;
    until: Date;
  }): Promise<boolean>;
  /** Stores a new token under the lease and ends it. False when the lease was taken over. */
  save(found: {
    account: string;
    version: number;
    holder: string;
    token: string;
    expiresAt: Date;
  }): Promise<boolean>;
  release(account: string, holder: string): Promise<void>;
  /** Forgets the token of this very version. */
  drop(account: string, version: number): Promise<void>;
  /** Forgets the accounts whose token ended before. */
  removeExpired(before: Date): Promise<number>;
}

export function createTokenStore(strapi: Core.Strapi): TokenStore {
  const rows = () => strapi.db.connection(strapi.db.metadata.get(TOKEN_UID).tableName);
  const noLease = { refreshing_by: null, refreshing_until: null };
  const find = async (account: string): Promise<TokenRow | undefined> =>
    (await rows().where({ account }).first('token', 'version')) as TokenRow | undefined;
  return {
    async read(account) {
      const row = await find(account);
      if (row !== undefined) return row;
      await rows()
        .insert({ account, version: 0, created_at: new Date(), updated_at: new Date() })
        .onConflict('account')
        .ignore();
      return (await find(account)) ?? { token: null, version: 0 };
    },
    async lease({ account, version, holder, now, until }) {
      const changed: number = await rows()
        .where({ account, version })
        .andWhere((free) => void free.whereNull('refreshing_until').orWhere('refreshing_until', '<', now))
        .update({ refreshing_by: holder, refreshing_until: until });
      return changed === 1;
    },
    async save({ account, version, holder, token, expiresAt }) {
      const changed: number = await rows()
        .where({ account, version, refreshing_by: holder })
        .update({ token, expires_at: expiresAt, version: version + 1, updated_at: new Date(), ...noLease });
      return changed === 1;
    },
    async release(account, holder) {
      await rows().where({ account, refreshing_by: holder }).update(noLease);
    },
    async drop(account, version) {
      await rows().where({ account, version }).update({ token: null });
    },
    removeExpired: async (before) => rows().where('expires_at', '<', before).delete(),
  };
}

/** Tokens of accounts that are only tried out: gone with the process, seen by nobody else. */
export function createMemoryTokenStore(): TokenStore {
  const tokens = new Map<string, TokenRow>();
  const read = (account: string): TokenRow => tokens.get(account) ?? { token: null, version: 0 };
  return {
    read: (account) => Promise.resolve(read(account)),
    lease: ({ account, version }) => Promise.resolve(read(account).version === version),
    save({ account, version, token }) {
      tokens.set(account, { token, version: version + 1 });
      return Promise.resolve(true);
    },
    release: () => Promise.resolve(),
    drop(account, version) {
      if (read(account).version === version) tokens.set(account, { token: null, version });
      return Promise.resolve();
    },
    removeExpired: () => Promise.resolve(0),
  };
}
