import { createHash } from 'node:crypto';

/** Whoever sorts by locale instead of by byte would sign something else. */
const byBytes = ([one]: [string, string], [other]: [string, string]): number =>
  Buffer.compare(Buffer.from(one), Buffer.from(other));

/** YLH's signature of the fields of a call-back (contract, section 3). */
export function signFields(fields: Record<string, string>, secret: string): string {
  const signed = Object.entries(fields)
    .filter(([name, value]) => name !== 'Sign' && value.trim() !== '')
    .sort(byBytes);
  const text = secret + signed.map(([name, value]) => name + value).join('') + secret;
  return createHash('md5').update(text.toLowerCase(), 'utf8').digest('hex').toUpperCase();
}
