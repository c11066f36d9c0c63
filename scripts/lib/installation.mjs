import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { readStamp, writeStamp } from './fingerprint.mjs';
import { withLock } from './lock.mjs';
import { root } from './project.mjs';
import { Refusal } from './refusal.mjs';
import { runNpmCi } from './npm-ci.mjs';
import { runCommand } from './run-command.mjs';

const STAMP = 'node_modules/.shop-installed';

/** Installs exactly what package-lock.json says unless that is what is there. Returns true when it had to install. */
export async function ensureInstalled({ project = root, install = runNpmCi } = {}) {
  if (isInstalled(project)) return false;
  const onWait = () =>
    console.log('… 另一个安装正在进行，等待它完成。 Another install is under way, waiting for it.');
  return withLock(
    'install',
    async () => {
      // Whoever held the lock before may have done the work, and so may an `npm ci` run by hand.
      if (isInstalled(project)) return false;
      if (!(await isCompleteByHand(project))) await install(project);
      writeStamp(path.join(project, STAMP), wantedStamp(project));
      return true;
    },
    { folder: path.join(project, '.cache'), onWait },
  );
}

/** True when the last install finished and was made from this lock file, by this major Node, on this kind of machine. */
export function isInstalled(project = root) {
  return readStamp(path.join(project, STAMP)) === wantedStamp(project);
}

function wantedStamp(project) {
  let lock;
  try {
    lock = fs.readFileSync(path.join(project, 'package-lock.json'));
  } catch {
    throw new Refusal(
      '缺少 package-lock.json，请从仓库恢复该文件。',
      'package-lock.json is missing: restore it from the repository.',
    );
  }
  // Native modules are compiled for one ABI and platform: node_modules of another is as good as none.
  return `${createHash('sha256').update(lock).digest('hex')} ${process.versions.modules} ${process.platform} ${process.arch}`;
}

/**
 * True when somebody's own `npm ci` or `npm install` completed: npm writes its hidden lock file last, so it names the same
 * packages as ours, and the one native module loads. Saves such a person four minutes.
 */
async function isCompleteByHand(project) {
  const wanted = readPackages(path.join(project, 'package-lock.json'));
  const found = readPackages(path.join(project, 'node_modules/.package-lock.json'));
  if (!wanted || !found) return false;
  const isSame = Object.entries(wanted).every(([where, entry]) => {
    if (where === '' || found[where]?.version === entry.version) return true;
    return entry.optional === true || entry.devOptional === true || entry.link === true;
  });
  if (!isSame || Object.keys(found).some((where) => !wanted[where])) return false;
  const probe = "new (require('better-sqlite3'))(':memory:').close()";
  const { code } = await runCommand(process.execPath, ['-e', probe], { cwd: project, quiet: true });
  return code === 0;
}

function readPackages(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
