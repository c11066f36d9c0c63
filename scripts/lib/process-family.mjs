import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './project.mjs';

const END_WITH_PARENT = new URL(`./end-with-parent.mjs?starter=${process.pid}`, import.meta.url).href;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * The processes one command starts and must not leave behind. Each gets a process group of its own, so that Ctrl-C in the terminal
 * reaches only us and they are stopped in the right order (last started first), with everything they started themselves.
 */
export function createProcessFamily({ graceMs = 15_000 } = {}) {
  const members = new Set();

  /** Starts a script with this very Node. */
  function start(args, { env = process.env, stdio = 'inherit' } = {}) {
    const nodeArguments = ['--import', END_WITH_PARENT, ...args];
    const child = spawn(process.execPath, nodeArguments, { cwd: root, env, stdio, detached: true });
    const exited = new Promise((resolve) => {
      child.once('error', (error) => resolve({ code: 1, error }));
      child.once('exit', (code, signal) => resolve({ code: code ?? 1, signal }));
    });
    members.add({ child, exited });
    return { child, exited };
  }

  async function stopOne({ child, exited }, signal) {
    if (child.pid === undefined) return;
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await Promise.race([exited, sleep(graceMs, undefined, { ref: false })]);
    }
    // Also when the leader is gone already: what it started is in its group and may live on.
    killGroup(child.pid);
    await Promise.race([exited, sleep(2_000, undefined, { ref: false })]);
  }

  /** Stops everything, last started first; safe to call twice. */
  async function stopAll(signal = 'SIGTERM') {
    // A member leaves the list only when it is gone: `killAll` may come in between.
    for (const member of [...members].reverse()) {
      await stopOne(member, signal);
      members.delete(member);
    }
  }

  function killAll() {
    for (const { child } of members) if (child.pid !== undefined) killGroup(child.pid);
  }

  return { start, stopAll, killAll };
}

function killGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody of that group is left, which is what was wanted.
  }
}

/**
 * Calls `stop(reason)` once when the process is asked to end, and then ends it with what that resolves to, or 128 + the signal's number. Asked again while
 * stopping, it calls `kill` and ends at once. Returns a promise that never settles before the process ends, and a way to let go.
 */
export function onStopSignal(stop, kill = () => {}) {
  let stopping = false;
  const listen = async (reason) => {
    const exitCode = { SIGHUP: 129, SIGINT: 130 }[reason] ?? 143;
    if (stopping) {
      kill();
      process.exit(exitCode);
    }
    stopping = true;
    try {
      process.exit((await stop(reason)) ?? exitCode);
    } catch {
      kill();
      process.exit(exitCode);
    }
  };
  for (const signal of SIGNALS) process.on(signal, listen);
  const stopWatching = watchNpm(() => listen('npm 已退出 npm is gone'));
  return {
    isStopping: () => stopping,
    release: () => {
      stopWatching();
      for (const signal of SIGNALS) process.removeListener(signal, listen);
    },
  };
}

// npm runs a script through a shell and passes a SIGTERM to that shell only, which dies of it and tells nobody: then we have a new
// parent. Started without npm, a new parent means nothing (nohup).
function watchNpm(onGone) {
  if (!process.env.npm_lifecycle_event) return () => {};
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    void onGone();
  }, 500);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * Ties a running command (the leader of its own process group) to this process: whatever ends us, Ctrl-C included, ends it and
 * what it started. Call the result when the command has ended by itself.
 */
export function endTogether(child) {
  const kill = () => child.pid !== undefined && killGroup(child.pid);
  process.on('exit', kill);
  const signals = process.listenerCount('SIGINT') === 0 ? onStopSignal(async () => {}) : undefined;
  return () => {
    process.removeListener('exit', kill);
    signals?.release();
  };
}
