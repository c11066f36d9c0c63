import { createCipheriv, createSign, createVerify, randomBytes, type KeyObject } from 'node:crypto';

/** Joins fields the way every WeChat Pay signature does: each line ended by LF, the last one too. */
function lines(...fields: string[]): string {
  return fields.map((field) => `${field}\n`).join('');
}

/** What a merchant signs for a request: verb, path with query as sent, seconds, nonce, body (APIv3, request signature). */
export function requestMessage(
  method: string,
  target: string,
  timestamp: string,
  nonce: string,
  body: string,
): string {
  return lines(method, target, timestamp, nonce, body);
}

/** What WeChat Pay signs for a reply or a notification (APIv3, verifying replies). */
export function answerMessage(timestamp: string, nonce: string, body: string): string {
  return lines(timestamp, nonce, body);
}

/** What a merchant signs for wx.requestPayment (JSAPI and mini-program, invoking payment). */
export function paymentMessage(appId: string, timeStamp: string, nonceStr: string, pack: string): string {
  return lines(appId, timeStamp, nonceStr, pack);
}

/** RSA PKCS#1 v1.5 with SHA-256, base64. */
export function sign(privateKey: KeyObject, message: string): string {
  return createSign('RSA-SHA256').update(message, 'utf8').sign(privateKey, 'base64');
}

/** Whether the base64 signature over the message was made with the key's private half. */
export function isSignedBy(publicKey: KeyObject, message: string, signature: string): boolean {
  return createVerify('RSA-SHA256').update(message, 'utf8').verify(publicKey, signature, 'base64');
}

export interface EncryptedResource {
  original_type: string;
  algorithm: 'AEAD_AES_256_GCM';
  ciphertext: string;
  associated_data: string;
  nonce: string;
}

/** Encrypts a notification's content: AES-256-GCM, 12-character nonce, tag behind the ciphertext (APIv3, decryption). */
export function encryptResource(apiV3Key: string, plain: string, originalType: string): EncryptedResource {
  const nonce = randomBytes(6).toString('hex');
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(apiV3Key, 'utf8'), Buffer.from(nonce, 'utf8'));
  cipher.setAAD(Buffer.from(originalType, 'utf8'));
  const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return {
    original_type: originalType,
    algorithm: 'AEAD_AES_256_GCM',
    ciphertext: sealed.toString('base64'),
    associated_data: originalType,
    nonce,
  };
}

/** A nonce for a signature: 32 capitals and digits. */
export function newNonce(): string {
  return randomBytes(16).toString('hex').toUpperCase();
}
