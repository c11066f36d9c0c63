import fs from 'node:fs';
import { createRequire } from 'node:module';
import { inProject, root } from './project.mjs';
import { Refusal, refusing } from './refusal.mjs';
import { readEnvFile, readSettings } from './settings.mjs';
import { readShopSettings } from './shop-settings.mjs';

/**
 * `npm run migrate`: brings the configured database to this version (migrations, tables, rules, roles, languages, first accounts) and
 * ends, before the first process of the version serves, so that none of those waits for it: every start does the same, one process
 * after the other. Builds nothing; exit code 0 when the database is ready.
 */
export const main = () =>
  refusing(async () => {
    process.chdir(root);
    if (!fs.existsSync(inProject('dist/src/index.js')))
      throw new Refusal('尚未构建，请先运行 npm run build。', 'Not built: run npm run build first.');
    process.env.NODE_ENV ||= readEnvFile().NODE_ENV || 'production';
    // No work of the outbox is begun by a process that is about to end.
    process.env.PROCESS_ROLE = 'web';
    readShopSettings(inProject('dist'), readSettings());
    const { createStrapi } = createRequire(import.meta.url)('@strapi/strapi');
    const options = {
      appDir: root,
      distDir: inProject('dist'),
      autoReload: false,
      serveAdminPanel: false,
    };
    const shop = await createStrapi(options).load();
    await shop.destroy();
    console.log('✓ 数据库已就绪。 The database is ready.');
    process.exit(0);
  });
