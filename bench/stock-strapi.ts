import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { databaseUrl, onDatabase, PROJECT_ROOT } from './ground';
import { type ServerProcess, startServer } from './shop-process';

const APIS = ['product', 'category', 'brand'];

const FILES: Record<string, string> = {
  'config/server.js':
    'module.exports = { host: process.env.HOST, port: Number(process.env.PORT), app: { keys: [process.env.APP_KEYS] } };',
  'config/admin.js':
    "module.exports = { auth: { secret: process.env.ADMIN_JWT_SECRET }, apiToken: { salt: 'x' }, transfer: { token: { salt: 'x' } }, secrets: { encryptionKey: process.env.ENCRYPTION_KEY } };",
  'config/database.js':
    "module.exports = { connection: { client: 'postgres', connection: { connectionString: process.env.DATABASE_URL }, pool: { min: 2, max: 10 } } };",
  'config/middlewares.js':
    "module.exports = ['strapi::logger','strapi::errors','strapi::security','strapi::cors','strapi::poweredBy','strapi::query','strapi::body','strapi::session','strapi::favicon','strapi::public'];",
  'config/plugins.js':
    "module.exports = { 'users-permissions': { config: { jwtSecret: process.env.JWT_SECRET } } };",
  'config/logger.js': "module.exports = { level: 'error' };",
  'src/index.js': `module.exports = { async bootstrap({ strapi }) {
    const role = await strapi.db.query('plugin::users-permissions.role').findOne({ where: { type: 'public' } });
    for (const action of ['api::product.product.find', 'api::product.product.findOne'])
      await strapi.db.query('plugin::users-permissions.permission').create({ data: { action, role: role.id } });
  } };`,
};

const coreFile = (factory: string, uid: string) =>
  `module.exports = require('@strapi/strapi').factories.${factory}('${uid}');`;

/** A plain Strapi project with the shop's own content types and nothing but Strapi's core routes. */
function writeProject(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  mkdirSync(join(folder, 'public', 'uploads'), { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({
      name: 'stock-strapi',
      version: '0.0.0',
      strapi: { uuid: false },
      dependencies: { '@strapi/plugin-users-permissions': '*' },
    }),
  );
  for (const api of APIS) {
    const target = join(folder, 'src', 'api', api);
    cpSync(join(PROJECT_ROOT, 'src', 'api', api, 'content-types'), join(target, 'content-types'), {
      recursive: true,
    });
    for (const [kind, factory] of [
      ['routes', 'createCoreRouter'],
      ['controllers', 'createCoreController'],
      ['services', 'createCoreService'],
    ] as const) {
      mkdirSync(join(target, kind), { recursive: true });
      writeFileSync(join(target, kind, `${api}.js`), coreFile(factory, `api::${api}.${api}`));
    }
  }
}

/** Starts stock Strapi on a copy of the shop's database: the same rows, Strapi's own REST. */
export async function startStockStrapi(shopDatabase: string, folder: string): Promise<ServerProcess> {
  const database = `${shopDatabase}_stock`;
  await onDatabase(undefined, (client) =>
    client.query(`create database "${database}" template "${shopDatabase}"`),
  );
  writeProject(folder);
  return startServer(
    join(PROJECT_ROOT, 'bench', 'start-built.cjs'),
    { BENCH_APP_DIR: folder, BENCH_DIST_DIR: folder, DATABASE_URL: databaseUrl(database) },
    '/_health',
  );
}

/** The product list and detail a shop would ask of it, with what ours answers populated. */
export const STOCK_LIST =
  '/api/products?locale=zh-Hans&pagination[pageSize]=20&sort=createdAt:desc&populate[category][fields][0]=name&populate[brand][fields][0]=name&populate[mainImages]=true';
export const stockDetail = (documentId: string): string =>
  `/api/products/${documentId}?locale=zh-Hans&populate[category][fields][0]=name&populate[brand][fields][0]=name&populate[mainImages]=true&populate[detailImages]=true`;
