import { spawn } from 'node:child_process';
import { endTogether } from './process-family.mjs';
import { root } from './project.mjs';

const TAIL_BYTES = 1024 * 1024;

/**
 * Runs a program to its end. Resolves with its exit code and the last part of what it printed, which is shown as it comes
 * unless `quiet`. `file` ending in .js/.mjs/.cjs runs with this very Node. Rejects only when the program cannot be started.
 */
export function runCommand(file, args, { env = process.env, cwd = root, quiet = false, onChild } = {}) {
  const isScript = /\.[cm]?js$/.test(file);
  const command = isScript ? process.execPath : file;
  const child = spawn(command, isScript ? [file, ...args] : args, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const letGo = endTogether(child);
  onChild?.(child);
  let tail = '';
  const collect = (stream, out) =>
    stream.on('data', (chunk) => {
      tail = (tail + chunk).slice(-TAIL_BYTES);
      if (!quiet) out.write(chunk);
    });
  collect(child.stdout, process.stdout);
  collect(child.stderr, process.stderr);
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      letGo();
      reject(error);
    });
    child.once('close', (code, signal) => {
      letGo();
      resolve({ code: code ?? 1, signal, tail });
    });
  });
}

/** Calls `say(seconds)` every `everyMs` while `promise` is pending, so that a long quiet step does not look dead. */
export async function whileWaiting(promise, say, everyMs = 30_000) {
  const started = Date.now();
  const timer = setInterval(() => say(Math.round((Date.now() - started) / 1000)), everyMs);
  try {
    return await promise;
  } finally {
    clearInterval(timer);
  }
}
