import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { createStrapi, type Core } from '@strapi/strapi';

export const PROJECT_ROOT = join(__dirname, '..', '..');

/** Where the compiled shop is; another build can be tested by naming its folder in SHOP_DIST. */
export const DIST = process.env.SHOP_DIST ?? join(PROJECT_ROOT, 'dist');

const secret = () => randomBytes(24).toString('hex');

/** Variables of the shop; those of an earlier boot in this process do not leak into the next. */
export function setEnvironment(variables: Record<string, string>): void {
  const defaults: Record<string, string> = {
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
    APP_KEYS: secret(),
    ADMIN_JWT_SECRET: secret(),
    JWT_SECRET: secret(),
    API_TOKEN_SALT: secret(),
    TRANSFER_TOKEN_SALT: secret(),
    ENCRYPTION_KEY: secret(),
    SANDBOX: 'false',
    SEED_DEMO: 'false',
    PROCESS_ROLE: 'web',
    RATE_LIMIT_ANONYMOUS: '0',
    RATE_LIMIT_USER: '0',
    RATE_LIMIT_LOGIN: '0',
    RATE_LIMIT_PAYMENT: '0',
    STRAPI_TELEMETRY_DISABLED: 'true',
  };
  Object.assign(process.env, defaults, variables);
}

/** Loads the compiled shop without listening. */
export async function loadShop(variables: Record<string, string>): Promise<Core.Strapi> {
  setEnvironment(variables);
  return createStrapi({
    appDir: PROJECT_ROOT,
    distDir: DIST,
    autoReload: false,
    // Only the browser tests need the built panel.
    serveAdminPanel: process.env.SHOP_SERVE_PANEL === 'true',
  }).load();
}

/** Boots and stops, which leaves a database with all tables, constraints, languages and roles. */
export async function bootOnce(variables: Record<string, string>): Promise<void> {
  const strapi = await loadShop(variables);
  await strapi.destroy();
}

/** An RSA key pair for tests that need keys of their own. */
export const makeKeyPair = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
