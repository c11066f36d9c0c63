import fs from 'node:fs';
import path from 'node:path';
import { COULD_NOT_RUN, connect, FOUND_SOMETHING, loadCompiled } from './audit-command.mjs';
import { root } from './project.mjs';
import { Refusal, report } from './refusal.mjs';

const FLAGS = ['--json', '--without-database'];

/**
 * `npm run audit:log [-- folder…] [-- --json] [-- --without-database]`: looks for changed or missing lines in the payment audit
 * of LOG_DIR, or of the folders named: LOG_DIR and wherever its old files were moved to. Exit code 0: nothing found; 1: something
 * was; 2: it could not run.
 */
export async function main(args) {
  process.chdir(root);
  try {
    const flags = args.filter((arg) => arg.startsWith('--'));
    const unknown = flags.filter((flag) => !FLAGS.includes(flag));
    if (unknown.length > 0)
      throw new Refusal(`不认识的参数：${unknown.join(' ')}。`, `Unknown argument: ${unknown.join(' ')}.`);
    const found = await checkLog({
      folders: args.filter((arg) => !arg.startsWith('--')),
      isJson: flags.includes('--json'),
      hasDatabase: !flags.includes('--without-database'),
    });
    process.exitCode = found ? FOUND_SOMETHING : 0;
  } catch (error) {
    report(error);
    process.exitCode = COULD_NOT_RUN;
  }
}

async function checkLog({ folders, isJson, hasDatabase }) {
  const { settings, load } = await loadCompiled();
  const { checkAudit } = load('src/platform/logging/audit-check');
  const { ANCHOR_KEYS } = load('src/platform/logging/anchors');
  const places = folders.length > 0 ? folders : [path.resolve(root, settings.LOG_DIR)];
  for (const folder of places)
    if (!fs.existsSync(folder))
      throw new Refusal(`没有这个目录：${folder}。`, `There is no folder ${folder}.`);
  const anchors = hasDatabase ? await readAnchors(settings, ANCHOR_KEYS) : [];
  const result = checkAudit(places, anchors);
  if (isJson) console.log(JSON.stringify({ ...result, anchors: anchors.length }, null, 2));
  else print(result, anchors.length, hasDatabase);
  return result.problems.length > 0;
}

/** How far each chain had come, as the shop wrote it into the database. */
async function readAnchors(settings, keys) {
  const connection = await connect(settings);
  try {
    const rows = await connection('strapi_core_store_settings')
      .where('key', 'like', `${keys}%`)
      .select('value');
    return rows.map(({ value }) => JSON.parse(value));
  } catch (error) {
    const reason = String(error.message).split(' - ').at(-1);
    throw new Refusal(
      `无法读取数据库中的锚点：${reason}（可加 --without-database 只核对文件）。`,
      'The anchors in the database could not be read (--without-database checks the files alone).',
    );
  } finally {
    await connection.destroy();
  }
}

function print({ files, lines, chains, unanchoredLines, fragments, problems }, anchors, hasDatabase) {
  for (const { chain, place, zh, en } of problems)
    console.log(`✗ ${place ?? '-'}${chain === null ? '' : ` [${chain}]`}: ${zh} ${en}`);
  if (fragments > 0)
    console.log(
      `… ${fragments} 处写到一半的行（进程被杀或磁盘已满） lines that were cut off while being written`,
    );
  if (hasDatabase && unanchoredLines > 0)
    console.log(`… ${unanchoredLines} 行晚于数据库中的锚点 lines younger than their anchor`);
  if (!hasDatabase)
    console.log('… 未核对末尾：没有读取数据库中的锚点。 Ends were not checked: no anchors were read.');
  const counted = `${files} 个文件 files, ${chains} 条链 chains, ${lines} 行 lines, ${anchors} 个锚点 anchors`;
  if (problems.length === 0) console.log(`✓ 支付审计日志完好：${counted}。 The payment audit is whole.`);
  else console.log(`✗ 发现 ${problems.length} 处问题：${counted}。 ${problems.length} problems.`);
}
