import { assertTypesFresh } from './generated-types.mjs';
import { ensureInstalled } from './installation.mjs';
import { inProject, root, tools } from './project.mjs';
import { refusing, report } from './refusal.mjs';
import { runCommand } from './run-command.mjs';

const tsc = (project) => () => runTool(tools.tsc, ['-p', project, '--noEmit']);

const CHECKS = [
  ['格式 format', () => runTool(tools.prettier, ['--check', '--log-level', 'warn', '.'])],
  ['规范 lint', () => runTool(tools.eslint, ['.', '--max-warnings', '0'])],
  ['服务端类型 types of the server', tsc('tsconfig.json')],
  ['测试与沙箱类型 types of tests and sandbox', tsc('tsconfig.tests.json')],
  ['管理后台类型 types of the admin panel', tsc('src/admin')],
  ['生成的类型 generated types', () => assertTypesFresh().then(() => true)],
];

/** `npm run check [-- --fast]`: every check in turn, all of them even when one fails; then the tests, unless `--fast`. */
export const main = (args) =>
  refusing(async () => {
    process.chdir(root);
    await ensureInstalled();
    const failed = [];
    for (const [name, check] of CHECKS) {
      const started = Date.now();
      const isRight = await check().catch((error) => void report(error));
      console.log(`${isRight ? '✓' : '✗'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
      if (!isRight) failed.push(name);
    }
    if (!args.includes('--fast') && !(await runTool(inProject('scripts/test.mjs'), [])))
      failed.push('测试 tests');
    if (failed.length > 0) console.error(`\n✗ 未通过 failed: ${failed.join(', ')}`);
    process.exitCode = failed.length > 0 ? 1 : 0;
  });

async function runTool(file, args) {
  const { code } = await runCommand(file, args);
  return code === 0;
}
