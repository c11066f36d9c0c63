/**
 * The cryptography of WeChat Pay APIv3: RSA signatures of requests and answers, and the encryption of notifications.
 * Rules from the contract of APIv3, sections "request signing", "reply verification", "notifications".
 */
import {
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  createSign,
  createVerify,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

/** More than this between our clock and the timestamp of an answer or notification means a replay. */
const MAX_SKEW_SECONDS = 300;
const GCM_TAG_BYTES = 16;

export const readPrivateKey = (pem: string): KeyObject => createPrivateKey(pem);
export const readPublicKey = (pem: string): KeyObject => createPublicKey(pem);

/** 32 characters that no one can guess, as WeChat wants its nonces. */
export const createNonce = (): string => randomBytes(16).toString('hex');

/** RSA PKCS#1 v1.5 with SHA-256 over lines that each end with LF, also the last. Base64 on one line. */
export function signLines(lines: string[], key: KeyObject): string {
  return createSign('RSA-SHA256')
    .update(lines.map((line) => `${line}\n`).join(''))
    .sign(key, 'base64');
}

export interface SignedMessage {
  timestamp: string;
  nonce: string;
  signature: string;
  body: Buffer;
}

/** True when WeChat's signature covers exactly these bytes and the timestamp is of these minutes. */
export function isAuthentic(
  { timestamp, nonce, signature, body }: SignedMessage,
  key: KeyObject,
  nowMs: number,
): boolean {
  const seconds = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : Number.NaN;
  if (!(Math.abs(nowMs / 1000 - seconds) < MAX_SKEW_SECONDS)) return false;
  const verifier = createVerify('RSA-SHA256').update(`${timestamp}\n${nonce}\n`).update(body).update('\n');
  return verifier.verify(key, signature, 'base64');
}

export interface EncryptedResource {
  ciphertext: string;
  nonce: string;
  associated_data?: string;
}

/**
 * AES-256-GCM: the key is the 32 bytes of the APIv3 key's text, the IV the bytes of the nonce, the tag the last 16
 * bytes of the ciphertext. Throws when the text was not encrypted with this key.
 */
export function decryptResource(resource: EncryptedResource, apiV3Key: string): string {
  const bytes = Buffer.from(resource.ciphertext, 'base64');
  const decipher = createDecipheriv(
    'aes-256-gcm',
    Buffer.from(apiV3Key, 'utf8'),
    Buffer.from(resource.nonce, 'utf8'),
  );
  decipher.setAuthTag(bytes.subarray(-GCM_TAG_BYTES));
  decipher.setAAD(Buffer.from(resource.associated_data ?? '', 'utf8'));
  return Buffer.concat([decipher.update(bytes.subarray(0, -GCM_TAG_BYTES)), decipher.final()]).toString(
    'utf8',
  );
}
