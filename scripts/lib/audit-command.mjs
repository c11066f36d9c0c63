import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { ensureBuilt } from './build-command.mjs';
import { ensureInstalled } from './installation.mjs';
import { inProject, root } from './project.mjs';
import { Refusal, report } from './refusal.mjs';
import { readSettings } from './settings.mjs';
import { readShopSettings } from './shop-settings.mjs';

// As in config/server.ts: times stand in columns without a zone, and are the shop's only when read in the same one. Here,
// before the first driver is loaded.
process.env.TZ = 'UTC';

export const COULD_NOT_RUN = 2;
export const FOUND_SOMETHING = 1;
const FLAGS = ['--json', '--repair'];

/**
 * `npm run audit [-- --repair] [-- --json]`: tests everything that must always hold on the configured database, without starting the
 * shop. Exit code 0: nothing found; 1: something was found (with --repair: is still found afterwards); 2: it could not run.
 */
export async function main(args) {
  process.chdir(root);
  try {
    const unknown = args.filter((arg) => !FLAGS.includes(arg));
    if (unknown.length > 0)
      throw new Refusal(`不认识的参数：${unknown.join(' ')}。`, `Unknown argument: ${unknown.join(' ')}.`);
    const options = { isJson: args.includes('--json'), isRepair: args.includes('--repair') };
    const { settings, load } = await loadCompiled();
    const found = await auditDatabase({ settings, audit: load('src/audit') }, options);
    process.exitCode = found ? FOUND_SOMETHING : 0;
  } catch (error) {
    report(error);
    process.exitCode = COULD_NOT_RUN;
  }
}

/** The compiled shop's settings, as it would start with, and its modules. In production nothing is built on the way. */
export async function loadCompiled() {
  const variables = readSettings();
  const dist = process.env.SHOP_DIST ?? inProject('dist');
  const isProduction = variables.NODE_ENV === 'production';
  if (!isProduction && process.env.SHOP_DIST === undefined) {
    await ensureInstalled();
    await ensureBuilt({ admin: false });
  }
  if (!fs.existsSync(path.join(dist, 'src/audit.js')))
    throw new Refusal('尚未构建，请先运行 npm run build。', 'Not built: run npm run build first.');
  const require = createRequire(import.meta.url);
  return { settings: readShopSettings(dist, variables), load: (module) => require(path.join(dist, module)) };
}

export async function connect(settings) {
  const { default: knex } = await import('knex');
  if (settings.DATABASE_CLIENT === 'postgres') {
    const ssl = settings.DATABASE_SSL === true;
    const connection = { connectionString: settings.DATABASE_URL, ssl, application_name: 'shop-audit' };
    return knex({ client: 'pg', connection, pool: { min: 0, max: 1 } });
  }
  const filename = path.resolve(root, settings.DATABASE_FILENAME);
  if (!fs.existsSync(filename))
    throw new Refusal(`数据库文件不存在：${filename}。`, `There is no database at ${filename}.`);
  return knex({ client: 'better-sqlite3', connection: { filename }, useNullAsDefault: true });
}

async function auditDatabase({ settings, audit }, { isJson, isRepair }) {
  const connection = await connect(settings);
  try {
    const repairs = isRepair ? await audit.repairCounters(connection) : [];
    const result = await audit.auditShop(connection, new Date());
    if (isJson) console.log(JSON.stringify({ ...result, repairs }, null, 2));
    else print(audit, result, repairs);
    return result.findings.length > 0;
  } catch (error) {
    // A driver's message quotes the whole statement; what went wrong stands at its end.
    const reason = String(error.message).split(' - ').at(-1);
    throw new Refusal(`无法核查数据库：${reason}。`, 'The database could not be read.');
  } finally {
    await connection.destroy();
  }
}

function print(audit, { findings, cutShort, rules, durationMs }, repairs) {
  for (const { isDone, product, zh, en } of repairs)
    console.log(`${isDone ? '✓ 已修复 repaired' : '✗ 未修复 not repaired'} ${product}: ${zh} ${en}`);
  for (const finding of findings) console.log(`✗ ${audit.describeFinding(finding)}`);
  for (const rule of cutShort) console.log(`… ${rule}：还有更多未列出 there are more`);
  const seconds = (durationMs / 1000).toFixed(1);
  if (findings.length === 0)
    console.log(`✓ 一切正常：${rules} 项核查，${seconds} 秒。 All well: ${rules} rules, ${seconds} s.`);
  else
    console.log(
      `✗ ${findings.length} 处问题（${rules} 项核查，${seconds} 秒）。 ${findings.length} findings. 可修复的计数器 counters: npm run audit -- --repair`,
    );
}
