import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

import type { SettingProblem } from './rules';
import type { RawEnvironment } from './schema';

export type KeyName = 'WECHAT_PAY_PRIVATE_KEY' | 'WECHAT_PAY_PUBLIC_KEY';

function isRsaKey(name: KeyName, pem: string): boolean {
  // `createPublicKey` would take the public half out of a private key, which has no business in that setting.
  if (name === 'WECHAT_PAY_PUBLIC_KEY' && pem.includes('PRIVATE KEY')) return false;
  try {
    const key = name === 'WECHAT_PAY_PRIVATE_KEY' ? createPrivateKey(pem) : createPublicKey(pem);
    return key.asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}

/** The PEM text of a key, from its variable or its file, or what is wrong with it. */
export function readKey(environment: RawEnvironment, name: KeyName): string | SettingProblem {
  const inline = environment[name];
  const path = environment[`${name}_PATH`];
  if (inline === undefined && path === undefined)
    return { name, message: `is not set (PEM text here, or a file in ${name}_PATH)` };
  let pem: string;
  try {
    // One-line PEM texts come from systems that cannot hold line breaks in a variable.
    pem = inline === undefined ? readFileSync(path ?? '', 'utf8') : inline.replaceAll('\\n', '\n');
  } catch {
    return { name: `${name}_PATH`, message: `names a file that cannot be read: ${path}` };
  }
  if (isRsaKey(name, pem)) return pem;
  const kind = name === 'WECHAT_PAY_PRIVATE_KEY' ? 'private' : 'public';
  return {
    name: inline === undefined ? `${name}_PATH` : name,
    message: `is not an RSA ${kind} key in PEM form`,
  };
}
