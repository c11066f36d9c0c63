/**
 * Everything that is set on the settings page: one schema for what staff send, what the environment brings along, and what the
 * plugin works with. Money is yuan here, because people type it.
 */
import { z } from 'zod';

const text = z.string().trim().max(500);
const url = z.union([
  z.literal(''),
  z.url({ protocol: /^https?$/, error: 'must be an http or https address' }),
]);
/** Five or six fields; checked again by the scheduler. Empty: never. */
const cron = z.string().trim().max(100);

const haier = z.strictObject({
  baseUrl: url.default(''),
  /** Empty: `/oauth2/auth` of the base address. */
  tokenUrl: url.default(''),
  authScheme: z.enum(['bearer', 'raw']).default('bearer'),
  clientId: text.default(''),
  clientSecret: text.default(''),
  /** 售达方 (sold-to). */
  customerCode: text.default(''),
  /** 送达方 (ship-to). */
  sendToCode: text.default(''),
  supplierCode: text.default('1001'),
  password: text.default(''),
  sellerCode: text.default(''),
  sellerPassword: text.default(''),
  customerPassword: text.default(''),
});

const ylh = z.strictObject({
  authUrl: url.default(''),
  orderBaseUrl: url.default(''),
  retailBaseUrl: url.default(''),
  stockBaseUrl: url.default(''),
  username: text.default(''),
  password: text.default(''),
  clientId: text.default(''),
  clientSecret: text.default(''),
  sourceSystem: text.default(''),
  shopName: text.default(''),
  /** Empty: the sold-to code. */
  sellerCode: text.default(''),
});

const callback = z.strictObject({
  appKey: text.default(''),
  secret: text.default(''),
  maxSkewSeconds: z.int().min(30).max(86_400).default(600),
});

const schedules = z.strictObject({
  products: cron.default('0 3 * * *'),
  prices: cron.default('30 3 * * *'),
  stock: cron.default('*/30 * * * *'),
  logistics: cron.default('*/20 * * * *'),
});

const policy = z.strictObject({
  /** After a refused confirmation or no stock at Haier: give the money back by itself, or wait for a person. */
  onRefusal: z.enum(['refund', 'hold']).default('refund'),
  /** District that stands for all where no address is known, six digits of GB/T 2260; empty: stock is not synced. */
  stockCountyCode: z.union([z.literal(''), z.string().regex(/^\d{6}$/, 'must be six digits')]).default(''),
  /** A balance below this is shown as a warning and told to staff; 0: never. */
  balanceWarningYuan: z.number().min(0).max(1e9).default(0),
  /** How YLH says that it has a so id already, in code or message; each a piece of text, case aside. */
  alreadyPushedPatterns: z
    .array(z.string().trim().min(1).max(50))
    .max(20)
    .default(['重复', '已推送', '已存在', 'already', 'duplicate', 'repeat']),
});

export const settingsSchema = z.strictObject({
  haier: haier.prefault({}),
  ylh: ylh.prefault({}),
  callback: callback.prefault({}),
  schedules: schedules.prefault({}),
  policy: policy.prefault({}),
});

export type HaierIntegrationSettings = z.infer<typeof settingsSchema>;
export type SettingsPart = keyof HaierIntegrationSettings;

/** Encrypted at rest, never shown: `{configured, lastFour}` instead. */
export const SECRET_FIELDS = {
  haier: ['clientSecret', 'password', 'sellerPassword', 'customerPassword'],
  ylh: ['password', 'clientSecret'],
  callback: ['secret'],
} as const satisfies Partial<{
  [Part in SettingsPart]: readonly (keyof HaierIntegrationSettings[Part])[];
}>;

/** The published environments of both systems (contract, sections 1 and 2). YLH has plain http addresses only. */
export const PRESETS = {
  test: {
    haier: { baseUrl: 'https://openplat-test.haier.net' },
    ylh: {
      authUrl: 'http://dev.ylhtest.com/ylh-cloud-mgt-auth-dev/oauth/token',
      orderBaseUrl: 'http://dev.ylhtest.com/ylh-cloud-service-jst-order-dev',
      retailBaseUrl: 'http://dev.ylhtest.com/ylh-cloud-service-order-dev',
      stockBaseUrl: 'https://dev.ylhtest.com/ylh-cloud-service-stock-dev',
    },
  },
  'pre-production': {
    haier: { baseUrl: 'https://openplat-bj-aliyun-stage.haier.net' },
    ylh: {
      authUrl: 'http://pre.yilihuo.com/ylh-cloud-mgt-auth-pre/oauth/token',
      orderBaseUrl: 'http://pre.yilihuo.com/ylh-cloud-service-jst-order-pre',
      retailBaseUrl: 'http://pre.yilihuo.com/ylh-cloud-service-order-pre',
      stockBaseUrl: 'http://pre.yilihuo.com/ylh-cloud-service-stock-pre',
    },
  },
  production: {
    haier: { baseUrl: 'https://openplat-bj-aliyun.haier.net' },
    ylh: {
      authUrl: 'http://www.yilihuo.com/ylh-cloud-mgt-auth/oauth/token',
      orderBaseUrl: 'http://www.yilihuo.com/ylh-cloud-service-jst-order',
      retailBaseUrl: 'http://www.yilihuo.com/ylh-cloud-service-order',
      stockBaseUrl: 'http://www.yilihuo.com/ylh-cloud-service-stock',
    },
  },
} as const;
