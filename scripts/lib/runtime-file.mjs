import fs from 'node:fs';
import { inProject } from './project.mjs';

const file = inProject('.data/runtime.json');

/** Leaves the addresses of the running shop for `npm run demo`, for its owner's eyes only. */
export function writeRuntime(values) {
  fs.mkdirSync(inProject('.data'), { recursive: true });
  fs.rmSync(file, { force: true });
  fs.writeFileSync(file, `${JSON.stringify({ ...values, pid: process.pid }, null, 2)}\n`, { mode: 0o600 });
}

/** What the running `npm start` left, or undefined when none runs. */
export function readRuntime() {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Removes the file, unless another start has written its own meanwhile. */
export function removeRuntime() {
  if (readRuntime()?.pid === process.pid) fs.rmSync(file, { force: true });
}
