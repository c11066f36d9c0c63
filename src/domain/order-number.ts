const CHINA_OFFSET_MS = 8 * 60 * 60 * 1000;
const ALPHABET = '0123456789';

/** A source of uniformly random whole numbers below `limit`, e.g. `crypto.randomInt`. */
export type RandomInt = (limit: number) => number;

/**
 * A number people can read over the phone: prefix, the second in China's time, and eight random digits. Two of one second
 * rarely collide; the unique index makes it harmless (the caller tries again). It is no secret: who may see an order is
 * decided by whose it is, never by knowing its number.
 * Letters and digits only, at most 32: it also serves as WeChat's `out_trade_no` and `out_refund_no`
 * (WeChat Pay APIv3: 6–32 of `0-9A-Za-z_-|*`).
 */
export function createNumber(prefix: string, now: Date, randomInt: RandomInt): string {
  const china = new Date(now.getTime() + CHINA_OFFSET_MS).toISOString();
  const second = china.slice(0, 19).replaceAll(/[-T:]/g, '');
  let digits = '';
  for (let place = 0; place < 8; place += 1) digits += ALPHABET[randomInt(ALPHABET.length)];
  return `${prefix}${second}${digits}`;
}
