import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tools } from './project.mjs';

// A jest that has written its results and does not end has something open; a jest that writes none for so long hangs.
const END_WITHIN_MS = 30_000;
const RUN_WITHIN_MS = 45 * 60_000;
// A hundred seeds of every race, with processes killed and started again.
const RACES_WITHIN_MS = 12 * 60 * 60_000;

/**
 * Runs one jest project in `family`, with `folder` for its results, and resolves `{ passed, failed, notes }`. What could not run counts: a suite that does not
 * load, a skipped test, a jest that crashed or never ended are failures; so is a project without tests unless it was narrowed.
 */
export async function runJestProject(project, { family, env, folder, jestArguments, isNarrowed }) {
  const results = path.join(folder, `${project}.json`);
  const args = [
    tools.jest,
    '--selectProjects',
    project,
    // One race at a time: two would share what each measures.
    ...(env.RACES === 'long' ? ['--runInBand'] : workersFor(project)),
    ...(isNarrowed ? ['--passWithNoTests'] : []),
    '--json',
    `--outputFile=${results}`,
    ...jestArguments,
  ];
  // With --json jest prints the same results on standard output once more; people read its standard error.
  const { exited } = family.start(args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const end = await endOf(exited, results, env.RACES === 'long' ? RACES_WITHIN_MS : RUN_WITHIN_MS);
  await family.stopAll('SIGTERM');
  return countResults(project, readResults(results), {
    end,
    isNarrowed,
    byName: jestArguments.some(isNameFilter),
  });
}

// One worker a core; where shops are booted one more, for they wait for databases, timers and processes a third of their time.
// A suite that boots the shop loads all of Strapi anew and jest does not get that memory back, so such workers are replaced when
// they have grown.
function workersFor(project) {
  const cores = os.availableParallelism();
  const boots = project.startsWith('integration');
  const workers = Number(process.env.TEST_WORKERS) || (boots && cores > 1 ? cores + 1 : cores);
  if (workers <= 1) return ['--runInBand'];
  return [`--maxWorkers=${workers}`, ...(boots ? ['--workerIdleMemoryLimit=1200MB'] : [])];
}

async function endOf(exited, results, runWithinMs) {
  const stop = new AbortController();
  const watch = async () => {
    const started = Date.now();
    let written;
    for (;;) {
      await sleep(500, undefined, { signal: stop.signal });
      if (!written && fs.existsSync(results)) written = Date.now();
      if (written && Date.now() - written > END_WITHIN_MS)
        return { hung: 'jest 未退出 jest did not end: something is left open' };
      if (Date.now() - started > runWithinMs) return { hung: 'jest 超时 jest took too long' };
    }
  };
  const outcome = await Promise.race([exited, watch().catch(() => exited)]);
  stop.abort();
  return outcome;
}

function readResults(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The count of one run; exported for its tests. `end` is how the jest process ended: `{ code }` or `{ hung }`. */
export function countResults(project, results, { end, isNarrowed, byName }) {
  if (!results)
    return {
      passed: 0,
      failed: 1,
      notes: [`${project}: ${end.hung ?? `jest 异常退出 jest crashed (${end.signal ?? end.code})`}`],
    };
  const notes = [];
  let failed = results.numFailedTests;
  const failedWithoutTest = results.testResults.filter(
    (suite) => suite.status === 'failed' && !suite.assertionResults.some((test) => test.status === 'failed'),
  );
  for (const suite of failedWithoutTest) {
    failed += 1;
    notes.push(`${project}: 未能运行 could not run ${path.relative(process.cwd(), suite.name)}`);
  }
  // Filtering by name makes jest call all the others pending.
  if (!byName && results.numPendingTests > 0) {
    failed += results.numPendingTests;
    notes.push(
      `${project}: ${results.numPendingTests} 个测试被跳过，按失败计 skipped tests count as failures`,
    );
  }
  if (!isNarrowed && results.numTotalTests === 0 && failed === 0) {
    failed += 1;
    notes.push(`${project}: 没有测试 no tests`);
  }
  if (end.hung) {
    failed += 1;
    notes.push(`${project}: ${end.hung}`);
  } else if (end.code !== 0 && failed === 0) {
    failed += 1;
    notes.push(`${project}: jest 退出码 exit code ${end.code}`);
  }
  return { passed: results.numPassedTests, failed, notes };
}

const isNameFilter = (argument) => /^(-t|--testNamePattern)/.test(argument);
