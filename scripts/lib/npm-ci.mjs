import { Refusal } from './refusal.mjs';
import { runCommand, whileWaiting } from './run-command.mjs';

const NETWORK_CODE =
  'ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|EADDRNOTAVAIL|ERR_SOCKET_TIMEOUT|UND_ERR_CONNECT_TIMEOUT';
const GIVE_UP_AFTER_FAILURES = 30;
const GIVE_UP_AFTER_MS = 15_000;

/** Installs exactly the lock file, development packages included. Throws a Refusal that says in one sentence why it could not. */
export async function runNpmCi(project) {
  console.log('… 正在安装依赖，首次约需几分钟。 Installing dependencies; the first time takes some minutes.');
  const npm = npmCommand();
  const args = [
    ...npm.args,
    'ci',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=http',
  ];
  // NODE_ENV=production would make npm leave out what compiles and tests the shop.
  const env = { ...process.env, NODE_ENV: 'development' };
  const network = { isDown: false };
  const onChild = (child) => watchNetwork(child, network);
  const running = runCommand(npm.file, [...args, '--fetch-timeout=60000'], {
    cwd: project,
    env,
    quiet: true,
    onChild,
  });
  const { code, tail } = await whileWaiting(running.catch(explainStart), (seconds) =>
    console.log(`  … ${seconds} s`),
  );
  if (network.isDown) throw explainNpmFailure('npm error ENOTFOUND');
  if (code !== 0) throw explainNpmFailure(tail);
}

function npmCommand() {
  const running = process.env.npm_execpath ?? '';
  return running.endsWith('npm-cli.js') ? { file: running, args: [] } : { file: 'npm', args: [] };
}

function explainStart(error) {
  if (error.code !== 'ENOENT') throw error;
  throw new Refusal('找不到 npm，请安装 npm 10 或更高版本。', 'npm is missing: install npm 10 or newer.');
}

// Left alone, npm retries every one of two thousand packages for many minutes before it says that there is no network.
function watchNetwork(child, network) {
  const failure = new RegExp(`attempt \\d+ failed with (?:${NETWORK_CODE})`, 'g');
  let failures = 0;
  let lastSuccess = Date.now();
  const look = (chunk) => {
    const text = String(chunk);
    if (/http (?:fetch|cache) .* 200 /.test(text)) {
      failures = 0;
      lastSuccess = Date.now();
    }
    failures += text.match(failure)?.length ?? 0;
    if (failures < GIVE_UP_AFTER_FAILURES || Date.now() - lastSuccess < GIVE_UP_AFTER_MS) return;
    network.isDown = true;
    child.kill('SIGTERM');
  };
  child.stdout.on('data', look);
  child.stderr.on('data', look);
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
    new RegExp(`${NETWORK_CODE}|network`, 'i'),
    '安装失败：无法连接 npm 仓库，请检查网络或代理后重试。',
    'Install failed: the npm registry cannot be reached, check the network or proxy and try again.',
  ],
  [
    /can only install packages when your package\.json and package-lock\.json/,
    '安装失败：package.json 与 package-lock.json 不一致，请恢复仓库中的版本。',
    'Install failed: package.json and package-lock.json disagree, restore the repository’s versions.',
  ],
  [
    /gyp ERR|not found: make|node-gyp/,
    '安装失败：无法编译 better-sqlite3，请安装 python3、make 和 g++ 后重试。',
    'Install failed: better-sqlite3 could not be compiled, install python3, make and g++ and try again.',
  ],
];

/** One sentence for why `npm ci` failed; `output` is what it printed. */
export function explainNpmFailure(output) {
  // Only what npm calls an error: the log of its requests names packages and addresses that mean nothing here.
  const errors = output.split('\n').filter((line) => /^npm (?:error|ERR!)/.test(line));
  const known = NPM_FAILURES.find(([pattern]) => pattern.test(errors.join('\n')));
  if (known) return new Refusal(known[1], known[2]);
  const line =
    errors.find((each) => !/ (?:code|path|command|A complete log)\b/.test(each)) ?? errors[0] ?? '';
  const reason = line.replace(/^npm (?:error|ERR!)\s*/, '') || 'npm ci';
  return new Refusal(`安装失败：${reason}`, `Install failed: ${reason}`);
}
