import fs from 'node:fs';
import path from 'node:path';
import { fingerprint, readStamp, writeStamp } from './fingerprint.mjs';
import { inProject, root, tools } from './project.mjs';
import { Refusal } from './refusal.mjs';
import { runCommand } from './run-command.mjs';

const dist = inProject('dist');
const STAMP = path.join(dist, '.server-stamp');

const isAdminSource = (file) => file === 'src/admin' || /^src\/plugins\/[^/]+\/admin$/.test(file);
const isTest = (file) => /\.test\.[cm]?[jt]sx?$/.test(file);

/** The hash of everything the compiled server depends on. */
export function serverFingerprint(project = root) {
  const inputs = ['src', 'config', 'database', 'tsconfig.json', 'package-lock.json'];
  return fingerprint(project, inputs, (file) => isAdminSource(file) || isTest(file));
}

export function isServerBuilt() {
  return fs.existsSync(path.join(dist, 'src/index.js')) && readStamp(STAMP) === serverFingerprint();
}

/**
 * Compiles the server into dist when its sources changed. Returns true when it compiled. With `tolerateErrors` what can be compiled
 * is, and what stands in dist does not count as built.
 */
export async function ensureServerBuilt({ force = false, tolerateErrors = false } = {}) {
  if (!force && isServerBuilt()) return false;
  console.log('… 正在编译服务端。 Compiling the server.');
  const wanted = serverFingerprint();
  fs.rmSync(STAMP, { force: true });
  const { code, emitted, errors } = await compile(tolerateErrors ? ['--noEmitOnError', 'false'] : []);
  if (code !== 0 && !tolerateErrors) {
    console.error(errors.join('\n'));
    throw new Refusal('服务端编译失败，错误见上。', 'The server does not compile: see the errors above.');
  }
  removeStaleOutput(emitted);
  if (code === 0) writeStamp(STAMP, wanted);
  return true;
}

async function compile(more) {
  const args = ['-p', 'tsconfig.json', '--listEmittedFiles', '--pretty', 'false', ...more];
  const { code, tail } = await runCommand(tools.tsc, args, { quiet: true });
  const lines = tail.split('\n').filter(Boolean);
  const isFile = (line) => line.startsWith('TSFILE: ');
  return {
    code,
    emitted: new Set(lines.filter(isFile).map((line) => line.slice('TSFILE: '.length).trim())),
    errors: lines.filter((line) => !isFile(line)),
  };
}

// A source file that was deleted must not live on in dist, where Strapi would still load it as a service or route. The admin panel
// (dist/build) and the stamps stand beside the server's output and stay.
function removeStaleOutput(emitted) {
  if (emitted.size === 0) return;
  const sweep = (folder) => {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const file = path.join(folder, entry.name);
      if (folder === dist && (entry.name === 'build' || entry.name.startsWith('.'))) continue;
      if (entry.isDirectory()) {
        sweep(file);
        if (fs.readdirSync(file).length === 0) fs.rmdirSync(file);
      } else if (!emitted.has(file)) {
        fs.rmSync(file);
      }
    }
  };
  sweep(dist);
}
