import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { DIST, PROJECT_ROOT } from './boot';
import { fullLogs } from './logged';

/** The shop in a process of its own, as a supervisor would run it; what ends it ends nobody else. */
export interface ShopProcess {
  url: string;
  /** True until it has ended, for whatever reason. */
  isAlive(): boolean;
  /** What it has printed so far. */
  output(): string;
  stop(): Promise<void>;
}

const START = `
const { createStrapi } = require('@strapi/strapi');
const [appDir, distDir] = process.argv.slice(1);
process.on('disconnect', () => process.exit(0));
createStrapi({ appDir, distDir, autoReload: false, serveAdminPanel: false })
  .load()
  .then((strapi) => {
    strapi.server.mount();
    const server = strapi.server.httpServer;
    server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
  })
  .catch((error) => { console.error(error); process.exit(2); });
`;

export interface NodeProcess {
  pid: number;
  isAlive(): boolean;
  output(): string;
  send(message: string): void;
  /** The next thing it tells; fails when it ends before. */
  message(): Promise<unknown>;
  /** Its exit code. */
  ended: Promise<number | null>;
  stop(): Promise<void>;
}

/** Runs a piece of JavaScript in a Node process of its own. */
export function runNode(source: string, args: string[], variables: Record<string, string> = {}): NodeProcess {
  const child = spawn(process.execPath, ['-e', source, ...args], {
    cwd: PROJECT_ROOT,
    env: { ...process.env, ...variables, ...fullLogs(variables) },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  let isAlive = true;
  const ended = once(child, 'exit').then(([code]) => {
    isAlive = false;
    return code as number | null;
  });
  return {
    pid: child.pid ?? 0,
    isAlive: () => isAlive,
    output: () => output,
    ended,
    send: (message) => void child.send(message),
    message: () =>
      Promise.race([
        once(child, 'message').then(([message]) => message as unknown),
        ended.then((code) => {
          throw new Error(`the process ended with ${code}: ${output}`);
        }),
      ]),
    async stop() {
      if (isAlive) child.kill('SIGKILL');
      await ended;
    },
  };
}

/**
 * Starts one more process of the shop that was started last in this one: the same database, the same secrets. Not in
 * test mode, so that a failure nobody handles ends it as it would in service.
 */
export async function startShopProcess(): Promise<ShopProcess> {
  const child = runNode(START, [PROJECT_ROOT, DIST], { NODE_ENV: 'development', LOG_LEVEL: 'error' });
  const { port } = (await child.message()) as { port: number };
  return { url: `http://127.0.0.1:${port}`, isAlive: child.isAlive, output: child.output, stop: child.stop };
}
