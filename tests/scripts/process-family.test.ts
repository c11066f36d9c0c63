import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { isRunning, projectRoot, script, temporaryFolder, waitFor } from './in-node';

const folder = temporaryFolder();

/** A killed process needs a moment to be gone. */
const expectGone = (pids: number[]) => waitFor(() => !pids.some(isRunning));

// A leader that ignores nothing, and a grandchild that ignores every polite signal.
const STUBBORN =
  "process.on('SIGTERM', () => {}); process.on('SIGINT', () => {}); setInterval(() => {}, 1000);";

/** A command that starts two children (one with a stubborn grandchild), prints their ids, and waits for `end`. */
function startCommand(end: string) {
  const grandchildFile = path.join(folder, `grandchild-${Math.random()}`);
  fs.writeFileSync(grandchildFile, '');
  const code = `
    import fs from 'node:fs';
    import { createProcessFamily, onStopSignal } from ${script('lib/process-family.mjs')};
    const family = createProcessFamily({ graceMs: 1000 });
    onStopSignal(async () => { await family.stopAll(); return 0; }, family.killAll);
    const leader = "const { spawn } = require('child_process'); const child = spawn(process.execPath, ['-e', " + ${JSON.stringify(JSON.stringify(STUBBORN))} + "]); require('fs').writeFileSync(process.argv[1], String(child.pid)); setInterval(() => {}, 1000);";
    const first = family.start(['-e', leader, ${JSON.stringify(grandchildFile)}]);
    const second = family.start(['-e', 'setInterval(() => {}, 1000)']);
    const grandchild = () => Number(fs.readFileSync(${JSON.stringify(grandchildFile)}, 'utf8'));
    while (!(grandchild() > 0)) await new Promise((done) => setTimeout(done, 20));
    console.log(JSON.stringify([first.child.pid, second.child.pid, grandchild()]));
    ${end}
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ids = new Promise<number[]>((resolve) =>
    child.stdout.once('data', (line) => resolve(JSON.parse(String(line)))),
  );
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code_) => resolve(code_)));
  return { child, ids, exited };
}

describe('what a command started', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('is gone after %s, grandchildren too', async (signal) => {
    const { child, ids, exited } = startCommand('await new Promise(() => {});');
    const pids = await ids;
    expect(pids.map(isRunning)).toEqual([true, true, true]);
    child.kill(signal);
    expect(await exited).toBe(0);
    await expectGone(pids);
  });

  it('is gone when one of them died first', async () => {
    const { ids, exited } = startCommand(
      "first.child.kill('SIGKILL'); await first.exited; await family.stopAll(); process.exit(7);",
    );
    const pids = await ids;
    expect(await exited).toBe(7);
    await expectGone(pids);
  });

  it('is gone at once when asked twice', async () => {
    const { child, ids, exited } = startCommand('await new Promise(() => {});');
    const pids = await ids;
    child.kill('SIGINT');
    child.kill('SIGTERM');
    expect([0, 130, 143]).toContain(await exited);
    await expectGone(pids);
  });

  it('ends by itself when the command is killed outright', async () => {
    const { child, ids, exited } = startCommand('await new Promise(() => {});');
    const [first, second, stubborn] = await ids;
    child.kill('SIGKILL');
    await exited;
    await expectGone([first, second]);
    process.kill(stubborn, 'SIGKILL');
  });
});
