import { accessProblems } from './access-rules';
import { fileProblems } from './files';
import { haierProblems } from './haier';
import { readKey } from './keys';
import type { RawEnvironment } from './schema';

/** One thing that is wrong with the settings: the name to look for, and what to do about it. */
export interface SettingProblem {
  name: string;
  message: string;
}

const SECRET_NAMES = [
  'ADMIN_JWT_SECRET',
  'JWT_SECRET',
  'API_TOKEN_SALT',
  'TRANSFER_TOKEN_SALT',
  'ENCRYPTION_KEY',
] as const;
const SECRET_MIN_LENGTH = 32;
const SAMPLE_SECRET = /tobemodified|changeme|change-me|example|sample|secret123|your[-_]/i;
/** A key that repeats a few characters over and over passes a length check and protects nothing. */
const MIN_DISTINCT_CHARACTERS = 8;

const WECHAT_LOGIN = ['WECHAT_APP_ID', 'WECHAT_APP_SECRET'] as const;
const WECHAT_PAY = [
  'WECHAT_PAY_MCH_ID',
  'WECHAT_PAY_SERIAL_NO',
  'WECHAT_PAY_API_V3_KEY',
  'WECHAT_PAY_PUBLIC_KEY_ID',
] as const;
const WECHAT_PAY_CREDENTIALS = [
  ...WECHAT_PAY,
  'WECHAT_PAY_PRIVATE_KEY',
  'WECHAT_PAY_PRIVATE_KEY_PATH',
  'WECHAT_PAY_PUBLIC_KEY',
  'WECHAT_PAY_PUBLIC_KEY_PATH',
] as const;

function secretProblems(environment: RawEnvironment): SettingProblem[] {
  const isProduction = environment.NODE_ENV === 'production';
  const problems: SettingProblem[] = [];
  const check = (name: string, value: string | undefined) => {
    if (value === undefined) {
      problems.push({
        name,
        message: 'is not set; `npm start` makes one for development, in production set a random value',
      });
    } else if (isProduction && value.length < SECRET_MIN_LENGTH) {
      problems.push({ name, message: `is shorter than ${SECRET_MIN_LENGTH} characters` });
    } else if (isProduction && (SAMPLE_SECRET.test(value) || new Set(value).size < MIN_DISTINCT_CHARACTERS)) {
      problems.push({ name, message: 'is a sample value; set a random one' });
    }
  };
  for (const name of SECRET_NAMES) check(name, environment[name]);
  if (environment.APP_KEYS.length === 0) check('APP_KEYS', undefined);
  for (const key of environment.APP_KEYS) check('APP_KEYS', key);
  return problems;
}

function databaseProblems(environment: RawEnvironment): SettingProblem[] {
  const problems: SettingProblem[] = [];
  if (environment.DATABASE_CLIENT === 'postgres' && environment.DATABASE_URL === undefined) {
    problems.push({ name: 'DATABASE_URL', message: 'is not set, and DATABASE_CLIENT is postgres' });
  }
  for (const address of environment.DATABASE_REPLICA_URLS) {
    if (environment.DATABASE_CLIENT !== 'postgres')
      problems.push({
        name: 'DATABASE_REPLICA_URLS',
        message: 'is set, and DATABASE_CLIENT is not postgres',
      });
    else if (!URL.canParse(address) || !/^postgres(ql)?:$/.test(new URL(address).protocol))
      problems.push({
        name: 'DATABASE_REPLICA_URLS',
        message: 'must be addresses that start with postgres://',
      });
    else continue;
    break;
  }
  if (environment.DATABASE_POOL_MIN > environment.DATABASE_POOL_MAX) {
    problems.push({ name: 'DATABASE_POOL_MIN', message: 'is greater than DATABASE_POOL_MAX' });
  }
  if (environment.NODE_ENV === 'production' && environment.DATABASE_CLIENT === 'sqlite') {
    problems.push({
      name: 'DATABASE_CLIENT',
      message: 'is sqlite; production needs postgres (SQLite serves one writer at a time)',
    });
  }
  return problems;
}

function wechatProblems(environment: RawEnvironment): SettingProblem[] {
  const problems: SettingProblem[] = [];
  const isProduction = environment.NODE_ENV === 'production';
  // Half a set of credentials would start, and fail at the first shopper.
  const paySet = WECHAT_PAY_CREDENTIALS.find((name) => environment[name] !== undefined);
  const anySet = paySet ?? WECHAT_LOGIN.find((name) => environment[name] !== undefined);
  if (anySet !== undefined || isProduction) {
    const message = anySet === undefined ? 'is not set' : `is not set, and ${anySet} is`;
    for (const name of WECHAT_LOGIN) if (environment[name] === undefined) problems.push({ name, message });
  }
  if (paySet === undefined && !isProduction) return problems;
  for (const name of WECHAT_PAY) {
    if (environment[name] === undefined) problems.push({ name, message: 'is not set' });
  }
  for (const name of ['WECHAT_PAY_PRIVATE_KEY', 'WECHAT_PAY_PUBLIC_KEY'] as const) {
    const key = readKey(environment, name);
    if (typeof key !== 'string') problems.push(key);
  }
  const apiKey = environment.WECHAT_PAY_API_V3_KEY;
  // AES-256-GCM takes the bytes of this text as its key (WeChat Pay APIv3, notification decryption).
  if (apiKey !== undefined && Buffer.byteLength(apiKey) !== 32) {
    problems.push({ name: 'WECHAT_PAY_API_V3_KEY', message: 'must be exactly 32 bytes' });
  }
  return problems;
}

const WECHAT_HOSTS = {
  WECHAT_API_BASE_URL: ['api.weixin.qq.com', 'api2.weixin.qq.com'],
  WECHAT_PAY_BASE_URL: ['api.mch.weixin.qq.com', 'api2.mch.weixin.qq.com'],
} as const;

function productionProblems(environment: RawEnvironment): SettingProblem[] {
  const problems: SettingProblem[] = [];
  if (environment.SANDBOX === true) {
    problems.push({ name: 'SANDBOX', message: 'is true; simulated payments must never run in production' });
  }
  if (environment.LOG_LEVEL === 'silent') {
    problems.push({
      name: 'LOG_LEVEL',
      message: 'is silent; production keeps its logs and its payment audit',
    });
  }
  if (environment.METRICS_TOKEN !== undefined && environment.METRICS_TOKEN.length < SECRET_MIN_LENGTH) {
    problems.push({ name: 'METRICS_TOKEN', message: `is shorter than ${SECRET_MIN_LENGTH} characters` });
  }
  if (environment.CORS_ORIGINS.includes('*')) {
    problems.push({ name: 'CORS_ORIGINS', message: 'is *; list the origins that may call the shop' });
  }
  if (environment.PUBLIC_URL === undefined) {
    problems.push({ name: 'PUBLIC_URL', message: 'is not set; it is the https address shoppers reach' });
  }
  for (const name of ['PUBLIC_URL', 'WECHAT_PAY_NOTIFY_URL'] as const) {
    const value = environment[name];
    if (value !== undefined && !value.startsWith('https://')) {
      problems.push({ name, message: 'must be an https address' });
    }
  }
  for (const [name, hosts] of Object.entries(WECHAT_HOSTS)) {
    const value = environment[name as keyof typeof WECHAT_HOSTS];
    if (value === undefined) continue;
    const { protocol, hostname } = new URL(value);
    if (protocol !== 'https:' || !(hosts as readonly string[]).includes(hostname)) {
      problems.push({ name, message: `must be https and one of ${hosts.join(', ')}` });
    }
  }
  return problems;
}

/** Everything that is wrong with values that each look right alone. Empty when the shop may start. */
export function findSettingProblems(environment: RawEnvironment): SettingProblem[] {
  return [
    ...secretProblems(environment),
    ...databaseProblems(environment),
    ...wechatProblems(environment),
    ...haierProblems(environment),
    ...accessProblems(environment),
    ...fileProblems(environment),
    ...(environment.NODE_ENV === 'production' ? productionProblems(environment) : []),
  ];
}
