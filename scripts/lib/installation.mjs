import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { readStamp, writeStamp } from './fingerprint.mjs';
import { withLock } from './lock.mjs';
import { root } from './project.mjs';
import { Refusal } from './refusal.mjs';
import { runCommand, whileWaiting } from './run-command.mjs';

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

async function runNpmCi(project) {
  console.log('… 正在安装依赖，首次约需几分钟。 Installing dependencies; the first time takes some minutes.');
  const npm = npmCommand();
  const args = [
    ...npm.args,
    'ci',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  // NODE_ENV=production would make npm leave out what compiles and tests the shop.
  const env = { ...process.env, NODE_ENV: 'development' };
  const running = runCommand(npm.file, args, { cwd: project, env, quiet: true }).catch((error) => {
    throw error.code === 'ENOENT'
      ? new Refusal('找不到 npm，请安装 npm 10 或更高版本。', 'npm is missing: install npm 10 or newer.')
      : error;
  });
  const { code, tail } = await whileWaiting(running, (seconds) => console.log(`  … ${seconds} s`));
  if (code !== 0) throw explainNpmFailure(tail);
}

function npmCommand() {
  const running = process.env.npm_execpath ?? '';
  return running.endsWith('npm-cli.js') ? { file: running, args: [] } : { file: 'npm', args: [] };
}

const NPM_FAILURES = [
  [
    /ENOSPC|no space left/i,
    '安装失败：磁盘已满，请腾出空间后重试。',
    'Install failed: the disk is full, free some space and try again.',
  ],
  [
    /EACCES|EPERM|EROFS/,
    '安装失败：没有写入权限，请检查项目文件夹和 npm 缓存的权限。',
    'Install failed: no permission to write the project folder or npm’s cache.',
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|network/i,
    '安装失败：无法连接 npm 仓库，请检查网络或代理后重试。',
    'Install failed: the npm registry cannot be reached, check the network or proxy and try again.',
  ],
  [
    /can only install packages when your package\.json and package-lock\.json/,
    '安装失败：package.json 与 package-lock.json 不一致，请恢复仓库中的版本。',
    'Install failed: package.json and package-lock.json disagree, restore the repository’s versions.',
  ],
  [
    /gyp ERR|not found: make|node-gyp|better-sqlite3/,
    '安装失败：无法编译 better-sqlite3，请安装 python3、make 和 g++ 后重试。',
    'Install failed: better-sqlite3 could not be compiled, install python3, make and g++ and try again.',
  ],
];

/** One sentence for why `npm ci` failed; `output` is what it printed. */
export function explainNpmFailure(output) {
  const known = NPM_FAILURES.find(([pattern]) => pattern.test(output));
  if (known) return new Refusal(known[1], known[2]);
  const reason = output.match(/npm (?:error|ERR!) (?!code|A complete log|path|command)(.+)/)?.[1] ?? 'npm ci';
  return new Refusal(`安装失败：${reason}`, `Install failed: ${reason}`);
}
