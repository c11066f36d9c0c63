/**
 * Browser tests of the built admin panel: `node tests/e2e/run.mjs [--pictures] [panel] [haier]`. Needs `npm run build` and a
 * Chromium (CHROMIUM names it, else the usual places). Without a name both walks are taken, each through a shop of its own. With
 * --pictures the screenshots of docs/pictures are taken anew. E2E_FAILURES names a folder for a picture of every step that failed,
 * E2E_PICTURES one for a picture of every page and state the walk through the Haier pages sees.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const project = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const chromium = [process.env.CHROMIUM, ...PLACES].find((place) => place && fs.existsSync(place));
if (!chromium) {
  console.error(
    '没有找到 Chromium：请安装（Debian: apt-get install chromium），或用 CHROMIUM 指明。 There is no Chromium: install one or name it in CHROMIUM.',
  );
  process.exit(1);
}
const dist = process.env.SHOP_DIST ?? path.join(project, 'dist');
if (!fs.existsSync(path.join(dist, 'build/index.html'))) {
  console.error(
    '管理后台尚未构建：请先运行 npm run build。 The panel is not built: run npm run build first.',
  );
  process.exit(1);
}

const WALKS = { panel: 'tests/e2e/panel.ts', haier: 'tests/e2e/haier/walk.ts' };
const named = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const unknown = named.filter((name) => !(name in WALKS));
if (unknown.length > 0) {
  console.error(
    `没有这样的测试 There is no such walk: ${unknown.join(', ')} (${Object.keys(WALKS).join(', ')})`,
  );
  process.exit(1);
}

const walk = (name) =>
  spawnSync(process.execPath, ['--import', 'tsx', path.join(project, WALKS[name])], {
    cwd: project,
    stdio: 'inherit',
    env: {
      ...process.env,
      NODE_ENV: 'test',
      TEST_DATABASE: 'sqlite',
      SHOP_DIST: dist,
      SHOP_SERVE_PANEL: 'true',
      CHROMIUM: chromium,
      PICTURES: process.argv.includes('--pictures') ? 'true' : '',
    },
  }).status ?? 1;

// Both are walked, whatever the first one found.
const statuses = (named.length > 0 ? named : Object.keys(WALKS)).map(walk);
process.exit(statuses.every((status) => status === 0) ? 0 : 1);
