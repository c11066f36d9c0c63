import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export const projectRoot = path.resolve(__dirname, '../..');

export interface Outcome {
  code: number | null;
  output: string;
}

/** Runs Node with these arguments to its end; `output` is all it printed. */
export function runNode(
  args: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Outcome> {
  const { NODE_OPTIONS: _unused, ...inherited } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: options.cwd ?? projectRoot,
      env: { ...inherited, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => (output += String(chunk)));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}

/**
 * Runs a piece of ESM code in a Node of its own and returns what it passes to `answer()`. The scripts are ES modules that run before
 * anything is installed; jest could load them only through a transform, so they are tested as they will be run.
 */
export async function evaluate<T>(code: string): Promise<T> {
  const prelude =
    "const answer = (value) => process.stdout.write('\\u0001' + JSON.stringify(value ?? null) + '\\u0001');\n";
  const { code: exitCode, output } = await runNode(['--input-type=module', '-e', prelude + code]);
  const answer = output.split('\u0001')[1];
  if (answer === undefined) throw new Error(`no answer (exit code ${exitCode}): ${output}`);
  return JSON.parse(answer) as T;
}

/** The address of a script module, to be imported by evaluated code. */
export const script = (name: string) => JSON.stringify(`file://${path.join(projectRoot, 'scripts', name)}`);

/** A folder that is removed after the test file. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'shop-scripts-'));
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** True while a process lives; one that has ended and was not yet collected does not count. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(
      fs.existsSync(`/proc/${pid}/status`) ? fs.readFileSync(`/proc/${pid}/status`, 'utf8') : '',
    );
  } catch {
    return false;
  }
}

/** Waits until `isTrue`, five seconds at most. */
export async function waitFor(isTrue: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 5_000; !isTrue();) {
    if (Date.now() > deadline) throw new Error('waited for five seconds in vain');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
