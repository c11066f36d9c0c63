import { generateKeyPairSync, randomBytes } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { inProject } from './project.mjs';
import { readSettings } from './settings.mjs';

const KEPT =
  /^(PATH|HOME|USER|LANG|LC_.*|TERM|TMPDIR|CI|NODE_OPTIONS|FORCE_COLOR|NO_COLOR|HTTPS?_PROXY|NO_PROXY|STRAPI_.*)$/i;
const random = () => randomBytes(32).toString('hex');

/**
 * An environment in which the shop's own settings are right and nothing real is in reach: throw-away secrets, no database, no
 * network. Building the panel and generating types load the configuration but must not need, nor embed, anybody's settings.
 */
export function toolEnvironment({ production }) {
  const kept = Object.fromEntries(Object.entries(process.env).filter(([name]) => KEPT.test(name)));
  return {
    ...kept,
    NODE_ENV: production ? 'production' : 'development',
    // Strapi would read .env by itself; a path where nothing is keeps it out.
    ENV_PATH: inProject('.cache', 'no-env-file'),
    STRAPI_TELEMETRY_DISABLED: 'true',
    LOG_LEVEL: 'error',
    APP_KEYS: [random(), random()].join(','),
    ADMIN_JWT_SECRET: random(),
    JWT_SECRET: random(),
    API_TOKEN_SALT: random(),
    TRANSFER_TOKEN_SALT: random(),
    ENCRYPTION_KEY: random(),
    SANDBOX: 'false',
    ...(production ? productionValues() : developmentValues()),
  };
}

/** The path under which the shop is served (`/` or `/shop`): the only setting that the built panel carries inside it. */
export function publicPath() {
  try {
    return new URL(readSettings().PUBLIC_URL).pathname;
  } catch {
    return '/';
  }
}

function productionValues() {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return {
    PUBLIC_URL: `https://shop.invalid${publicPath()}`,
    DATABASE_CLIENT: 'postgres',
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
    WECHAT_APP_ID: 'wx0000000000000000',
    WECHAT_APP_SECRET: random().slice(0, 32),
    WECHAT_PAY_MCH_ID: '1900000000',
    WECHAT_PAY_SERIAL_NO: random().slice(0, 40).toUpperCase(),
    WECHAT_PAY_PRIVATE_KEY: privateKey,
    WECHAT_PAY_API_V3_KEY: random().slice(0, 32),
    WECHAT_PAY_PUBLIC_KEY_ID: 'PUB_KEY_ID_0000000000',
    WECHAT_PAY_PUBLIC_KEY: publicKey,
  };
}

function developmentValues() {
  const file = path.join(os.tmpdir(), `shop-tool-${process.pid}.db`);
  return { DATABASE_CLIENT: 'sqlite', DATABASE_FILENAME: file };
}
