import fs from 'node:fs';
import path from 'node:path';
import { fingerprint, readStamp, writeStamp } from './fingerprint.mjs';
import { inProject, root, tools } from './project.mjs';
import { Refusal } from './refusal.mjs';
import { runCommand, whileWaiting } from './run-command.mjs';
import { publicPath, toolEnvironment } from './tool-environment.mjs';

const dist = inProject('dist');
// Inside the panel's own folder: whatever removes the panel (`strapi develop` does) removes its stamp with it.
const STAMP = path.join(dist, 'build/.admin-stamp');

/** The hash of everything the built admin panel depends on. */
export function adminFingerprint(project = root) {
  const names = pluginNames(path.join(project, 'src/plugins'));
  const inputs = names.flatMap((name) => [`src/plugins/${name}/admin`, `src/plugins/${name}/package.json`]);
  const sources = fingerprint(project, ['src/admin', 'package-lock.json', ...inputs], (file) =>
    /\.test\.[jt]sx?$/.test(file),
  );
  return `${sources} ${publicPath()}`;
}

function pluginNames(folder) {
  if (!fs.existsSync(folder)) return [];
  const entries = fs.readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

export function isAdminBuilt() {
  return fs.existsSync(path.join(dist, 'build/index.html')) && readStamp(STAMP) === adminFingerprint();
}

/** Builds the admin panel into dist/build when its sources changed. Returns true when it built. */
export async function ensureAdminBuilt({ force = false } = {}) {
  if (!force && isAdminBuilt()) return false;
  console.log('… 正在构建管理后台，约一分钟。 Building the admin panel, about a minute.');
  const wanted = adminFingerprint();
  fs.rmSync(STAMP, { force: true });
  const env = toolEnvironment({ production: true });
  const building = runCommand(tools.strapi, ['build'], { env, quiet: true });
  const { code, tail } = await whileWaiting(building, (seconds) => console.log(`  … ${seconds} s`));
  if (code !== 0 || !fs.existsSync(path.join(dist, 'build/index.html'))) {
    console.error(tail);
    throw new Refusal(
      '管理后台构建失败，错误见上。',
      'The admin panel does not build: see the errors above.',
    );
  }
  writeStamp(STAMP, wanted);
  return true;
}
