import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';

import type { Core } from '@strapi/strapi';

import { fullLogs, noteSettings } from './logged';

export const PROJECT_ROOT = join(__dirname, '..', '..');

/** Where the compiled shop is; another build can be tested by naming its folder in SHOP_DIST. */
export const DIST = process.env.SHOP_DIST ?? join(PROJECT_ROOT, 'dist');

/**
 * Node's own `require` in a suite (see shop-environment.ts), so that Strapi is loaded once per process; jest's where a
 * process boots outside of a suite.
 */
const requireOutside = (globalThis as { requireOutside?: NodeJS.Require }).requireOutside ?? require;

/** The compiled module the running shop uses: a clock or worker of the sources would be another one. */
export function compiled<T>(path: string): T {
  return requireOutside(join(DIST, path)) as T;
}

/** A module of Node as the shop sees it: what a test puts into it, the shop finds. */
export const outside = <T>(name: string): T => requireOutside(name) as T;

/** Strapi's plugins: the shop adds to their routes and controllers, which are objects of their modules. */
const PLUGIN_PACKAGE = /node_modules\/@strapi\/(admin|content-|review-workflows|i18n|upload|email|plugin-)/;

/** The shop's modules keep a clock, a worker and ports; a boot must not find those of the suite before. */
function forgetShop(): void {
  const isOfShop = (file: string) =>
    file.includes('/node_modules/')
      ? PLUGIN_PACKAGE.test(file)
      : file.startsWith(`${DIST}/`) || file.startsWith(join(PROJECT_ROOT, 'src/'));
  for (const [file, module] of Object.entries(requireOutside.cache)) {
    if (isOfShop(file)) delete requireOutside.cache[file];
    // Else the loader that required them would keep every suite's modules alive.
    else if (module) module.children = module.children.filter((child) => !isOfShop(child.filename));
  }
}

const secret = () => randomBytes(24).toString('hex');

/** The six secrets every shop needs, made now. */
export const freshSecrets = (): Record<string, string> => ({
  APP_KEYS: secret(),
  ADMIN_JWT_SECRET: secret(),
  JWT_SECRET: secret(),
  API_TOKEN_SALT: secret(),
  TRANSFER_TOKEN_SALT: secret(),
  ENCRYPTION_KEY: secret(),
});

/** Variables of the shop; those of an earlier boot in this process do not leak into the next. */
export function setEnvironment(variables: Record<string, string>): void {
  const defaults: Record<string, string> = {
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
    ...freshSecrets(),
    SANDBOX: 'false',
    SEED_DEMO: 'false',
    PROCESS_ROLE: 'web',
    RATE_LIMIT_ANONYMOUS: '0',
    RATE_LIMIT_USER: '0',
    RATE_LIMIT_LOGIN: '0',
    RATE_LIMIT_PAYMENT: '0',
    STRAPI_TELEMETRY_DISABLED: 'true',
  };
  Object.assign(process.env, defaults, variables, fullLogs(variables));
  noteSettings({ ...defaults, ...variables });
}

/** Strapi's `destroy` takes every listener off the process, those of a jest worker included: it would be deaf. */
function keepListeners(): (shop: Core.Strapi) => void {
  const process = requireOutside('node:process') as NodeJS.EventEmitter;
  const before = process.eventNames().map((name) => [name, process.rawListeners(name)] as const);
  return (shop) => {
    const destroy = shop.destroy.bind(shop);
    shop.destroy = async () => {
      await destroy();
      process.removeAllListeners();
      for (const [name, listeners] of before)
        for (const listener of listeners) process.on(name, listener as (...values: unknown[]) => void);
    };
  };
}

/** Loads the compiled shop without listening. */
export async function loadShop(variables: Record<string, string>): Promise<Core.Strapi> {
  setEnvironment(variables);
  forgetShop();
  const { createStrapi } = requireOutside('@strapi/strapi') as typeof import('@strapi/strapi');
  const giveBack = keepListeners();
  const shop = createStrapi({
    appDir: PROJECT_ROOT,
    distDir: DIST,
    autoReload: false,
    // Only the browser tests need the built panel.
    serveAdminPanel: process.env.SHOP_SERVE_PANEL === 'true',
  });
  giveBack(shop);
  return shop.load();
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
