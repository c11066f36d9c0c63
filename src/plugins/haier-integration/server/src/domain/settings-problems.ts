/** What is missing for what, in words for staff. Pure. */
import type { Sentence } from './refusal';
import type { HaierIntegrationSettings } from './settings';
import type { FieldPath } from './settings-merge';

export interface SettingsProblem {
  code: 'missing' | 'unreadable_secret' | 'invalid_value' | 'no_encryption_key';
  fields: FieldPath[];
  message: Sentence;
}

const LABELS: Record<FieldPath, Sentence> = {
  'haier.baseUrl': { zh: '接口地址', en: 'base address' },
  'haier.clientId': { zh: 'client_id', en: 'client_id' },
  'haier.clientSecret': { zh: 'client_secret', en: 'client_secret' },
  'haier.customerCode': { zh: '售达方编码', en: 'sold-to code' },
  'haier.sendToCode': { zh: '送达方编码', en: 'ship-to code' },
  'haier.password': { zh: '约定密码', en: 'agreed password' },
  'haier.sellerPassword': { zh: '卖家密码', en: 'seller password' },
  'haier.customerPassword': { zh: '客户密码', en: 'customer password' },
  'ylh.authUrl': { zh: '令牌地址', en: 'token address' },
  'ylh.orderBaseUrl': { zh: '订单服务地址', en: 'address of the order service' },
  'ylh.retailBaseUrl': { zh: '改约与照片服务地址', en: 'address of the reschedule and photo service' },
  'ylh.stockBaseUrl': { zh: '运单服务地址', en: 'address of the tracking service' },
  'ylh.username': { zh: '用户名', en: 'user name' },
  'ylh.password': { zh: '密码', en: 'password' },
  'ylh.clientId': { zh: 'client_id', en: 'client_id' },
  'ylh.clientSecret': { zh: 'client_secret', en: 'client_secret' },
  'ylh.sourceSystem': { zh: '来源系统', en: 'source system' },
  'ylh.shopName': { zh: '店铺名称', en: 'shop name' },
  'ylh.sellerCode': { zh: '卖家编码（或海尔售达方编码）', en: 'seller code (or the sold-to code of Haier)' },
  'callback.appKey': { zh: '回调 AppKey', en: 'call-back AppKey' },
  'callback.secret': { zh: '回调密钥', en: 'call-back secret' },
  'policy.stockCountyCode': { zh: '默认区县代码', en: 'default district code' },
};

const valueOf = (settings: HaierIntegrationSettings, path: FieldPath): unknown => {
  const [part = '', name = ''] = path.split('.');
  return (settings as unknown as Record<string, Record<string, unknown>>)[part]?.[name];
};

const HAIER_ACCOUNT: FieldPath[] = ['haier.baseUrl', 'haier.clientId', 'haier.clientSecret'];
const YLH_ACCOUNT: FieldPath[] = [
  'ylh.authUrl',
  'ylh.username',
  'ylh.password',
  'ylh.clientId',
  'ylh.clientSecret',
];

interface Purpose {
  name: Sentence;
  needs: (settings: HaierIntegrationSettings) => FieldPath[];
}

const soldTo: FieldPath[] = ['haier.customerCode'];
/** The ship-to code belongs to Haier Smart Home, supplier 1001 (contract, 1.2). */
const shipTo = ({ haier }: HaierIntegrationSettings): FieldPath[] =>
  haier.supplierCode === '1001' ? ['haier.sendToCode'] : [];
const seller = ({ haier, ylh }: HaierIntegrationSettings): FieldPath[] =>
  ylh.sellerCode === '' && haier.customerCode === '' ? ['ylh.sellerCode'] : [];

const HAIER_PURPOSES: readonly Purpose[] = [
  {
    name: { zh: '同步商品', en: 'products cannot be synced' },
    needs: (settings) => [...soldTo, ...shipTo(settings), 'haier.password'],
  },
  {
    name: { zh: '查询价格', en: 'prices cannot be read' },
    needs: () => [...soldTo, 'haier.sendToCode', 'haier.password'],
  },
  {
    name: { zh: '查询库存', en: 'stock cannot be read' },
    needs: () => [...soldTo, 'haier.sellerPassword'],
  },
  {
    name: { zh: '查询物流', en: 'logistics cannot be read' },
    needs: () => [...soldTo, 'haier.sellerPassword'],
  },
  {
    name: { zh: '查询余额', en: 'the balance cannot be read' },
    needs: () => [...soldTo, 'haier.customerPassword'],
  },
];

const YLH_PURPOSES: readonly Purpose[] = [
  {
    name: { zh: '推送与取消订单', en: 'orders cannot be pushed or cancelled' },
    needs: (settings) => ['ylh.orderBaseUrl', 'ylh.sourceSystem', 'ylh.shopName', ...seller(settings)],
  },
  {
    name: { zh: '改约和查看照片', en: 'orders cannot be rescheduled and photos not be read' },
    needs: () => ['ylh.retailBaseUrl'],
  },
  { name: { zh: '查询运单号', en: 'tracking numbers cannot be read' }, needs: () => ['ylh.stockBaseUrl'] },
];

const missing = (settings: HaierIntegrationSettings, needed: readonly FieldPath[]): FieldPath[] =>
  needed.filter((path) => valueOf(settings, path) === '');

const list = (fields: readonly FieldPath[]): Sentence => ({
  zh: fields.map((path) => LABELS[path]?.zh ?? path).join('、'),
  en: fields.map((path) => LABELS[path]?.en ?? path).join(', '),
});

function describeSystem(
  settings: HaierIntegrationSettings,
  system: Sentence,
  account: FieldPath[],
  purposes: readonly Purpose[],
): SettingsProblem[] {
  const unset = missing(settings, account);
  if (unset.length === account.length)
    return [
      {
        code: 'missing',
        fields: unset,
        message: {
          zh: `${system.zh}：尚未填写账号，此系统的所有功能都不可用`,
          en: `${system.en}: no account is set; nothing of this system works`,
        },
      },
    ];
  const whole = unset.length > 0 && {
    code: 'missing' as const,
    fields: unset,
    message: {
      zh: `${system.zh}：缺少${list(unset).zh}，无法登录，此系统的所有功能都不可用`,
      en: `${system.en}: ${list(unset).en} not set; without an account nothing of this system works`,
    },
  };
  const parts = purposes.flatMap(({ name, needs }) => {
    const fields = missing(settings, needs(settings));
    return fields.length === 0
      ? []
      : [
          {
            code: 'missing' as const,
            fields,
            message: {
              zh: `${system.zh}：缺少${list(fields).zh}，无法${name.zh}`,
              en: `${system.en}: ${list(fields).en} not set; ${name.en}`,
            },
          },
        ];
  });
  return whole ? [whole, ...parts] : parts;
}

function describeRest(settings: HaierIntegrationSettings): SettingsProblem[] {
  const problems: SettingsProblem[] = [];
  if (settings.callback.secret === '')
    problems.push({
      code: 'missing',
      fields: ['callback.secret'],
      message: {
        zh: '未设置回调密钥：易理货的回调会全部被拒绝',
        en: 'The call-back secret is not set: every call-back of YLH is refused',
      },
    });
  if (settings.policy.stockCountyCode === '')
    problems.push({
      code: 'missing',
      fields: ['policy.stockCountyCode'],
      message: {
        zh: '未设置默认区县代码：不会同步库存',
        en: 'The default district code is not set: stock is not synced',
      },
    });
  return problems;
}

/** Everything that keeps a part of the plugin from working. */
export const findMissing = (settings: HaierIntegrationSettings): SettingsProblem[] => [
  ...describeSystem(settings, { zh: '海尔', en: 'Haier' }, HAIER_ACCOUNT, HAIER_PURPOSES),
  ...describeSystem(settings, { zh: '易理货', en: 'YLH' }, YLH_ACCOUNT, YLH_PURPOSES),
  ...describeRest(settings),
];

/** Secrets stored with another ENCRYPTION_KEY. */
export const unreadableProblem = (fields: FieldPath[]): SettingsProblem => ({
  code: 'unreadable_secret',
  fields,
  message: {
    zh: `服务器的 ENCRYPTION_KEY 已更改，已保存的密钥无法解密：${list(fields).zh}。请恢复原来的 ENCRYPTION_KEY，或重新填写这些密钥；在此之前它们视为未设置，已保存的内容不会被覆盖`,
    en: `ENCRYPTION_KEY of the server has changed; these stored secrets cannot be decrypted: ${list(fields).en}. Put the former ENCRYPTION_KEY back or enter the secrets again; until then they count as not set, and what is stored is not overwritten`,
  },
});

export const invalidProblem = (fields: FieldPath[]): SettingsProblem => ({
  code: 'invalid_value',
  fields,
  message: {
    zh: `这些设置的内容无效，视为未设置：${fields.join('、')}`,
    en: `These settings hold values that are not valid, and count as not set: ${fields.join(', ')}`,
  },
});

export const NO_KEY_PROBLEM: SettingsProblem = {
  code: 'no_encryption_key',
  fields: [],
  message: {
    zh: '服务器没有设置 ENCRYPTION_KEY：无法在此页保存密钥',
    en: 'The server has no ENCRYPTION_KEY: secrets cannot be saved on this page',
  },
};

export const isHaierConfigured = (settings: HaierIntegrationSettings): boolean =>
  missing(settings, [...HAIER_ACCOUNT, ...soldTo]).length === 0;

export const isYlhConfigured = (settings: HaierIntegrationSettings): boolean =>
  missing(settings, [
    ...YLH_ACCOUNT,
    'ylh.orderBaseUrl',
    'ylh.sourceSystem',
    'ylh.shopName',
    ...seller(settings),
  ]).length === 0;
