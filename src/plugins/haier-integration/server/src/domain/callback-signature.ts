/**
 * The signature of YLH's call-backs (contract, section 3): every field but `Sign` and the blank ones, sorted by the bytes of their
 * names, `secret + name1 + value1 + … + secret`, in small letters, MD5, upper-case hexadecimal.
 */
import { createHash, timingSafeEqual } from 'node:crypto';

export type CallbackFields = Readonly<Record<string, string>>;

const byBytes = ([a]: [string, string], [b]: [string, string]): number =>
  Buffer.compare(Buffer.from(a), Buffer.from(b));

/** The signature these fields should carry. Never to be logged or answered: it signs for whoever reads it. */
export function signCallback(fields: CallbackFields, secret: string): string {
  const text = Object.entries(fields)
    .filter(([name, value]) => name !== 'Sign' && value.trim() !== '')
    .sort(byBytes)
    .map(([name, value]) => `${name}${value}`)
    .join('');
  return createHash('md5')
    .update(`${secret}${text}${secret}`.toLowerCase(), 'utf8')
    .digest('hex')
    .toUpperCase();
}

/** Compares two texts without telling by the time it takes where they differ, or how long the right one is. */
export function isSameText(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** True when the fields carry the signature made with this secret. An empty secret signs nothing. */
export const isSignedWith = (fields: CallbackFields, secret: string): boolean =>
  secret !== '' && isSameText(fields.Sign ?? '', signCallback(fields, secret));
