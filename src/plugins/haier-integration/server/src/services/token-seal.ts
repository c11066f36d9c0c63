/** A token as it is held, and as it is kept in the table: encrypted, with its own times. */
import { z } from 'zod';

import { type Vault, VaultError } from './vault';

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
  /** Counts the tokens of an account. */
  version: number;
}

const REFRESH_EARLY_MS = 10 * 60_000;
/** For tokens that live shorter than the hour of the contract: the same part of their life. */
const REFRESH_EARLY_PART = 6;

export function toHeld(issued: IssuedToken, askedAt: number, version: number): HeldToken {
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

const sealedSchema = z.object({
  accessToken: z.string(),
  tokenType: z.string().nullable(),
  refreshAt: z.number(),
  expiresAt: z.number(),
});

/** Throws VaultError. */
export function sealToken(vault: Vault, { accessToken, tokenType, refreshAt, expiresAt }: HeldToken): string {
  const times = { refreshAt: refreshAt.getTime(), expiresAt: expiresAt.getTime() };
  return vault.encrypt(JSON.stringify({ accessToken, tokenType, ...times }));
}

/** Undefined for what cannot be opened any more, as after a change of the key: it is as good as none. */
export function openToken(vault: Vault, cipherText: string, version: number): HeldToken | undefined {
  try {
    const { accessToken, tokenType, ...times } = sealedSchema.parse(JSON.parse(vault.decrypt(cipherText)));
    return {
      accessToken,
      tokenType,
      refreshAt: new Date(times.refreshAt),
      expiresAt: new Date(times.expiresAt),
      version,
    };
  } catch (error) {
    if (error instanceof VaultError || error instanceof SyntaxError || error instanceof z.ZodError)
      return undefined;
    throw error;
  }
}
