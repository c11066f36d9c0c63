/**
 * A primary and a streaming standby made from PostgreSQL's own tools, in a process of their own: run with `node`, it says
 * `{ primary, standby }` (addresses) over IPC, and hears `stop-standby`, `start-standby`. It ends, and removes everything, when whoever
 * started it is gone.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { findPostgresFolder } from './find-binaries.mjs';
import { environment, SETTINGS, startPostgres, unprivilegedOwner } from './postgres.mjs';
import { HOST, freePort, makeFolder, startServer, waitUntilReady } from './throw-away.mjs';

const binaries = findPostgresFolder();
if (!binaries)
  throw new Error('找不到 PostgreSQL 程序 / no PostgreSQL binaries on this machine: install postgresql');

const primary = await startPostgres({ binaries });
const owner = unprivilegedOwner();
const folder = makeFolder('standby', { owner });
const { username, password, port } = new URL(primary.url);
const data = path.join(folder, 'data');
const copied = spawnSync(
  path.join(binaries, 'pg_basebackup'),
  ['-D', data, '-h', HOST, '-p', port, '-U', username, '-R', '-X', 'stream', '-c', 'fast', '--no-sync'],
  { ...owner, cwd: folder, env: { ...environment(folder), PGPASSWORD: password }, encoding: 'utf8' },
);
if (copied.status !== 0) throw new Error(`pg_basebackup: ${copied.stderr}`);

const standbyPort = await freePort();
let standby;
async function startStandby() {
  standby = startServer(
    path.join(binaries, 'postgres'),
    [
      '-D',
      data,
      '-p',
      String(standbyPort),
      '-c',
      `listen_addresses=${HOST}`,
      '-c',
      `max_connections=${SETTINGS.max_connections}`,
      '-c',
      'unix_socket_directories=',
    ],
    { owner, cwd: folder, env: environment(folder) },
  );
  const isReady = () => standby.output.includes('ready to accept read-only connections');
  if (!(await waitUntilReady(standby, isReady))) throw new Error(`standby: ${standby.output}`);
}

async function stopAll() {
  await standby?.stop('SIGQUIT');
  await primary.stop();
  fs.rmSync(folder, { recursive: true, force: true });
}

await startStandby().catch(async (error) => {
  await stopAll();
  throw error;
});
const standbyUrl = new URL(primary.url);
standbyUrl.port = String(standbyPort);
process.on('disconnect', () => void stopAll().finally(() => process.exit(0)));
process.on('message', (message) => {
  const work = { 'stop-standby': () => standby.stop('SIGQUIT'), 'start-standby': startStandby }[message];
  void work?.().then(() => process.send('done'));
});
process.send({ primary: primary.url, standby: standbyUrl.toString() });
