import { randomBytes } from 'node:crypto';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
const LENGTH = 24;
/** The largest multiple of 36 in a byte; bytes from there on would make some characters likelier. */
const FAIR_BYTES = 252;

/**
 * A documentId: 24 characters of a–z and 0–9, the first a letter, as Strapi makes them (cuid2), from the system's random
 * source alone: about 120 bits, and a hundredth of the time, which counts where one request writes a dozen rows.
 */
export function createDocumentId(): string {
  let id = '';
  while (id.length < LENGTH) {
    for (const byte of randomBytes(32)) {
      if (byte >= FAIR_BYTES) continue;
      const character = ALPHABET.charAt(byte % 36);
      if (id === '' && character >= '0' && character <= '9') continue;
      id += character;
      if (id.length === LENGTH) break;
    }
  }
  return id;
}
