import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DIST, freePort, PROJECT_ROOT } from './ground';

export interface ServerProcess {
  pid: number | undefined;
  url: string;
  /** From spawn to the first answer. */
  bootMs: number;
  residentMegabytes(): number;
  /** SQL statements sent to the database since the start. */
  countStatements(): Promise<number>;
  stop(): Promise<void>;
}

const secret = () => randomBytes(24).toString('hex');

/** Asks the process for its count and waits for the file it writes. */
async function askForStatements(child: ChildProcess, file: string): Promise<number> {
  rmSync(file, { force: true });
  child.kill('SIGUSR2');
  for (let waited = 0; waited < 100; waited += 1) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    if (text !== '') return Number(text);
  }
  throw new Error('the server did not say how many statements it sent');
}

const READY_WITHIN_MS = 120_000;
const POLL_MS = 50;

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null)
      throw new Error(`the server ended with ${child.exitCode} before it was ready`);
    try {
      if ((await fetch(url)).status < 500) return;
    } catch {
      // Nobody listens yet.
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error('the server was not ready in time');
}

/** Starts a server as a process of its own, so that the load never runs in it. */
export async function startServer(
  script: string,
  variables: Record<string, string>,
  readyPath: string,
): Promise<ServerProcess> {
  const port = variables.PORT ?? String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  const statementsFile = join(tmpdir(), `shop-bench-${randomBytes(6).toString('hex')}.statements`);
  const started = performance.now();
  const child = spawn(process.execPath, [script], {
    cwd: PROJECT_ROOT,
    stdio: ['ignore', process.env.BENCH_VERBOSE === undefined ? 'ignore' : 'inherit', 'inherit'],
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: port,
      PUBLIC_URL: url,
      NODE_ENV: 'development',
      LOG_LEVEL: 'error',
      APP_KEYS: secret(),
      ADMIN_JWT_SECRET: secret(),
      JWT_SECRET: secret(),
      API_TOKEN_SALT: secret(),
      TRANSFER_TOKEN_SALT: secret(),
      ENCRYPTION_KEY: secret(),
      STRAPI_TELEMETRY_DISABLED: 'true',
      BENCH_STATEMENTS_FILE: statementsFile,
      ...variables,
    },
  });
  await untilReady(`${url}${readyPath}`, child);
  return {
    pid: child.pid,
    url,
    bootMs: performance.now() - started,
    residentMegabytes: () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
    countStatements: () => askForStatements(child, statementsFile),
    async stop() {
      rmSync(statementsFile, { force: true });
      if (child.exitCode !== null) return;
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await Promise.race([exited, new Promise((resolve) => setTimeout(resolve, 15_000))]);
      child.kill('SIGKILL');
    },
  };
}

/** The built shop, without limits and demo data, on this database. */
export const startShop = (databaseUrl: string, variables: Record<string, string>): Promise<ServerProcess> =>
  startServer(
    join(PROJECT_ROOT, 'bench', 'start-built.cjs'),
    {
      BENCH_APP_DIR: PROJECT_ROOT,
      BENCH_DIST_DIR: DIST,
      DATABASE_CLIENT: 'postgres',
      DATABASE_URL: databaseUrl,
      SANDBOX: 'false',
      SEED_DEMO: 'false',
      RATE_LIMIT_ANONYMOUS: '0',
      RATE_LIMIT_USER: '0',
      RATE_LIMIT_LOGIN: '0',
      RATE_LIMIT_PAYMENT: '0',
      ...variables,
    },
    '/healthz',
  );
