/** The one place that touches Strapi's encryption, which is an internal service and answers null instead of failing. */
import type { Core } from '@strapi/strapi';

/** `no_key`: the server has no ENCRYPTION_KEY. `unreadable`: encrypted with another key, or damaged. */
export class VaultError extends Error {
  constructor(readonly reason: 'no_key' | 'unreadable') {
    super(
      reason === 'no_key'
        ? 'haier-integration: there is no ENCRYPTION_KEY (admin.secrets.encryptionKey) to encrypt with'
        : 'haier-integration: a stored secret cannot be decrypted; ENCRYPTION_KEY has changed since, or the row is damaged',
    );
    this.name = 'VaultError';
  }
}

interface Encryption {
  encrypt(text: string): string | null;
  decrypt(cipherText: string): string | null;
}

export interface Vault {
  /** Throws VaultError `no_key`. */
  encrypt(text: string): string;
  /** Throws VaultError. */
  decrypt(cipherText: string): string;
}

export function createVault(strapi: Core.Strapi): Vault {
  const encryption = (): Encryption => strapi.service('admin::encryption') as unknown as Encryption;
  return {
    encrypt(text) {
      const cipherText = encryption().encrypt(text);
      if (cipherText === null) throw new VaultError('no_key');
      return cipherText;
    },
    decrypt(cipherText) {
      let text: string | null;
      try {
        text = encryption().decrypt(cipherText);
      } catch {
        // Strapi's words would quote what it could not read.
        throw new VaultError('unreadable');
      }
      if (text === null) throw new VaultError('unreadable');
      return text;
    },
  };
}
