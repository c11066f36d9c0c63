import { ensureBuilt } from './build-command.mjs';
import { ensureDevelopmentSecrets } from './development-secrets.mjs';
import { waitUntilHealthy } from './health.mjs';
import { ensureInstalled } from './installation.mjs';
import { withLock } from './lock.mjs';
import { assertPortFree, assertWritable } from './preconditions.mjs';
import { createProcessFamily, onStopSignal } from './process-family.mjs';
import { root, tools } from './project.mjs';
import { Refusal, refusing, report } from './refusal.mjs';
import { removeRuntime, writeRuntime } from './runtime-file.mjs';
import { startSandbox } from './sandbox-process.mjs';
import { addressOf, readSettings, wantsSandbox } from './settings.mjs';
import { printWelcome } from './welcome.mjs';

const READY_WITHIN_MS = 180_000;

/** `npm start`, and with `--develop` the same shop reloading on every change. */
export const main = (args) =>
  refusing(async () => {
    process.chdir(root);
    const develop = args.includes('--develop');
    const family = createProcessFamily();
    const stop = async (reason) => {
      console.log(`\n… 正在停止（${reason}）。 Stopping (${reason}).`);
      removeRuntime();
      await family.stopAll();
      // A stop that was asked for and went well is a success.
      return 0;
    };
    const signals = onStopSignal(stop, family.killAll);
    try {
      const exitCode = await run(family, await prepare({ develop }), { develop, signals });
      if (signals.isStopping()) return await new Promise(() => {});
      process.exitCode = exitCode;
    } catch (error) {
      if (signals.isStopping()) return await new Promise(() => {});
      report(error);
    }
    removeRuntime();
    await family.stopAll();
    signals.release();
  });

/** Everything that must be true before something is started; the quick refusals first. */
async function prepare({ develop }) {
  assertWritable();
  const before = readSettings();
  if (before.NODE_ENV === 'production' && wantsSandbox(before)) {
    throw new Refusal('生产环境不能启用 SANDBOX。', 'SANDBOX cannot be on in production.');
  }
  const { host, port } = addressOf(before);
  await assertPortFree(host, port);
  await ensureInstalled();
  if (before.NODE_ENV !== 'production') {
    const made = await withLock('secrets', async () => ensureDevelopmentSecrets());
    if (made.length > 0)
      console.log('✓ 已生成开发密钥并保存在 .env。 Development secrets made and kept in .env.');
  }
  // `strapi develop` compiles the server and serves the panel by itself.
  if (!develop) await ensureBuilt();
  await assertPortFree(host, port);
  return readSettings();
}

/** Starts the sandbox and the app, and resolves with the app's exit code. */
async function run(family, settings, { develop, signals }) {
  const { url } = addressOf(settings);
  const sandbox = wantsSandbox(settings) ? await startSandbox(family, { shopUrl: url }) : undefined;
  const app = family.start([tools.strapi, develop ? 'develop' : 'start'], {
    env: appEnvironment(settings, sandbox),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const outcome = await waitUntilHealthy(`${url}/healthz`, { gone: app.exited, withinMs: READY_WITHIN_MS });
  if (outcome === 'late') {
    throw new Refusal(
      '应用在三分钟内没有就绪，原因见上。',
      'The app was not ready within three minutes: see above.',
    );
  }
  if (outcome !== 'ready') {
    const exitCode = outcome.code || 1;
    throw new Refusal(
      `应用启动失败（退出码 ${exitCode}），原因见上。`,
      `The app did not start (exit code ${exitCode}): see above.`,
      {
        exitCode,
      },
    );
  }
  writeRuntime({
    url,
    controlUrl: sandbox?.controlUrl,
    apiUrl: sandbox?.apiUrl,
    payUrl: sandbox?.payUrl,
    sandboxEnv: sandbox?.env,
  });
  printWelcome({ url, settings, sandbox });
  const unlessStopping = (sentence) => !signals.isStopping() && console.error(sentence);
  sandbox?.exited.then(() => {
    unlessStopping(
      '✗ 沙箱已退出，支付和登录将失败，请重新启动。 The sandbox has exited: payments and sign-in will fail, start again.',
    );
  });
  const { code, signal } = await app.exited;
  unlessStopping(`✗ 应用已退出（${signal ?? code}）。 The app has exited (${signal ?? code}).`);
  return code;
}

function appEnvironment(settings, sandbox) {
  const base = {
    STRAPI_TELEMETRY_DISABLED: 'true',
    ...process.env,
    NODE_ENV: settings.NODE_ENV ?? 'development',
  };
  if (!sandbox) return base;
  return { ...base, ...sandbox.env, SANDBOX: 'true', SEED_DEMO: settings.SEED_DEMO ?? 'true' };
}
