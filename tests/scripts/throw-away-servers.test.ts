import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { evaluate, isRunning, projectRoot, temporaryFolder, waitFor } from './in-node';

const module_ = (name: string) =>
  JSON.stringify(`file://${path.join(projectRoot, 'tests/support/servers', name)}`);
const folder = temporaryFolder();

interface Server {
  url: string;
  folder: string;
  pid: number;
  survived?: boolean;
}

function canConnect(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = net.connect(Number(port), hostname, () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

/** Starts a server in a Node of its own, lets `code` use it, and stops it. */
const withServer = <T>(file: string, starter: string, code: string) =>
  evaluate<{ server: Server; result: T } | null>(`
    import { createRequire } from 'node:module';
    import { ${starter} } from ${module_(file)};
    const require = createRequire(${JSON.stringify(path.join(projectRoot, 'package.json'))});
    const server = await ${starter}();
    if (server) {
      const result = await (async () => { ${code} })();
      await server.stop();
      answer({ server, result });
    } else answer(null);
  `);

function expectNothingLeft(server: Server) {
  expect(isRunning(server.pid)).toBe(false);
  expect(fs.existsSync(server.folder)).toBe(false);
}

// Where these binaries are missing the suites got their servers in another way, and the starters must say so by `undefined`.
describe('throw-away servers', () => {
  it('PostgreSQL: loopback only, with a password, may create databases, leaves nothing', async () => {
    const found = await withServer<string[]>(
      'postgres.mjs',
      'startPostgres',
      `const { Client } = require('pg');
       const client = new Client({ connectionString: server.url });
       await client.connect();
       await client.query('create database throw_away');
       const { rows } = await client.query("select current_setting('listen_addresses') as a, current_setting('fsync') as f, (select pg_encoding_to_char(encoding) from pg_database where datname = 'throw_away') as e");
       await client.end();
       const refused = await new Client({ connectionString: server.url.replace(/:[0-9a-f]+@/, ':wrong@') }).connect().then(() => 'let in', (error) => error.code);
       return [rows[0].a, rows[0].f, rows[0].e, refused];`,
    );
    if (found === null) return expectNoBinaries('findPostgresFolder');
    expect(found.result).toEqual(['127.0.0.1', 'off', 'UTF8', '28P01']);
    expectNothingLeft(found.server);
    expect(await canConnect(found.server.url)).toBe(false);
  });

  it('PostgreSQL: goes although a client is connected', async () => {
    const found = await withServer(
      'postgres.mjs',
      'startPostgres',
      `const { Client } = require('pg');
       const client = new Client({ connectionString: server.url });
       client.on('error', () => {});
       await client.connect();`,
    );
    if (found === null) return expectNoBinaries('findPostgresFolder');
    expectNothingLeft(found.server);
  });

  it('Redis: loopback only, with a password, leaves nothing', async () => {
    const found = await withServer<string[]>(
      'redis.mjs',
      'startRedis',
      `const Redis = require('ioredis');
       const client = new Redis(server.url);
       await client.set('key', 'value');
       const [, bind] = await client.config('GET', 'bind');
       const value = await client.get('key');
       client.disconnect();
       const stranger = new Redis(server.url.replace(/:[0-9a-f]+@/, ''), { lazyConnect: true });
       const refused = await stranger.get('key').then(() => 'let in', (error) => error.message.split(' ')[0]);
       stranger.disconnect();
       return [value, bind, refused];`,
    );
    if (found === null) return expectNoBinaries('findRedisServer');
    expect(found.result).toEqual(['value', '127.0.0.1', 'NOAUTH']);
    expectNothingLeft(found.server);
  });
});

async function expectNoBinaries(finder: string) {
  const path_ = await evaluate<string | null>(
    `import { ${finder} } from ${module_('find-binaries.mjs')}; answer(${finder}());`,
  );
  expect(path_).toBeNull();
}

describe('the guardian', () => {
  it('removes what is left when the tests are killed outright', async () => {
    const left = await evaluate<{ pid: number; folder: string }>(`
      import { spawn } from 'node:child_process';
      import fs from 'node:fs';
      import { startGuardian } from ${module_('guardian.mjs')};
      const guardian = startGuardian();
      const folder = fs.mkdtempSync(${JSON.stringify(path.join(folder, 'left-'))});
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
      guardian.watch({ folder });
      guardian.watch({ pid: child.pid });
      answer({ pid: child.pid, folder });
      await new Promise((resolve) => setTimeout(resolve, 100));
      process.kill(process.pid, 'SIGKILL');
    `);
    await waitFor(() => !fs.existsSync(left.folder) && !isRunning(left.pid));
  });

  it('touches nothing when it is dismissed', async () => {
    const kept = fs.mkdtempSync(path.join(folder, 'kept-'));
    const pid = await evaluate<number>(`
      import { startGuardian } from ${module_('guardian.mjs')};
      const guardian = startGuardian();
      guardian.watch({ folder: ${JSON.stringify(kept)} });
      guardian.dismiss();
      answer(guardian.pid);
    `);
    await waitFor(() => !isRunning(pid));
    expect(fs.existsSync(kept)).toBe(true);
  });
});

describe('where servers come from', () => {
  const none = path.join(folder, 'no-programs');
  beforeAll(() => fs.mkdirSync(none));

  const find = (code: string) =>
    evaluate<Array<string | null>>(`
      import { findPostgresFolder, findRedisServer } from ${module_('find-binaries.mjs')};
      answer([${code}].map((each) => each ?? null));
    `);

  it('the newest PostgreSQL of a Debian that has several', async () => {
    for (const version of ['9.6', '15', '16']) {
      const bin = path.join(folder, 'debian', version, 'bin');
      fs.mkdirSync(bin, { recursive: true });
      for (const name of ['postgres', 'initdb'])
        fs.writeFileSync(path.join(bin, name), '#!/bin/sh\n', { mode: 0o755 });
    }
    const options = JSON.stringify({ searchPath: none, debian: path.join(folder, 'debian') });
    expect(await find(`findPostgresFolder(${options})`)).toEqual([path.join(folder, 'debian', '16', 'bin')]);
  });

  it('Valkey where there is no Redis', async () => {
    const bin = path.join(folder, 'valkey');
    fs.mkdirSync(bin);
    fs.writeFileSync(path.join(bin, 'valkey-server'), '#!/bin/sh\n', { mode: 0o755 });
    const options = (searchPath: string) => JSON.stringify({ searchPath, more: [] });
    expect(await find(`findRedisServer(${options(bin)}), findRedisServer(${options(none)})`)).toEqual([
      path.join(bin, 'valkey-server'),
      null,
    ]);
  });

  it('given addresses are taken as they are and nothing is started', async () => {
    const environment = { TEST_DATABASE_URL: 'postgres://elsewhere/x', TEST_REDIS_URL: 'redis://elsewhere' };
    const env = await evaluate(`
      import { startServers } from ${module_('index.mjs')};
      const servers = await startServers(['postgres', 'redis'], { environment: ${JSON.stringify(environment)} });
      answer(servers.env);
      await servers.stop();
    `);
    expect(env).toEqual({});
  });
});
