import { createCipheriv, createSign } from 'node:crypto';

import {
  decryptResource,
  isAuthentic,
  readPrivateKey,
  readPublicKey,
  signLines,
} from '../../src/platform/wechat/pay-crypto';
import { makeKeyPair } from '../support/boot';

const pair = makeKeyPair();
const publicKey = readPublicKey(pair.publicKey);
const now = 1_700_000_000_000;
const signed = (body: Buffer, timestamp = String(now / 1000)) => ({
  timestamp,
  nonce: 'nonce',
  body,
  signature: createSign('RSA-SHA256')
    .update(`${timestamp}\nnonce\n`)
    .update(body)
    .update('\n')
    .sign(pair.privateKey, 'base64'),
});

describe('WeChat Pay signatures', () => {
  it('cover lines that each end with LF', () => {
    const expected = createSign('RSA-SHA256')
      .update('GET\n/v3/x?mchid=1\n1\nn\n\n')
      .sign(pair.privateKey, 'base64');
    expect(signLines(['GET', '/v3/x?mchid=1', '1', 'n', ''], readPrivateKey(pair.privateKey))).toBe(expected);
  });

  it('are accepted over exactly the bytes that came', () => {
    const message = signed(Buffer.from('{"a": 1}'));
    expect(isAuthentic(message, publicKey, now)).toBe(true);
    expect(isAuthentic({ ...message, body: Buffer.from('{"a":1}') }, publicKey, now)).toBe(false);
    expect(isAuthentic({ ...message, nonce: 'other' }, publicKey, now)).toBe(false);
    expect(
      isAuthentic({ ...message, signature: `WECHATPAY/SIGNTEST/${message.signature}` }, publicKey, now),
    ).toBe(false);
    expect(isAuthentic({ ...message, signature: '' }, publicKey, now)).toBe(false);
  });

  it.each([-300, 300, 3600])('are refused when %p seconds off', (seconds) => {
    expect(isAuthentic(signed(Buffer.from('x')), publicKey, now + seconds * 1000)).toBe(false);
  });

  it.each(['', 'abc', '1e9', '-1', '99999999999999999999'])(
    'are refused with the timestamp %p',
    (timestamp) => {
      expect(isAuthentic(signed(Buffer.from('x'), timestamp), publicKey, now)).toBe(false);
    },
  );
});

describe('WeChat Pay encryption', () => {
  const key = 'k'.repeat(16) + 'v'.repeat(16);
  const encrypt = (text: string, aad: string) => {
    const cipher = createCipheriv('aes-256-gcm', Buffer.from(key), Buffer.from('012345678901'));
    cipher.setAAD(Buffer.from(aad));
    return {
      nonce: '012345678901',
      associated_data: aad,
      ciphertext: Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
        'base64',
      ),
    };
  };

  it.each(['transaction', ''])('opens with the associated data %p', (aad) => {
    expect(decryptResource(encrypt('{"金额":1}', aad), key)).toBe('{"金额":1}');
  });

  it('does not open with another key or other associated data', () => {
    expect(() => decryptResource(encrypt('x', 'a'), 'w'.repeat(32))).toThrow();
    expect(() => decryptResource({ ...encrypt('x', 'a'), associated_data: 'b' }, key)).toThrow();
  });
});
