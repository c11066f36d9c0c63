import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inProject } from './project.mjs';

const HEARTBEAT_MS = 5_000;
const DEAD_AFTER_MS = 60_000;

/**
 * Runs `task` while holding the lock `name`; two commands started at once take turns. The lock of a process that died is taken
 * over: its process id is gone, or (another container on the same checkout) its heartbeat stopped.
 */
export async function withLock(name, task, { folder = inProject('.cache'), onWait = () => {} } = {}) {
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${name}.lock`);
  const token = `${process.pid} ${randomUUID()}`;
  for (let attempt = 1; !tryTake(file, token); attempt += 1) {
    // The first refusal may have been a dead one, which is out of the way now.
    if (attempt === 1) continue;
    if (attempt === 2) onWait();
    await sleep(500);
  }
  const heartbeat = setInterval(() => touch(file), HEARTBEAT_MS);
  heartbeat.unref();
  try {
    return await task();
  } finally {
    clearInterval(heartbeat);
    if (readOwner(file) === token) fs.rmSync(file, { force: true });
  }
}

function tryTake(file, token) {
  try {
    // A link appears together with its content, so nobody can read a lock that has no owner yet.
    const draft = `${file}.${token.split(' ')[1]}`;
    fs.writeFileSync(draft, token);
    try {
      fs.linkSync(draft, file);
    } finally {
      fs.rmSync(draft, { force: true });
    }
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    removeIfDead(file);
    return false;
  }
}

function removeIfDead(file) {
  const owner = readOwner(file);
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (!owner || !stat) return;
  const isDead = !isRunning(Number(owner.split(' ')[0])) || Date.now() - stat.mtimeMs > DEAD_AFTER_MS;
  // Somebody else may have taken the dead lock over since it was read: only the one we looked at is removed.
  if (isDead && readOwner(file) === owner) fs.rmSync(file, { force: true });
}

function readOwner(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function touch(file) {
  try {
    fs.utimesSync(file, new Date(), new Date());
  } catch {
    // The lock was taken away from us; the task goes on, its result is checked by its own stamp.
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
