/**
 * `npm run bench:push`: `BENCH_CONNECTIONS` (5,000) idle connections at `/ws` of one process, each signed in, over one heart-beat:
 * what a connection takes of the process's memory, beside the same number at a bare `ws` server.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';

import { WebSocket } from 'ws';

import { type Sandbox, startSandbox } from '../sandbox';
import { PUSH_LIMITS } from '../src/platform/push/limits';
import { databaseUrl, onDatabase, PROJECT_ROOT, runMain } from './ground';
import { type ServerProcess, startServer, startShop } from './shop-process';

const CONNECTIONS = Number(process.env.BENCH_CONNECTIONS ?? 5_000);
const AT_ONCE = 50;
/** Come and go before the measure, so that it does not count what any first connection brings with it. */
const WARM_UP = 200;

/** Garbage of what came before would hide what a connection takes: the server collects it before it says what it holds. */
const MEMORY_FILE = join(tmpdir(), `shop-bench-${randomBytes(6).toString('hex')}.memory`);
const WITH_MEMORY = {
  NODE_OPTIONS: `--require ${join(PROJECT_ROOT, 'bench', 'memory.cjs')}`,
  BENCH_MEMORY_FILE: MEMORY_FILE,
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Opens a connection; with a token it counts once the server says that it is ready. */
function open(url: string, token: string | undefined): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const protocols = token === undefined ? [] : [`bearer.${token}`];
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`, protocols, { perMessageDeflate: false });
    socket.once('error', reject);
    socket.once(token === undefined ? 'open' : 'message', () => resolve(socket));
  });
}

async function openMany(url: string, count: number, tokens: string[]): Promise<WebSocket[]> {
  const sockets: WebSocket[] = [];
  for (let at = 0; at < count; at += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - at) }, (_none, index) =>
      open(url, tokens[Math.floor((at + index) / PUSH_LIMITS.connectionsPerUser)]),
    );
    sockets.push(...(await Promise.all(some)));
  }
  return sockets;
}

/** Megabytes: what the server's heap and buffers hold after a collection, and what of it is resident. */
async function memoryOf({ pid }: ServerProcess): Promise<{ held: number; rss: number }> {
  if (pid === undefined) throw new Error('the server has not been started');
  rmSync(MEMORY_FILE, { force: true });
  process.kill(pid, 'SIGHUP');
  for (let waited = 0; waited < 300; waited += 1) {
    await pause(100);
    const text = existsSync(MEMORY_FILE) ? readFileSync(MEMORY_FILE, 'utf8') : '';
    if (text === '') continue;
    const { held, rss } = JSON.parse(text) as { held: number; rss: number };
    return { held: held / 1024 / 1024, rss: rss / 1024 / 1024 };
  }
  throw new Error('the server did not say what it holds');
}

/** Kilobytes of heap and buffers for one connection. Throws when one of them did not stay. */
async function measure(name: string, server: ServerProcess, tokens: string[]): Promise<number> {
  for (const socket of await openMany(server.url, WARM_UP, tokens)) socket.terminate();
  await pause(5_000);
  const before = await memoryOf(server);
  const started = performance.now();
  const sockets = await openMany(server.url, CONNECTIONS, tokens);
  const seconds = (performance.now() - started) / 1000;
  await pause(PUSH_LIMITS.heartbeatMs + 5_000);
  const lost = sockets.filter(({ readyState }) => readyState !== WebSocket.OPEN).length;
  if (lost > 0) throw new Error(`${lost} of ${CONNECTIONS} connections did not stay`);
  const after = await memoryOf(server);
  for (const socket of sockets) socket.terminate();
  const each = ((after.held - before.held) * 1024) / CONNECTIONS;
  console.log(
    `${name.padEnd(16)} ${CONNECTIONS} idle connections, opened in ${seconds.toFixed(1)} s   ` +
      `holds ${before.held.toFixed(0)} MB → ${after.held.toFixed(0)} MB, ${each.toFixed(1)} KB a connection   ` +
      `(resident ${before.rss.toFixed(0)} MB → ${after.rss.toFixed(0)} MB)`,
  );
  return each;
}

/** Access tokens of new shoppers. */
async function signIn(url: string, sandbox: Sandbox, count: number): Promise<string[]> {
  const one = async (): Promise<string> => {
    const answer = await fetch(`${url}/api/v1/users/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code: sandbox.control.mintLoginCode().code }),
    });
    if (!answer.ok) throw new Error(`sign-in answered ${answer.status} ${await answer.text()}`);
    return ((await answer.json()) as { access: string }).access;
  };
  const tokens: string[] = [];
  while (tokens.length < count) tokens.push(...(await Promise.all(Array.from({ length: AT_ONCE }, one))));
  return tokens;
}

async function main(): Promise<void> {
  const database = `shop_bench_${randomBytes(4).toString('hex')}`;
  const sandbox = await startSandbox({ signatureClock: 'machine' });
  const running: ServerProcess[] = [];
  try {
    console.log(`Node ${process.version}, ${cpus().length} cores`);
    await onDatabase(undefined, (client) => client.query(`create database "${database}"`));
    const bare = await startServer(join(PROJECT_ROOT, 'bench', 'push-bare.cjs'), WITH_MEMORY, '/');
    running.push(bare);
    const yardstick = await measure('bare ws', bare, []);
    await bare.stop();
    const shop = await startShop(databaseUrl(database), {
      ...sandbox.env,
      ...WITH_MEMORY,
      PROCESS_ROLE: 'web',
    });
    running.push(shop);
    const users = Math.ceil(CONNECTIONS / PUSH_LIMITS.connectionsPerUser);
    const tokens = await signIn(shop.url, sandbox, users);
    const each = await measure('shop', shop, tokens);
    console.log(`${(each / yardstick).toFixed(2)} × bare ws`);
  } finally {
    for (const server of running) await server.stop();
    rmSync(MEMORY_FILE, { force: true });
    await sandbox.stop();
    await onDatabase(undefined, (client) =>
      client.query(`drop database if exists "${database}" with (force)`),
    );
  }
}

runMain(main);
