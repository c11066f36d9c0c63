/** The stored page and its secrets: how they are opened, and how they are closed again. */
import { PluginRefusal } from '../domain/refusal';
import { applyChanges, type FieldPath, type SettingsChanges, type Values } from '../domain/settings-merge';
import type { StoredPage } from './settings-store';
import { type Vault, VaultError } from './vault';

export interface OpenPage {
  /** Secrets in clear. */
  values: Values;
  unreadable: FieldPath[];
}

function openSecret(vault: Vault, cipherText: string): string | undefined {
  try {
    return vault.decrypt(cipherText);
  } catch (error) {
    if (error instanceof VaultError) return undefined;
    throw error;
  }
}

/**
 * The page's values. A secret that cannot be decrypted is empty, and not the environment's instead: that may be another
 * account. What is stored stays as it is, for the day the key is put right.
 */
export function openPage(page: StoredPage, vault: Vault): OpenPage {
  const values: Values = structuredClone(page.fields);
  const unreadable: FieldPath[] = [];
  for (const [part, secrets] of Object.entries(page.secrets) as [keyof Values, Record<string, string>][])
    for (const [name, cipherText] of Object.entries(secrets)) {
      const secret = openSecret(vault, cipherText);
      if (secret === undefined) unreadable.push(`${part}.${name}`);
      (values[part] ??= {})[name] = secret ?? '';
    }
  return { values, unreadable };
}

/** Throws PluginRefusal `ENCRYPTION_FAILED`. */
function closeSecret(vault: Vault, secret: string): string {
  try {
    return vault.encrypt(secret);
  } catch (error) {
    if (error instanceof VaultError) throw new PluginRefusal('ENCRYPTION_FAILED');
    throw error;
  }
}

/** The page to store, with only the changed secrets encrypted anew. Throws PluginRefusal `ENCRYPTION_FAILED`. */
export function changePage(page: StoredPage, changes: SettingsChanges, vault: Vault): StoredPage {
  const secrets = structuredClone(page.secrets);
  for (const { field, value } of changes.set)
    if (field.isSecret) (secrets[field.part] ??= {})[field.name] = closeSecret(vault, String(value));
  for (const { part, name } of changes.removed) delete secrets[part]?.[name];
  const plain = { ...changes, set: changes.set.filter(({ field }) => !field.isSecret) };
  return { version: page.version, fields: applyChanges(page.fields, plain), secrets };
}
