/**
 * `npm run bench:haier`: every product of a simulated open platform, `BENCH_PRODUCTS` (10,000) of them, into an empty shop, and then
 * again with nothing changed: time, calls, statements, writes to the catalogue and peak memory of the shop's process.
 */
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpus } from 'node:os';
import { join } from 'node:path';

import { startSandbox } from '../sandbox';
import { databaseUrl, DIST, onDatabase, PROJECT_ROOT, runMain } from './ground';

const PRODUCTS = Number(process.env.BENCH_PRODUCTS ?? 10_000);

interface Watched {
  seconds: number;
  /** Megabytes. */
  peak: number;
  calls: number;
  statements: number;
  writes: number;
  run: {
    status: string;
    message: string | null;
    created: number;
    changed: number;
    unchanged: number;
    failed: number;
  };
}
interface Report {
  atRest: number;
  first: Watched;
  again: Watched;
  prices: Watched;
}

const secret = () => randomBytes(24).toString('hex');

/** The shop's settings for a process that only syncs. */
const shopEnvironment = (database: string): Record<string, string> => ({
  NODE_ENV: 'development',
  HOST: '127.0.0.1',
  PUBLIC_URL: 'http://127.0.0.1:1337',
  LOG_LEVEL: 'error',
  PROCESS_ROLE: 'web',
  SANDBOX: 'false',
  SEED_DEMO: 'false',
  DATABASE_CLIENT: 'postgres',
  DATABASE_URL: databaseUrl(database),
  APP_KEYS: secret(),
  ADMIN_JWT_SECRET: secret(),
  JWT_SECRET: secret(),
  API_TOKEN_SALT: secret(),
  TRANSFER_TOKEN_SALT: secret(),
  ENCRYPTION_KEY: secret(),
  STRAPI_TELEMETRY_DISABLED: 'true',
});

function runShop(variables: Record<string, string>): Promise<Report> {
  return new Promise((resolve, reject) => {
    const child = fork(join(__dirname, 'haier-sync-built.cjs'), {
      env: { ...process.env, ...variables },
      // So that what it holds at rest is not what booting left behind.
      execArgv: ['--expose-gc'],
    });
    child.once('message', (report) => resolve(report as Report));
    child.once('exit', (code) => reject(new Error(`the shop ended with ${code} before it had synced`)));
  });
}

function print({ atRest, first, again, prices }: Report): boolean {
  const line = (name: string, { seconds, peak, calls, statements, writes, run }: Watched): void => {
    const { created, changed, unchanged, failed } = run;
    console.log(
      `${name.padEnd(28)} ${seconds.toFixed(1).padStart(6)} s   ${String(calls).padStart(5)} calls   ` +
        `${String(statements).padStart(6)} statements, ${String(writes).padStart(4)} of them writes to the catalogue   ` +
        `peak ${peak.toFixed(0)} MB (+${(peak - atRest).toFixed(0)})   ` +
        `${run.status}: ${created} created, ${changed} changed, ${unchanged} unchanged, ${failed} failed`,
    );
  };
  console.log(
    `Node ${process.version}, ${cpus().length} cores; ${PRODUCTS} products; at rest ${atRest.toFixed(0)} MB`,
  );
  line('products, the first time', first);
  line('products, nothing changed', again);
  line('prices, nothing changed', prices);
  return (
    first.run.created === PRODUCTS &&
    [again, prices].every(({ run, writes }) => run.unchanged === PRODUCTS && writes === 0)
  );
}

async function main(): Promise<void> {
  const database = `shop_bench_${randomBytes(4).toString('hex')}`;
  const sandbox = await startSandbox({ signatureClock: 'machine' });
  try {
    sandbox.control.haier.catalogue(false);
    sandbox.control.haier.generate(PRODUCTS);
    await onDatabase(undefined, (client) => client.query(`create database "${database}"`));
    const isRight = print(
      await runShop({
        ...shopEnvironment(database),
        ...sandbox.env,
        BENCH_APP_DIR: PROJECT_ROOT,
        BENCH_DIST_DIR: DIST,
      }),
    );
    if (!isRight) process.exitCode = 1;
  } finally {
    await sandbox.stop();
    await onDatabase(undefined, (client) =>
      client.query(`drop database if exists "${database}" with (force)`),
    );
  }
}

runMain(main);
