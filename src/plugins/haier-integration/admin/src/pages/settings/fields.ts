/** What stands on the settings page, part by part, in the order it is filled in. */
import type { Part } from '../../api-types';

export type FieldKind = 'text' | 'secret' | 'url' | 'number' | 'choice' | 'list' | 'cron';

export interface SettingField {
  name: string;
  kind: FieldKind;
  /** Of a choice. */
  options?: readonly string[];
  /** Half the width. */
  isShort?: boolean;
}

const line = (name: string): SettingField => ({ name, kind: 'text', isShort: true });
const secret = (name: string): SettingField => ({ name, kind: 'secret', isShort: true });
const url = (name: string): SettingField => ({ name, kind: 'url' });
const cron = (name: string): SettingField => ({ name, kind: 'cron', isShort: true });

export const FIELDS: Record<Part, readonly SettingField[]> = {
  haier: [
    url('baseUrl'),
    url('tokenUrl'),
    { name: 'authScheme', kind: 'choice', options: ['bearer', 'raw'], isShort: true },
    line('supplierCode'),
    line('clientId'),
    secret('clientSecret'),
    line('customerCode'),
    line('sendToCode'),
    secret('password'),
    line('sellerCode'),
    secret('sellerPassword'),
    secret('customerPassword'),
  ],
  ylh: [
    url('authUrl'),
    url('orderBaseUrl'),
    url('retailBaseUrl'),
    url('stockBaseUrl'),
    line('username'),
    secret('password'),
    line('clientId'),
    secret('clientSecret'),
    line('sourceSystem'),
    line('shopName'),
    line('sellerCode'),
  ],
  callback: [line('appKey'), secret('secret'), { name: 'maxSkewSeconds', kind: 'number', isShort: true }],
  schedules: [cron('products'), cron('prices'), cron('stock'), cron('logistics')],
  policy: [
    { name: 'onRefusal', kind: 'choice', options: ['refund', 'hold'], isShort: true },
    line('stockCountyCode'),
    { name: 'balanceWarningYuan', kind: 'number', isShort: true },
    { name: 'alreadyPushedPatterns', kind: 'list' },
  ],
};

export const PARTS = Object.keys(FIELDS) as Part[];
