import { randomBytes } from 'node:crypto';
import { copyFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import type { Core } from '@strapi/strapi';
import supertest from 'supertest';

import { type Sandbox, startSandbox } from '../../sandbox';
import { compiled, loadShop } from './boot';
import { createDatabase, databaseUrl, dropDatabase } from './postgres';
import { readTestRun } from './test-run';

export { compiled };

/** The shop, listening on loopback, with a database and a sandbox of its own. */
export interface TestApp {
  strapi: Core.Strapi;
  url: string;
  sandbox: Sandbox;
  /** A request to a REST route, e.g. `api('get', '/products')`. */
  api(method: 'get' | 'post' | 'put' | 'delete', path: string, token?: string): supertest.Test;
  /** Works everything the outbox holds and that is due. */
  drain(): Promise<number>;
  /** Moves the clocks of shop and sandbox. */
  advance(ms: number): Promise<void>;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface SuiteDatabase {
  variables: Record<string, string>;
  remove(): Promise<void>;
}

async function copyDatabase(): Promise<SuiteDatabase> {
  const { folder, kind, template } = readTestRun();
  const name = `shop_suite_${randomBytes(6).toString('hex')}`;
  if (kind === 'postgres') {
    await createDatabase(name, template);
    return {
      variables: { DATABASE_CLIENT: 'postgres', DATABASE_URL: databaseUrl(name), DATABASE_POOL_MIN: '0' },
      remove: () => dropDatabase(name),
    };
  }
  const file = join(folder, 'databases', `${name}.db`);
  copyFileSync(join(folder, 'template.db'), file);
  return {
    variables: { DATABASE_CLIENT: 'sqlite', DATABASE_FILENAME: file },
    remove: () => Promise.resolve(rmSync(file, { force: true })),
  };
}

/** One boot per suite: call in `beforeAll`, and `stop` in `afterAll`. */
export async function startApp(variables: Record<string, string> = {}): Promise<TestApp> {
  const database = await copyDatabase();
  const sandbox = await startSandbox();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const strapi = await loadShop({
    ...database.variables,
    ...sandbox.env,
    PORT: String(port),
    PUBLIC_URL: url,
    ...variables,
  });
  strapi.server.mount();
  await new Promise<void>((resolve) => strapi.server.httpServer.listen(port, '127.0.0.1', resolve));

  const { clock } = compiled<typeof import('../../src/platform/clock')>('src/platform/clock');
  return {
    strapi,
    url,
    sandbox,
    api(method, path, token) {
      const test = supertest(url)[method](`/api/v1${path}`);
      return token === undefined ? test : test.set('Authorization', `Bearer ${token}`);
    },
    drain: () => compiled<typeof import('../../src/worker')>('src/worker').shopWorker().drain(),
    async advance(ms) {
      clock.advance(ms);
      await sandbox.control.clock.advance(ms);
    },
    async stop() {
      await strapi.destroy();
      await sandbox.stop();
      await database.remove();
    },
  };
}
