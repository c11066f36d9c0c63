/** Web processes at fixed ports, started as in service, and the Nginx of `deploy/nginx` in front of them. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { DIST, PROJECT_ROOT } from './boot';
import { type NodeProcess, runNode } from './hostile-process';
import { startProxy } from './race-proxy';
import { pause } from './seeds';

const START = `
const { createStrapi } = require('@strapi/strapi');
const [appDir, distDir] = process.argv.slice(1);
process.on('disconnect', () => process.exit(0));
process.on('message', (signal) => process.kill(process.pid, signal));
createStrapi({ appDir, distDir, autoReload: false, serveAdminPanel: false }).start().then(() => process.send('serves'));
`;

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** One process that serves at `port`; resolves when it listens. It hears `send('SIGTERM')`. */
export async function serveAt(port: number, variables: Record<string, string> = {}): Promise<NodeProcess> {
  const child = runNode(START, [PROJECT_ROOT, DIST], {
    NODE_ENV: 'development',
    LOG_LEVEL: 'warn',
    PROCESS_ROLE: 'web',
    ...variables,
    PORT: String(port),
  });
  await child.message();
  return child;
}

/** The `nginx` of this machine; undefined when there is none. */
export function findNginx(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders
    .map((folder) => join(folder, 'nginx'))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Puts each value in the place of a text that must be there. */
function fill(text: string, values: [string, string][]): string {
  return values.reduce((filled, [place, value]) => {
    if (!filled.includes(place)) throw new Error(`deploy/nginx/nginx.conf has no ${place}`);
    return filled.replaceAll(place, value);
  }, text);
}

/** The Nginx configuration of the deployment with the ports and the folder of a test, and a certificate made for it. */
export function writeNginxConfiguration(
  folder: string,
  ports: { http: number; https: number; shop: [number, number] },
  more: [string, string][] = [],
): string {
  mkdirSync(join(folder, 'tmp'));
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=localhost'].concat([
      '-keyout',
      join(folder, 'tls.key'),
      '-out',
      join(folder, 'tls.crt'),
    ]),
    { stdio: 'ignore' },
  );
  const text = fill(readFileSync(join(PROJECT_ROOT, 'deploy/nginx/nginx.conf'), 'utf8'), [
    ['include /etc/nginx/mime.types;', ''],
    ['/etc/nginx/tls', folder],
    ['/tmp/nginx', join(folder, 'tmp')],
    ['access_log /dev/stdout', `access_log ${join(folder, 'access.log')}`],
    ['worker_processes auto', 'worker_processes 1'],
    ['listen 80 ', `listen 127.0.0.1:${ports.http} `],
    ['listen 443 ', `listen 127.0.0.1:${ports.https} `],
    ['172.30.7.11:1337', `127.0.0.1:${ports.shop[0]}`],
    ['172.30.7.12:1337', `127.0.0.1:${ports.shop[1]}`],
    ...more,
  ]);
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, text);
  return file;
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });

export interface Balancer {
  /** `nginx`, or `proxy` where there is none. */
  kind: 'nginx' | 'proxy';
  url: string;
  output(): string;
  stop(): Promise<void>;
}

async function startNginx(
  nginx: string,
  shop: [number, number],
  more: [string, string][],
): Promise<Balancer> {
  const folder = mkdtempSync(join(tmpdir(), 'shop-nginx-'));
  const ports = { http: await freePort(), https: await freePort(), shop };
  const file = writeNginxConfiguration(folder, ports, more);
  // Its workers would otherwise be another user, to whom the folder is closed.
  const user = process.getuid?.() === 0 ? 'user root; ' : '';
  const child = spawn(nginx, ['-p', folder, '-c', file, '-g', `${user}daemon off;`]);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const ended = once(child, 'exit');
  for (let tries = 0; !(await accepts(ports.https)); tries += 1) {
    if (tries > 200 || child.exitCode !== null) throw new Error(`nginx does not serve: ${output}`);
    await pause(50);
  }
  return {
    kind: 'nginx',
    url: `https://127.0.0.1:${ports.https}`,
    output: () => output,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * One address for two processes: the deployment's Nginx with TLS where this machine has an `nginx`, else a plain proxy that asks the
 * other process when one takes no connection. `more` replaces further texts of the configuration.
 */
export async function startBalancer(
  shop: [number, number],
  more: [string, string][] = [],
): Promise<Balancer> {
  const nginx = findNginx();
  if (nginx !== undefined) return startNginx(nginx, shop, more);
  const proxy = await startProxy(() => shop.map((port) => `http://127.0.0.1:${port}`));
  return { kind: 'proxy', url: proxy.url, output: () => '', stop: proxy.stop };
}
