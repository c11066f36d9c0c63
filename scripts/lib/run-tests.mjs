import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureBuilt } from './build-command.mjs';
import { ensureInstalled } from './installation.mjs';
import { checkRunLogs, prepareLogFolder } from './log-check.mjs';
import { runJestProject } from './jest-run.mjs';
import { assertWritable } from './preconditions.mjs';
import { createProcessFamily, onStopSignal } from './process-family.mjs';
import { inProject, root } from './project.mjs';
import { Refusal, report } from './refusal.mjs';
import { parseTestArguments } from './test-arguments.mjs';
import { startGuardian } from '../../tests/support/servers/guardian.mjs';
import { memoryFolder } from '../../tests/support/servers/memory-folder.mjs';
import { NoServersError, startServers } from '../../tests/support/servers/index.mjs';

/**
 * `npm test`: installs, compiles, gets the servers, runs every project, removes what it started. The last line is always
 * `N passed, N failed`, also when nothing could run.
 */
export async function main(args) {
  process.chdir(root);
  const total = { passed: 0, failed: 0 };
  const family = createProcessFamily({ graceMs: 5_000 });
  const servers = { stop: async () => {}, killNow: () => {}, env: {} };
  // The temporary folder of everything the tests do, so that a test that is killed leaves nothing behind either.
  const folder = fs.mkdtempSync(path.join(memoryFolder(2) ?? os.tmpdir(), 'shop-test-run-'));
  // It cleans up when we are killed outright, or stopped while something is just coming up; told to go after a normal end.
  const guardian = startGuardian();
  guardian.watch({ folder });
  const removeFolder = () => fs.rmSync(folder, { recursive: true, force: true });
  const stopEverything = async () => {
    await family.stopAll();
    await servers.stop();
    removeFolder();
  };
  const killEverything = () => {
    family.killAll();
    servers.killNow();
    removeFolder();
  };
  const signals = onStopSignal(async (reason) => {
    console.log(`\n… 正在停止（${reason}）。 Stopping (${reason}).`);
    await stopEverything();
    printTotal({ ...total, failed: total.failed + 1 });
  }, killEverything);
  try {
    await runAll(args, {
      total,
      family,
      servers,
      folder,
      watch: guardian.watch,
      isStopping: signals.isStopping,
    });
  } catch (error) {
    if (signals.isStopping()) return await new Promise(() => {});
    total.failed += 1;
    report(error instanceof NoServersError ? new Refusal(error.message, '') : error);
  }
  if (signals.isStopping()) return await new Promise(() => {});
  await stopEverything();
  guardian.dismiss();
  signals.release();
  if (total.passed === 0 && total.failed === 0) {
    console.error('✗ 没有运行任何测试。 No test ran.');
    total.failed = 1;
  }
  printTotal(total);
  process.exitCode = total.failed === 0 ? 0 : 1;
}

async function runAll(args, { total, family, servers, folder, watch, isStopping }) {
  const { projects, ...narrowing } = parseTestArguments(args);
  assertWritable();
  await prepare(servers, startServers(serversFor(projects), { say, watch }));
  const notes = [];
  const logs = prepareLogFolder(process.env.TEST_LOGS);
  for (const project of projects) {
    console.log(`\n── ${project} ──`);
    const env = environmentFor(project, servers.env, folder);
    if (narrowing.isLongRaces) env.RACES = 'long';
    if (logs !== undefined) env.TEST_LOGS = logs;
    const result = await runJestProject(project, { family, env, folder, ...narrowing });
    // What was interrupted has no result; the one who interrupts prints the total.
    if (isStopping()) return;
    total.passed += result.passed;
    total.failed += result.failed;
    notes.push(...result.notes);
  }
  if (logs !== undefined) {
    const result = await checkRunLogs(logs, say);
    total.passed += result.passed;
    total.failed += result.failed;
    notes.push(...result.notes);
  }
  if (notes.length > 0) console.log(`\n${notes.map((note) => `✗ ${note}`).join('\n')}`);
}

/** Installs and compiles while the servers come up: they need nothing of node_modules, and may have to be installed themselves. */
async function prepare(servers, starting) {
  const outcomes = await Promise.allSettled([
    ensureInstalled().then(() => ensureBuilt({ admin: false })),
    // At once: who interrupts the installation stops what is up already.
    starting.then((started) => Object.assign(servers, started)),
  ]);
  for (const { status, reason } of outcomes) if (status === 'rejected') throw reason;
}

const say = (line) => console.log(`✓ ${line}`);

function serversFor(projects) {
  const wanted = [];
  if (projects.includes('integration-postgres')) wanted.push('postgres');
  if (projects.some((project) => project.startsWith('integration'))) wanted.push('redis');
  return wanted;
}

function environmentFor(project, servers, folder) {
  const env = {
    ...process.env,
    NODE_ENV: 'test',
    TMPDIR: folder,
    // Strapi would read the developer's .env by itself; a path where nothing is keeps it out of the tests.
    ENV_PATH: inProject('.cache', 'no-env-file'),
    STRAPI_TELEMETRY_DISABLED: 'true',
    ...servers,
  };
  if (project.startsWith('integration-')) env.TEST_DATABASE = project.slice('integration-'.length);
  return env;
}

const printTotal = ({ passed, failed }) => console.log(`\n${passed} passed, ${failed} failed`);
