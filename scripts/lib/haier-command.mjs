import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { ensureBuilt } from './build-command.mjs';
import { ensureInstalled } from './installation.mjs';
import { inProject, root } from './project.mjs';
import { Refusal, report } from './refusal.mjs';
import { readRuntime } from './runtime-file.mjs';
import { readSettings } from './settings.mjs';
import { readShopSettings } from './shop-settings.mjs';

const KINDS = ['products', 'prices', 'stock', 'logistics'];
const NOT_WHOLE = 1;
const COULD_NOT_RUN = 2;
const CANCELLED = 130;
const ERRORS_SHOWN = 20;
const USAGE = `用法 usage: npm run haier -- sync ${KINDS.join('|')} [商品编码 code…] [--allow-drop]`;

/**
 * `npm run haier -- sync products|prices|stock|logistics [code…]`: runs one sync in this process, on the configured database, with or
 * without a running shop. Exit code 0: done; 1: some of it failed, or all of it did; 2: it could not begin; 130: cancelled (Ctrl-C).
 */
export async function main(args) {
  process.chdir(root);
  try {
    const request = parseArguments(args);
    const strapi = await loadShop();
    try {
      process.exitCode = await run(strapi, request);
    } finally {
      await strapi.destroy();
    }
  } catch (error) {
    report(error);
    process.exitCode = COULD_NOT_RUN;
  }
}

/** What is asked for. Throws a Refusal that says how to ask. */
export function parseArguments(args) {
  const flags = args.filter((arg) => arg.startsWith('-'));
  const [command, kind, ...productCodes] = args.filter((arg) => !arg.startsWith('-'));
  const unknown = flags.find((flag) => flag !== '--allow-drop');
  if (command !== 'sync' || !KINDS.includes(kind) || unknown !== undefined)
    throw new Refusal(USAGE, '', { exitCode: COULD_NOT_RUN });
  return {
    kind,
    ...(productCodes.length > 0 && { productCodes }),
    allowsDrop: flags.includes('--allow-drop'),
  };
}

/** The compiled shop without its doors and its jobs: what runs here is this one sync. */
async function loadShop() {
  // In development the accounts are those of the sandbox that `npm start` has running.
  const isProduction = readSettings().NODE_ENV === 'production';
  const played = isProduction ? {} : (readRuntime()?.sandboxEnv ?? {});
  for (const [name, value] of Object.entries(played)) process.env[name] ??= value;
  const variables = readSettings();
  process.env.NODE_ENV ??= variables.NODE_ENV ?? 'development';
  process.env.PROCESS_ROLE = 'web';
  process.env.SEED_DEMO = 'false';
  process.env.LOG_LEVEL ??= 'error';
  process.env.STRAPI_TELEMETRY_DISABLED ??= 'true';
  const distDir = process.env.SHOP_DIST ?? inProject('dist');
  if (!isProduction && process.env.SHOP_DIST === undefined) {
    await ensureInstalled();
    await ensureBuilt({ admin: false });
  }
  if (!fs.existsSync(path.join(distDir, 'src/index.js')))
    throw new Refusal('尚未构建，请先运行 npm run build。', 'Not built: run npm run build first.');
  // Strapi would print what is wrong in the middle of a stack trace.
  readShopSettings(distDir, readSettings());
  const { createStrapi } = createRequire(import.meta.url)('@strapi/strapi');
  return createStrapi({ appDir: root, distDir, autoReload: false, serveAdminPanel: false }).load();
}

async function run(strapi, request) {
  const cancel = new AbortController();
  const onSignal = () => cancel.abort();
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  try {
    const ended = await strapi
      .plugin('haier-integration')
      .service('syncs')
      .run(request, {
        requestedBy: `${os.userInfo().username}@${os.hostname()}`,
        signal: cancel.signal,
        onProgress: printProgress(),
      });
    return printEnd(ended);
  } catch (error) {
    if (error.sentence === undefined) throw error;
    // The plugin's own refusals have a sentence in each language; what was wrong with the request stands beside it.
    const problems = (error.options?.problems ?? []).map(
      ({ path: where, message }) => `${where.join('.')} ${message.zh}`,
    );
    throw new Refusal([error.sentence.zh, ...problems].join('；'), error.sentence.en, {
      exitCode: COULD_NOT_RUN,
    });
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

const PHASES = { listing: '读取列表 listing', writing: '写入 writing', unlisting: '核对下架 checking' };
const A_SECOND = 1_000;

/** A line a second at most; the last one comes with the end. */
function printProgress() {
  let said = 0;
  return ({ phase, done, total, changed, created, failed }) => {
    const now = Date.now();
    if (now - said < A_SECOND) return;
    said = now;
    const numbers = `${done}/${total ?? '?'}，新增 created ${created}，变更 changed ${changed}，失败 failed ${failed}`;
    console.log(`… ${PHASES[phase] ?? '开始 begun'} ${numbers}`);
  };
}

const STATUS = { succeeded: '✓ 完成 done', failed: '✗ 失败 failed', cancelled: '■ 已取消 cancelled' };

function printEnd(run) {
  const fields = Object.entries(run.changedFields).map(([name, count]) => `${name} ${count}`);
  for (const { subject, reason } of run.errors.slice(0, ERRORS_SHOWN)) console.log(`✗ ${subject}: ${reason}`);
  if (run.failed > ERRORS_SHOWN) console.log(`… 共 ${run.failed} 项失败 failed in all`);
  const seconds = ((new Date(run.finishedAt) - new Date(run.startedAt)) / 1000).toFixed(1);
  console.log(
    `${STATUS[run.status] ?? run.status}（${seconds} s）: ${run.done}/${run.total ?? '?'}，新增 created ${run.created}，` +
      `变更 changed ${run.changed}${fields.length > 0 ? ` (${fields.join(', ')})` : ''}，未变 unchanged ${run.unchanged}，` +
      `下架 no longer sold ${run.unlisted}，失败 failed ${run.failed}`,
  );
  if (run.message !== null) console.log(run.message);
  if (run.status === 'cancelled') return CANCELLED;
  return run.status === 'succeeded' && run.failed === 0 ? 0 : NOT_WHOLE;
}
