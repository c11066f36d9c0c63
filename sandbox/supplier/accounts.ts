import { randomBytes, randomInt } from 'node:crypto';
import { z } from 'zod';

/** The shop's account at Haier's open platform. */
export const haierAccountSchema = z.object({
  clientId: z.string(),
  clientSecret: z.string(),
  /** 售达方 (sold-to); also the seller code of logistics questions. */
  customerCode: z.string().regex(/^\d{8}$/),
  /** 送达方 (ship-to). */
  sendToCode: z.string().regex(/^\d{10}$/),
  password: z.string(),
  sellerPassword: z.string(),
  customerPassword: z.string(),
});

/** The shop's account at YLH, and what YLH signs its calls with. */
export const ylhAccountSchema = z.object({
  clientId: z.string(),
  clientSecret: z.string(),
  username: z.string(),
  password: z.string(),
  sourceSystem: z.string(),
  shopName: z.string(),
  callbackAppKey: z.string(),
  callbackSecret: z.string(),
});

export type HaierAccount = z.infer<typeof haierAccountSchema>;
export type YlhAccount = z.infer<typeof ylhAccountSchema>;

/** A number of so many digits whose first is not zero. */
function digits(count: number): string {
  return String(randomInt(1, 10)) + Array.from({ length: count - 1 }, () => randomInt(10)).join('');
}

const secret = (): string => randomBytes(18).toString('base64url');

/** A new account at Haier; every password is another one, so that mixing them up is noticed. */
export function newHaierAccount(): HaierAccount {
  return {
    clientId: `jsh-${randomBytes(6).toString('hex')}`,
    clientSecret: secret(),
    customerCode: digits(8),
    sendToCode: digits(10),
    password: secret(),
    sellerPassword: secret(),
    customerPassword: secret(),
  };
}

/** A new account at YLH. */
export function newYlhAccount(): YlhAccount {
  return {
    clientId: `open-${randomBytes(6).toString('hex')}`,
    clientSecret: secret(),
    username: `shop-${randomBytes(4).toString('hex')}`,
    password: secret(),
    sourceSystem: `MINI_SHOP_${digits(4)}`,
    shopName: `沙箱商城${digits(3)}`,
    callbackAppKey: `ylh${digits(8)}`,
    callbackSecret: randomBytes(16).toString('hex'),
  };
}
