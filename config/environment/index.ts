/**
 * The one place that reads `process.env`. A folder, not `config/environment.ts`: Strapi loads every file in
 * `config/` as configuration of its own and warns about this name.
 */
import { type BucketSettings, resolveBucket } from './files';
import { type HaierEnvironment, plainHttpVariables, resolveHaier } from './haier';
import { type KeyName, readKey } from './keys';
import { environmentSchema, type RawEnvironment } from './schema';
import { findSettingProblems, type SettingProblem } from './rules';

/** What the shop needs to talk to WeChat Pay APIv3 as a direct merchant. PEM texts, not paths. */
export interface WechatPaySettings {
  mchId: string;
  serialNo: string;
  privateKeyPem: string;
  apiV3Key: string;
  publicKeyId: string;
  publicKeyPem: string;
  baseUrl: string;
  /** Where WeChat sends payment results; refund results go to the same address with `-refund` added. */
  notifyUrl: string;
}

export interface WechatLoginSettings {
  appId: string;
  appSecret: string;
  baseUrl: string;
}

/** All settings, checked and with their defaults applied. */
export interface Settings extends Omit<
  RawEnvironment,
  'PUBLIC_URL' | 'SANDBOX' | 'SEED_DEMO' | 'LOG_FORMAT' | 'SHUTDOWN_GRACE_SECONDS'
> {
  LOG_FORMAT: 'text' | 'json';
  PUBLIC_URL: string;
  /** How long a process that is told to stop goes on serving while balancers take it out. */
  SHUTDOWN_GRACE_SECONDS: number;
  SANDBOX: boolean;
  SEED_DEMO: boolean;
  isProduction: boolean;
  /** Absent when no credentials are set: WeChat sign-in then answers 503. */
  wechatLogin?: WechatLoginSettings;
  /** Absent when no merchant is set: payments then answer 503. */
  wechatPay?: WechatPaySettings;
  /** What is set of Haier's and YLH's accounts, in the shape of the plugin's settings page. */
  haierIntegration: HaierEnvironment;
  /** Absent when uploaded files are kept in a folder. */
  bucket?: BucketSettings;
  /** Variables with a plain http address, allowed for YLH's own hosts and worth a word at start. */
  plainHttpVariables: string[];
}

/** Thrown at start with everything that is wrong, so that one look at the log is enough. */
export class SettingsError extends Error {
  constructor(readonly problems: SettingProblem[]) {
    const lines = problems.map(({ name, message }) => `  - ${name} ${message}`);
    super(`The settings are not right (see .env.example):\n${lines.join('\n')}`);
    this.name = 'SettingsError';
  }
}

/** A key that `findSettingProblems` has found right. */
function checkedKey(raw: RawEnvironment, name: KeyName): string {
  const key = readKey(raw, name);
  if (typeof key !== 'string') throw new SettingsError([key]);
  return key;
}

function resolveWechatPay(raw: RawEnvironment, publicUrl: string): WechatPaySettings | undefined {
  if (raw.WECHAT_PAY_MCH_ID === undefined) return undefined;
  return {
    mchId: raw.WECHAT_PAY_MCH_ID,
    serialNo: raw.WECHAT_PAY_SERIAL_NO ?? '',
    privateKeyPem: checkedKey(raw, 'WECHAT_PAY_PRIVATE_KEY'),
    apiV3Key: raw.WECHAT_PAY_API_V3_KEY ?? '',
    publicKeyId: raw.WECHAT_PAY_PUBLIC_KEY_ID ?? '',
    publicKeyPem: checkedKey(raw, 'WECHAT_PAY_PUBLIC_KEY'),
    baseUrl: raw.WECHAT_PAY_BASE_URL ?? 'https://api.mch.weixin.qq.com',
    // Refund results go to the same address with `-refund` added, which a slash at the end would turn into another one.
    notifyUrl: (raw.WECHAT_PAY_NOTIFY_URL ?? `${publicUrl}/api/v1/payments/notify/wechat`).replace(
      /\/+$/,
      '',
    ),
  };
}

/** One entry for each name, in the order they came in. */
function mergeByName(problems: SettingProblem[]): SettingProblem[] {
  const messages = new Map<string, Set<string>>();
  for (const { name, message } of problems)
    messages.set(name, (messages.get(name) ?? new Set()).add(message));
  return [...messages].map(([name, all]) => ({ name, message: [...all].join('; ') }));
}

/** The variables with those left out that are wrong by themselves, so that their defaults stand in for them. */
function withoutWrong(variables: NodeJS.ProcessEnv, wrong: ReadonlySet<string>): NodeJS.ProcessEnv {
  const isLeftOut = (name: string): boolean =>
    // Beside the default of the one, the other may look too large.
    wrong.has(name) || (name === 'DATABASE_POOL_MIN' && wrong.has('DATABASE_POOL_MAX'));
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !isLeftOut(name)));
}

/** The checked variables. Throws SettingsError with what is wrong with each alone and with all together. */
function readRaw(variables: NodeJS.ProcessEnv): RawEnvironment {
  const parsed = environmentSchema.safeParse(variables);
  const wrongAlone = (parsed.error?.issues ?? []).map(({ path, message }) => ({
    name: path.join('.'),
    message,
  }));
  const wrong = new Set(wrongAlone.map(({ name }) => name));
  const raw = parsed.success ? parsed.data : environmentSchema.parse(withoutWrong(variables, wrong));
  const wrongTogether = findSettingProblems(raw).filter(({ name }) => !wrong.has(name));
  const problems = mergeByName([...wrongAlone, ...wrongTogether]);
  if (problems.length > 0) throw new SettingsError(problems);
  return raw;
}

/** As long as Nginx keeps an idle connection (deploy/nginx), and Kubernetes takes to move a service's addresses, and a bit. */
const PRODUCTION_GRACE_SECONDS = 5;

/** In production the shop's own name alone, unless more are named; elsewhere any. */
function allowedHosts({ ALLOWED_HOSTS, NODE_ENV }: RawEnvironment, publicUrl: string): string[] {
  if (ALLOWED_HOSTS.length > 0) return ALLOWED_HOSTS.map((host) => host.toLowerCase());
  return NODE_ENV === 'production' ? [new URL(publicUrl).host] : [];
}

/**
 * Checks a set of variables and returns the settings. Pure but for reading PEM files.
 * Throws SettingsError with the whole list of what is wrong.
 */
export function readSettings(variables: NodeJS.ProcessEnv): Settings {
  const raw = readRaw(variables);
  const publicUrl = (raw.PUBLIC_URL ?? `http://${raw.HOST}:${raw.PORT}`).replace(/\/+$/, '');
  const isProduction = raw.NODE_ENV === 'production';
  const sandbox = raw.SANDBOX ?? (raw.NODE_ENV === 'development' && raw.WECHAT_APP_ID === undefined);
  return {
    ...raw,
    ...sandboxLimits(sandbox, variables),
    PUBLIC_URL: publicUrl,
    SHUTDOWN_GRACE_SECONDS: raw.SHUTDOWN_GRACE_SECONDS ?? (isProduction ? PRODUCTION_GRACE_SECONDS : 0),
    ALLOWED_HOSTS: allowedHosts(raw, publicUrl),
    SANDBOX: sandbox,
    SEED_DEMO: raw.SEED_DEMO ?? sandbox,
    LOG_FORMAT: raw.LOG_FORMAT ?? (isProduction ? 'json' : 'text'),
    isProduction,
    wechatLogin:
      raw.WECHAT_APP_ID === undefined
        ? undefined
        : {
            appId: raw.WECHAT_APP_ID,
            appSecret: raw.WECHAT_APP_SECRET ?? '',
            baseUrl: raw.WECHAT_API_BASE_URL ?? 'https://api.weixin.qq.com',
          },
    wechatPay: resolveWechatPay(raw, publicUrl),
    haierIntegration: resolveHaier(raw),
    bucket: resolveBucket(raw),
    plainHttpVariables: plainHttpVariables(raw),
  };
}

const LIMIT_NAMES = [
  'RATE_LIMIT_ANONYMOUS',
  'RATE_LIMIT_USER',
  'RATE_LIMIT_LOGIN',
  'RATE_LIMIT_PAYMENT',
] as const;

/** Whoever develops against the sandbox reloads a page more often than a shopper; limits are on when they are set. */
function sandboxLimits(
  sandbox: boolean,
  variables: NodeJS.ProcessEnv,
): Partial<Record<(typeof LIMIT_NAMES)[number], number>> {
  const unset = LIMIT_NAMES.filter((name) => (variables[name] ?? '').trim() === '');
  return sandbox ? Object.fromEntries(unset.map((name) => [name, 0])) : {};
}

let cached: Settings | undefined;

/** The settings of this process, read once. */
export function settings(): Settings {
  cached ??= readSettings(process.env);
  return cached;
}
