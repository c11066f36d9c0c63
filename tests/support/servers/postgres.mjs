import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { findPostgresFolder } from './find-binaries.mjs';
import { HOST, freePort, makeFolder, makePassword, startServer, waitUntilReady } from './throw-away.mjs';

const USER = 'shop_test';
export const SETTINGS = {
  listen_addresses: HOST,
  unix_socket_directories: '',
  max_connections: '300',
  shared_buffers: '128MB',
};
// Nothing of a test run outlives it, so nothing is worth the wait for the disk.
const NOT_DURABLE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/**
 * Starts a private PostgreSQL from this machine's binaries, on loopback and a free port, in a folder that vanishes with it.
 * Resolves `{ url, stop, killNow, halt, resume }`, or undefined when the machine has no PostgreSQL. `url` may create databases;
 * `halt(signal)` ends the server and keeps its data, `resume()` starts it again at the same address.
 * `isDurable`: a commit is on the disk before it is answered, as in service; without it the server is faster. `settings` go before ours.
 */
export async function startPostgres({
  binaries = findPostgresFolder(),
  watch,
  isDurable = false,
  settings = {},
} = {}) {
  if (!binaries) return undefined;
  const owner = unprivilegedOwner();
  const folder = makeFolder('postgres', { owner, watch, isDurable });
  const remove = () => fs.rmSync(folder, { recursive: true, force: true });
  try {
    const password = initialize(binaries, folder, owner);
    const options = {
      owner,
      watch,
      settings: { ...SETTINGS, ...(isDurable ? {} : NOT_DURABLE), ...settings },
    };
    const first = await startOnFreePort(binaries, folder, options);
    const { port } = first;
    let { server } = first;
    return {
      url: `postgres://${USER}:${password}@${HOST}:${port}/postgres`,
      folder,
      get pid() {
        return server.child.pid;
      },
      halt: (signal) => server.stop(signal),
      resume: async () => {
        server = startAt(port, binaries, folder, options);
        if (!(await isUp(server))) throw new Error(`postgres: ${lastLine(server.output)}`);
      },
      stop: async () => {
        // SIGINT is PostgreSQL's fast shutdown: it ends the connections instead of waiting for them.
        await server.stop('SIGINT');
        remove();
      },
      killNow: () => {
        server.killNow();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

function initialize(binaries, folder, owner) {
  const password = makePassword();
  const passwordFile = path.join(folder, 'password');
  fs.writeFileSync(passwordFile, password, { mode: 0o600 });
  if (owner) fs.chownSync(passwordFile, owner.uid, owner.gid);
  const args = [
    '-D',
    path.join(folder, 'data'),
    '-U',
    USER,
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
  ];
  const run = (locale) =>
    spawnSync(
      path.join(binaries, 'initdb'),
      [...args, '--encoding=UTF8', `--locale=${locale}`, '--no-sync'],
      {
        ...owner,
        cwd: folder,
        env: environment(folder),
        encoding: 'utf8',
      },
    );
  let result = run('C.UTF-8');
  // C.UTF-8 is missing on some systems (macOS); there the plain C locale has to do.
  if (result.status !== 0) result = run('C');
  fs.rmSync(passwordFile);
  if (result.status !== 0) throw new Error(`initdb: ${lastLine(result.stderr || String(result.error))}`);
  return password;
}

function startAt(port, binaries, folder, { owner, watch, settings }) {
  const chosen = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const args = ['-D', path.join(folder, 'data'), '-p', String(port), ...chosen];
  return startServer(path.join(binaries, 'postgres'), args, {
    owner,
    watch,
    cwd: folder,
    env: environment(folder),
  });
}

const isUp = (server) =>
  waitUntilReady(server, () => server.output.includes('database system is ready to accept connections'));

async function startOnFreePort(binaries, folder, options) {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const server = startAt(port, binaries, folder, options);
    if (await isUp(server)) return { server, port };
    await server.stop('SIGQUIT');
    // Somebody else may have taken the port between the look and the start.
    if (attempt === 5 || !/in use/.test(server.output))
      throw new Error(`postgres: ${lastLine(server.output)}`);
  }
}

// Messages in English, because readiness is read from them; nothing of the caller's PG* variables.
export const environment = (folder) => ({ PATH: process.env.PATH, HOME: folder, LC_ALL: 'C', TZ: 'UTC' });

/** PostgreSQL refuses to run as root: then it runs as `postgres`, or `nobody` where there is no such user. */
export function unprivilegedOwner() {
  if (process.getuid?.() !== 0) return undefined;
  const users = fs
    .readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (!user)
    throw new Error('PostgreSQL cannot run as root, and there is no user postgres or nobody to run it as');
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

const lastLine = (text) => text.trim().split('\n').at(-1);
