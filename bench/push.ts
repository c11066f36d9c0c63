/**
 * `npm run bench:push`: `BENCH_CONNECTIONS` (5,000) idle connections at `/ws` of one process, each signed in, over one heart-beat:
 * what a connection takes of the process's memory, beside the same number at a bare `ws` server.
 */
import { randomBytes } from 'node:crypto';
import { cpus } from 'node:os';
import { join } from 'node:path';

import { WebSocket } from 'ws';

import { startSandbox } from '../sandbox';
import { PUSH_LIMITS } from '../src/platform/push/limits';
import { databaseUrl, onDatabase, PROJECT_ROOT } from './ground';
import { type ServerProcess, startServer, startShop } from './shop-process';
import { signInShoppers } from './shoppers';

const CONNECTIONS = Number(process.env.BENCH_CONNECTIONS ?? 5_000);
const AT_ONCE = 50;
/** Come and go before the measure, so that it does not count what any first connection brings with it. */
const WARM_UP = 200;

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

/** Kilobytes of resident memory for one connection. Throws when one of them did not stay. */
async function measure(name: string, server: ServerProcess, tokens: string[]): Promise<number> {
  for (const socket of await openMany(server.url, WARM_UP, tokens)) socket.terminate();
  await pause(5_000);
  const before = server.residentMegabytes();
  const started = performance.now();
  const sockets = await openMany(server.url, CONNECTIONS, tokens);
  const seconds = (performance.now() - started) / 1000;
  await pause(PUSH_LIMITS.heartbeatMs + 5_000);
  const lost = sockets.filter(({ readyState }) => readyState !== WebSocket.OPEN).length;
  if (lost > 0) throw new Error(`${lost} of ${CONNECTIONS} connections did not stay`);
  const after = server.residentMegabytes();
  for (const socket of sockets) socket.terminate();
  const each = ((after - before) * 1024) / CONNECTIONS;
  console.log(
    `${name.padEnd(16)} ${CONNECTIONS} idle connections, opened in ${seconds.toFixed(1)} s   ` +
      `${before.toFixed(0)} MB → ${after.toFixed(0)} MB   ${each.toFixed(1)} KB a connection`,
  );
  return each;
}

async function main(): Promise<void> {
  const database = `shop_bench_${randomBytes(4).toString('hex')}`;
  const sandbox = await startSandbox({ signatureClock: 'machine' });
  const running: ServerProcess[] = [];
  try {
    console.log(`Node ${process.version}, ${cpus().length} cores`);
    await onDatabase(undefined, (client) => client.query(`create database "${database}"`));
    const bare = await startServer(join(PROJECT_ROOT, 'bench', 'push-bare.cjs'), {}, '/');
    running.push(bare);
    const yardstick = await measure('bare ws', bare, []);
    await bare.stop();
    const shop = await startShop(databaseUrl(database), { ...sandbox.env, PROCESS_ROLE: 'web' });
    running.push(shop);
    const users = Math.ceil(CONNECTIONS / PUSH_LIMITS.connectionsPerUser);
    const tokens = (await signInShoppers(shop.url, sandbox, users)).map(({ access }) => access);
    const each = await measure('shop', shop, tokens);
    console.log(`${(each / yardstick).toFixed(2)} × bare ws`);
  } finally {
    for (const server of running) await server.stop();
    await sandbox.stop();
    await onDatabase(undefined, (client) =>
      client.query(`drop database if exists "${database}" with (force)`),
    );
  }
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
