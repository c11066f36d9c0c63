import fs from 'node:fs';
import { pathToFileURL } from 'node:url';
import { inProject, root, tools } from './project.mjs';
import { Refusal, refusing } from './refusal.mjs';
import { readEnvFile, readSettings } from './settings.mjs';
import { readShopSettings } from './shop-settings.mjs';

/**
 * The bare production start: no install, no build, no sandbox. The app runs in this very process, so signals, exit code and
 * process id are its own.
 */
export const main = () =>
  refusing(async () => {
    process.chdir(root);
    if (!fs.existsSync(tools.strapi)) {
      throw new Refusal('尚未安装依赖，请先运行 npm ci。', 'Nothing is installed: run npm ci first.');
    }
    if (
      !fs.existsSync(inProject('dist/src/index.js')) ||
      !fs.existsSync(inProject('dist/build/index.html'))
    ) {
      throw new Refusal(
        '尚未构建（dist 不完整），请先运行 npm run build。',
        'Not built (dist is incomplete): run npm run build first.',
      );
    }
    process.env.NODE_ENV ||= readEnvFile().NODE_ENV || 'production';
    // Strapi would print what is wrong in the middle of a stack trace.
    readShopSettings(inProject('dist'), readSettings());
    process.argv.splice(1, process.argv.length, tools.strapi, 'start');
    await import(pathToFileURL(tools.strapi).href);
  });
