/**
 * Servers of one test alone, which it may stop and start again: PostgreSQL, a streaming standby of it made with PostgreSQL's own tools, and
 * Redis. A process of their own: run with `node stoppable.mjs postgres standby redis` (those that are wanted), it says their addresses
 * (`{ postgres, standby, redis }`) over IPC and hears `{ server, act }`, with `act` one of
 * `halt` (gone at once, as if killed), `start`, `freeze` (there, and silent), `thaw`. It ends, and removes everything, when whoever started it is gone.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { findPostgresFolder } from './find-binaries.mjs';
import { environment, SETTINGS, startPostgres, unprivilegedOwner } from './postgres.mjs';
import { startRedis } from './redis.mjs';
import { HOST, freePort, makeFolder, startServer, waitUntilReady } from './throw-away.mjs';

const MISSING =
  '找不到 PostgreSQL 或 Redis 程序 / no PostgreSQL or Redis binaries on this machine: install them';
/** What was answered outlives the server's death, though not the machine's. */
const OUTLIVES_ITSELF = { synchronous_commit: 'on' };

const wanted = process.argv.slice(2);
const servers = {};

function copyOf(primary, folder, owner) {
  const { username, password, port } = new URL(primary.url);
  const data = path.join(folder, 'data');
  const copied = spawnSync(
    path.join(findPostgresFolder(), 'pg_basebackup'),
    ['-D', data, '-h', HOST, '-p', port, '-U', username, '-R', '-X', 'stream', '-c', 'fast', '--no-sync'],
    { ...owner, cwd: folder, env: { ...environment(folder), PGPASSWORD: password }, encoding: 'utf8' },
  );
  if (copied.status !== 0) throw new Error(`pg_basebackup: ${copied.stderr}`);
  return data;
}

/** A standby of `primary`, with the same face as the other servers. */
async function startStandby(primary) {
  const owner = unprivilegedOwner();
  const folder = makeFolder('standby', { owner });
  const remove = () => fs.rmSync(folder, { recursive: true, force: true });
  const url = new URL(primary.url);
  url.port = String(await freePort());
  const settings = {
    listen_addresses: HOST,
    max_connections: SETTINGS.max_connections,
    unix_socket_directories: '',
  };
  const chosen = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  let server;
  const resume = async () => {
    server = startServer(
      path.join(findPostgresFolder(), 'postgres'),
      ['-D', path.join(folder, 'data'), '-p', url.port, ...chosen],
      { owner, cwd: folder, env: environment(folder) },
    );
    const isReady = () => server.output.includes('ready to accept read-only connections');
    if (!(await waitUntilReady(server, isReady))) throw new Error(`standby: ${server.output}`);
  };
  const stop = async () => {
    await server?.stop('SIGQUIT');
    remove();
  };
  try {
    copyOf(primary, folder, owner);
    await resume();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: url.toString(),
    get pid() {
      return server.child.pid;
    },
    halt: (signal) => server.stop(signal),
    resume,
    stop,
  };
}

/** A process and all below it: PostgreSQL's own are in process groups of their own. */
function familyOf(pid) {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number));
  const family = [pid];
  for (const parent of family) family.push(...pairs.filter(([, of]) => of === parent).map(([own]) => own));
  return family;
}

const frozen = new Map();
function setFrozen(name, isFrozen) {
  const family = isFrozen ? familyOf(servers[name].pid) : (frozen.get(name) ?? []);
  for (const pid of family) {
    try {
      process.kill(pid, isFrozen ? 'SIGSTOP' : 'SIGCONT');
    } catch {
      // Gone already.
    }
  }
  if (isFrozen) frozen.set(name, family);
  else frozen.delete(name);
}

const ACTS = {
  // An immediate shutdown is what PostgreSQL makes of a crash; Redis has none.
  halt: (name) => servers[name].halt(name === 'redis' ? 'SIGKILL' : 'SIGQUIT'),
  start: (name) => servers[name].resume(),
  freeze: (name) => setFrozen(name, true),
  thaw: (name) => setFrozen(name, false),
};

async function stopAll() {
  for (const name of [...frozen.keys()]) setFrozen(name, false);
  for (const name of ['redis', 'standby', 'postgres']) await servers[name]?.stop();
}

async function startAll() {
  if (wanted.includes('postgres')) servers.postgres = await startPostgres({ settings: OUTLIVES_ITSELF });
  if (wanted.includes('redis')) servers.redis = await startRedis();
  if (wanted.includes('standby') && servers.postgres) servers.standby = await startStandby(servers.postgres);
  if (wanted.some((name) => servers[name] === undefined)) throw new Error(MISSING);
}

await startAll().catch(async (error) => {
  await stopAll();
  throw error;
});
process.on('disconnect', () => void stopAll().finally(() => process.exit(0)));
process.on('message', ({ server, act }) => {
  void Promise.resolve(ACTS[act](server)).then(() => process.send('done'));
});
process.send(Object.fromEntries(Object.entries(servers).map(([name, { url }]) => [name, url])));
