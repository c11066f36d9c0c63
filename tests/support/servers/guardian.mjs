import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/**
 * Starts a process that outlives this one and removes what it was told about if this one is killed outright: process groups, then
 * folders. `watch({ pid, folder })` tells it; `dismiss()` lets it go with nothing to do.
 */
export function startGuardian() {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), 'guard'], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  child.unref();
  child.stdin.unref?.();
  child.stdin.on('error', () => {});
  child.on('error', () => {});
  const send = (message) => child.stdin.write(`${JSON.stringify(message)}\n`);
  return {
    pid: child.pid,
    watch: ({ pid, folder }) => send({ pid, folder }),
    dismiss: () => child.stdin.end(`${JSON.stringify({ dismissed: true })}\n`),
  };
}

function guard() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
  const watched = [];
  createInterface({ input: process.stdin })
    .on('line', (line) => {
      const message = JSON.parse(line);
      if (message.dismissed) watched.length = 0;
      else watched.push(message);
    })
    .on('close', () => {
      // PostgreSQL ends cleanly on SIGQUIT; whoever is still there half a second later is not asked again.
      for (const { pid } of watched) kill(pid, 'SIGQUIT');
      setTimeout(
        () => {
          for (const { pid } of watched) kill(-pid, 'SIGKILL');
          for (const { folder } of watched) if (folder) fs.rmSync(folder, { recursive: true, force: true });
        },
        watched.length > 0 ? 500 : 0,
      );
    });
}

function kill(pid, signal) {
  try {
    if (Number.isInteger(pid)) process.kill(pid, signal);
  } catch {
    // Gone already.
  }
}

if (process.argv[2] === 'guard') guard();
