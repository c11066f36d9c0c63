import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { memoryFolder } from './memory-folder.mjs';

export const HOST = '127.0.0.1';

/** A password for one run, safe inside a URL. */
export const makePassword = () => randomBytes(18).toString('hex');

/** A port that was free a moment ago; whoever listens on it must be ready to ask for another. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, HOST, () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** A folder of its own, in memory if it may be, that `owner` (uid, gid) may enter and nobody else; `watch` hears of it. */
export function makeFolder(name, { owner, watch = () => {}, isDurable = false } = {}) {
  // TMPDIR may lie inside a home that an unprivileged owner cannot enter; /tmp never does.
  const onDisk = owner ? '/tmp' : os.tmpdir();
  const base = isDurable ? onDisk : (memoryFolder(6) ?? onDisk);
  const folder = fs.mkdtempSync(path.join(base, `shop-test-${name}-`));
  watch({ folder });
  if (owner) fs.chownSync(folder, owner.uid, owner.gid);
  return folder;
}

/**
 * Starts a server in a process group of its own, of which `watch` hears, and collects what it says. `stop(signal)` asks it to end, insists after ten
 * seconds, and resolves when it is gone.
 */
export function startServer(file, args, { owner, env, input, cwd, watch = () => {} } = {}) {
  const child = spawn(file, args, { ...owner, cwd, env, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  watch({ pid: child.pid });
  child.stdin.on('error', () => {});
  child.stdin.end(input ?? '');
  const server = { child, output: '', exited: undefined, hasExited: false };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      server.output = (server.output + chunk).slice(-20_000);
    });
  }
  server.exited = new Promise((resolve) => {
    const done = () => {
      server.hasExited = true;
      resolve();
    };
    child.once('error', (error) => {
      server.output += String(error.message);
      done();
    });
    child.once('exit', done);
  });
  server.stop = async (signal) => {
    if (server.hasExited) return;
    child.kill(signal);
    await Promise.race([server.exited, sleep(10_000, undefined, { ref: false })]);
    killGroup(child.pid);
    await server.exited;
  };
  // Asks for the quickest clean end first: a killed PostgreSQL leaves its shared memory behind.
  server.killNow = () => {
    child.kill('SIGQUIT');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    killGroup(child.pid);
  };
  return server;
}

/** Waits until `isReady()`; false when the server exits or half a minute passes first. */
export async function waitUntilReady(server, isReady) {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline && !server.hasExited; await sleep(50)) {
    if (await isReady()) return true;
  }
  return false;
}

function killGroup(pid) {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
