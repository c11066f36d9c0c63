import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPairSync, randomBytes } from 'node:crypto';

import { readSettings, SettingsError } from '../../config/environment';
import { environmentSchema } from '../../config/environment/schema';
import { makeKeyPair } from '../support/boot';

const secret = () => randomBytes(24).toString('hex');
const secrets = () => ({
  APP_KEYS: secret(),
  ADMIN_JWT_SECRET: secret(),
  JWT_SECRET: secret(),
  API_TOKEN_SALT: secret(),
  TRANSFER_TOKEN_SALT: secret(),
  ENCRYPTION_KEY: secret(),
});
const keys = makeKeyPair();
const production = () => ({
  ...secrets(),
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://shop.example.com',
  DATABASE_CLIENT: 'postgres',
  DATABASE_URL: 'postgres://shop@127.0.0.1/shop',
  WECHAT_APP_ID: 'wx1',
  WECHAT_APP_SECRET: secret(),
  WECHAT_PAY_MCH_ID: '1900000001',
  WECHAT_PAY_SERIAL_NO: 'AB12',
  WECHAT_PAY_API_V3_KEY: randomBytes(16).toString('hex'),
  WECHAT_PAY_PRIVATE_KEY: keys.privateKey,
  WECHAT_PAY_PUBLIC_KEY: keys.publicKey,
  WECHAT_PAY_PUBLIC_KEY_ID: 'PUB_KEY_ID_1',
});

function problemsOf(variables: NodeJS.ProcessEnv): string[] {
  try {
    readSettings(variables);
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.problems.map(({ name }) => name);
  }
}

describe('settings', () => {
  it('has an example file that names each setting once and no other', () => {
    const example = readFileSync(join(__dirname, '../../.env.example'), 'utf8');
    const names = [...example.matchAll(/^([A-Z0-9_]+)=(.*)$/gm)];
    expect(names.map((match) => match[1]).sort()).toEqual(Object.keys(environmentSchema.shape).sort());
    expect(names.filter((match) => match[2] !== '')).toEqual([]);
  });

  it('logs JSON in production', () => {
    expect(readSettings(production()).LOG_FORMAT).toBe('json');
    expect(readSettings({ ...production(), LOG_FORMAT: 'text' }).LOG_FORMAT).toBe('text');
  });

  it('takes defaults for development', () => {
    const settings = readSettings({ ...secrets() });
    expect(settings).toMatchObject({
      PORT: 1337,
      DATABASE_CLIENT: 'sqlite',
      SANDBOX: true,
      SEED_DEMO: true,
      PUBLIC_URL: 'http://127.0.0.1:1337',
    });
    expect(settings.wechatPay).toBeUndefined();
  });

  it('limits requests, but with the sandbox only when told to', () => {
    expect(readSettings({ ...secrets(), SANDBOX: 'false' }).RATE_LIMIT_USER).toBe(100);
    expect(readSettings({ ...secrets(), SANDBOX: 'true' }).RATE_LIMIT_USER).toBe(0);
    expect(readSettings({ ...secrets(), SANDBOX: 'true', RATE_LIMIT_USER: '7' }).RATE_LIMIT_USER).toBe(7);
  });

  it('reports everything that is wrong at once', () => {
    expect(
      problemsOf({ ...secrets(), PORT: 'http', DATABASE_CLIENT: 'mysql', SANDBOX: 'maybe' }).sort(),
    ).toEqual(['DATABASE_CLIENT', 'PORT', 'SANDBOX']);
    expect(problemsOf({ DATABASE_CLIENT: 'postgres' })).toEqual(
      expect.arrayContaining(['APP_KEYS', 'JWT_SECRET', 'DATABASE_URL']),
    );
  });

  it('reports what is wrong with values together beside what is wrong with one alone, each name once', () => {
    const names = problemsOf({
      NODE_ENV: 'production',
      PORT: 'x',
      DATABASE_POOL_MIN: 'x',
      JWT_SECRET: '',
      APP_KEYS: 'short,other',
      REDIS_URL: 'http://127.0.0.1',
    });
    expect(names).toEqual(
      expect.arrayContaining([
        ...['PORT', 'DATABASE_POOL_MIN', 'REDIS_URL', 'JWT_SECRET', 'APP_KEYS', 'DATABASE_CLIENT'],
        ...['PUBLIC_URL', 'WECHAT_APP_ID', 'WECHAT_PAY_MCH_ID', 'WECHAT_PAY_PRIVATE_KEY'],
      ]),
    );
    expect(new Set(names).size).toBe(names.length);
    expect(problemsOf({ ...secrets(), DATABASE_POOL_MAX: 'x', DATABASE_POOL_MIN: '90' })).toEqual([
      'DATABASE_POOL_MAX',
    ]);
  });

  it('starts in production with everything set', () => {
    expect(problemsOf(production())).toEqual([]);
    expect(readSettings(production()).wechatPay).toMatchObject({
      notifyUrl: 'https://shop.example.com/api/v1/payments/notify/wechat',
    });
  });

  it.each([
    ['SQLite', { DATABASE_CLIENT: 'sqlite' }, 'DATABASE_CLIENT'],
    ['the sandbox', { SANDBOX: 'true' }, 'SANDBOX'],
    ['plain http', { PUBLIC_URL: 'http://shop.example.com' }, 'PUBLIC_URL'],
    ['any origin', { CORS_ORIGINS: '*' }, 'CORS_ORIGINS'],
    ['a short secret', { JWT_SECRET: 'short' }, 'JWT_SECRET'],
    ['a sample secret', { JWT_SECRET: 'toBeModified-toBeModified-toBeModified' }, 'JWT_SECRET'],
    ['a repeated character', { ENCRYPTION_KEY: 'a'.repeat(40) }, 'ENCRYPTION_KEY'],
    ['another pay host', { WECHAT_PAY_BASE_URL: 'https://pay.example.com' }, 'WECHAT_PAY_BASE_URL'],
    ['a pay key of the wrong length', { WECHAT_PAY_API_V3_KEY: 'short' }, 'WECHAT_PAY_API_V3_KEY'],
  ])('refuses %s in production', (_what, change, name) => {
    expect(problemsOf({ ...production(), ...change })).toEqual([name]);
  });

  it.each([
    ['any host', { ALLOWED_HOSTS: '*' }, 'ALLOWED_HOSTS'],
    ['an address for a host', { ALLOWED_HOSTS: 'https://shop.example.com' }, 'ALLOWED_HOSTS'],
    [
      'headers that may take longer than the request',
      { REQUEST_HEADERS_TIMEOUT_SECONDS: '30', REQUEST_TIMEOUT_SECONDS: '20' },
      'REQUEST_HEADERS_TIMEOUT_SECONDS',
    ],
    ['a word for a proxy', { TRUST_PROXY: 'abc' }, 'TRUST_PROXY'],
    ['half an address', { TRUST_PROXY: '10.0.0' }, 'TRUST_PROXY'],
    ['a subnet too long', { TRUST_PROXY: '10.0.0.0/33' }, 'TRUST_PROXY'],
    ['a subnet of nothing', { TRUST_PROXY: '10.0.0.0/' }, 'TRUST_PROXY'],
    ['hops beside an address', { TRUST_PROXY: '2,10.0.0.1' }, 'TRUST_PROXY'],
    ['an origin with a path', { CORS_ORIGINS: 'https://shop.example.com/page' }, 'CORS_ORIGINS'],
    ['no origin', { CORS_ORIGINS: 'shop.example.com' }, 'CORS_ORIGINS'],
    ['an administrator without a password', { FIRST_ADMIN_EMAIL: 'a@shop.test' }, 'FIRST_ADMIN_PASSWORD'],
    ['an administrator without an address', { FIRST_ADMIN_PASSWORD: 'Aa345678' }, 'FIRST_ADMIN_EMAIL'],
    [
      'a short password of the administrator',
      { FIRST_ADMIN_EMAIL: 'a@shop.test', FIRST_ADMIN_PASSWORD: 'Aa34567' },
      'FIRST_ADMIN_PASSWORD',
    ],
    [
      'no address of the administrator',
      { FIRST_ADMIN_EMAIL: 'nobody', FIRST_ADMIN_PASSWORD: 'Aa345678' },
      'FIRST_ADMIN_EMAIL',
    ],
    ['staff without a password', { FIRST_STAFF_USERNAME: 'boss' }, 'FIRST_STAFF_PASSWORD'],
    ['an app without its secret', { WECHAT_APP_ID: 'wx1' }, 'WECHAT_APP_SECRET'],
    ['a secret without its app', { WECHAT_APP_SECRET: 'x' }, 'WECHAT_APP_ID'],
  ])('refuses %s anywhere', (_what, change, name) => {
    expect(problemsOf({ ...secrets(), ...change })).toEqual([name]);
  });

  it('refuses half of what WeChat Pay needs anywhere, and says what is there', () => {
    const { WECHAT_APP_ID: _app, WECHAT_APP_SECRET: _secret, ...withoutApp } = production();
    const development = { NODE_ENV: 'development', PUBLIC_URL: 'http://127.0.0.1:1337' };
    expect(problemsOf({ ...withoutApp, ...development })).toEqual(['WECHAT_APP_ID', 'WECHAT_APP_SECRET']);
    const { WECHAT_PAY_MCH_ID: _merchant, ...withoutMerchant } = production();
    expect(() => readSettings({ ...withoutMerchant, ...development })).toThrow(
      'WECHAT_PAY_MCH_ID is not set',
    );
    expect(() => readSettings({ ...secrets(), WECHAT_APP_ID: 'wx1' })).toThrow(
      'WECHAT_APP_SECRET is not set, and WECHAT_APP_ID is',
    );
  });

  it('answers in production to the host of its address unless others are named, elsewhere to any', () => {
    expect(readSettings(production()).ALLOWED_HOSTS).toEqual(['shop.example.com']);
    expect(readSettings({ ...production(), ALLOWED_HOSTS: 'A.example.com,[::1]:80' }).ALLOWED_HOSTS).toEqual([
      'a.example.com',
      '[::1]:80',
    ]);
    expect(readSettings({ ...secrets() }).ALLOWED_HOSTS).toEqual([]);
    expect(problemsOf({ ...production(), ALLOWED_HOSTS: '*', CORS_ORIGINS: '*' }).sort()).toEqual([
      'ALLOWED_HOSTS',
      'CORS_ORIGINS',
    ]);
  });

  it('goes on serving for a while when told to stop in production, and where it is asked to', () => {
    expect(readSettings(production()).SHUTDOWN_GRACE_SECONDS).toBe(5);
    expect(readSettings({ ...secrets() }).SHUTDOWN_GRACE_SECONDS).toBe(0);
    expect(readSettings({ ...secrets(), SHUTDOWN_GRACE_SECONDS: '9' }).SHUTDOWN_GRACE_SECONDS).toBe(9);
  });

  it('takes addresses, subnets, loopback or a number of hops for TRUST_PROXY', () => {
    for (const value of ['loopback', '10.0.0.1,fd00::/8', '10.0.0.0/8, loopback', '2'])
      expect([value, problemsOf({ ...secrets(), TRUST_PROXY: value })]).toEqual([value, []]);
  });

  it.each([
    ['rubbish', 'rubbish'],
    ['half a key', keys.privateKey.slice(0, 300)],
    [
      'a key of another kind',
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }),
    ],
    ['a public key', keys.publicKey],
  ])('refuses %s for the merchant’s private key', (_what, pem) => {
    expect(problemsOf({ ...production(), WECHAT_PAY_PRIVATE_KEY: String(pem) })).toEqual([
      'WECHAT_PAY_PRIVATE_KEY',
    ]);
  });

  it('refuses a private key for WeChat’s public key', () => {
    expect(problemsOf({ ...production(), WECHAT_PAY_PUBLIC_KEY: keys.privateKey })).toEqual([
      'WECHAT_PAY_PUBLIC_KEY',
    ]);
  });

  it('takes keys on one line', () => {
    const oneLine = keys.privateKey.replaceAll('\n', '\\n');
    expect(readSettings({ ...production(), WECHAT_PAY_PRIVATE_KEY: oneLine }).wechatPay?.privateKeyPem).toBe(
      keys.privateKey,
    );
  });

  it('lists wrong keys beside everything else', () => {
    const { WECHAT_PAY_PUBLIC_KEY: _inline, ...rest } = production();
    expect(
      problemsOf({
        ...rest,
        WECHAT_PAY_PRIVATE_KEY: 'rubbish',
        WECHAT_PAY_PUBLIC_KEY_PATH: '/nowhere.pem',
        TRUST_PROXY: 'abc',
        JWT_SECRET: 'short',
      }).sort(),
    ).toEqual(['JWT_SECRET', 'TRUST_PROXY', 'WECHAT_PAY_PRIVATE_KEY', 'WECHAT_PAY_PUBLIC_KEY_PATH']);
  });

  it('reads keys from files, and names a file that cannot be read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'shop-keys-'));
    const file = join(folder, 'key.pem');
    writeFileSync(file, keys.privateKey);
    const { WECHAT_PAY_PRIVATE_KEY: _inline, ...rest } = production();
    expect(readSettings({ ...rest, WECHAT_PAY_PRIVATE_KEY_PATH: file }).wechatPay?.privateKeyPem).toBe(
      keys.privateKey,
    );
    expect(problemsOf({ ...rest, WECHAT_PAY_PRIVATE_KEY_PATH: join(folder, 'none') })).toEqual([
      'WECHAT_PAY_PRIVATE_KEY_PATH',
    ]);
    rmSync(folder, { recursive: true });
  });
});
