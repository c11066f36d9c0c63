import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

import { HAIER_PATHS } from '../../sandbox';
import { type TestApp, startApp } from '../support/app';
import { DIST, PROJECT_ROOT } from '../support/boot';
import { countCalls, syncs } from '../support/factories/haier';

const MANY = 250;
let app: TestApp;

interface Ended {
  code: number | null;
  output: string;
}

/** `npm run haier -- …` on the suite's database, whose settings this process has in its environment. */
function command(...args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [join(PROJECT_ROOT, 'scripts/haier.mjs'), ...args], {
    cwd: PROJECT_ROOT,
    env: { ...process.env, SHOP_DIST: DIST },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (output += text.toString()));
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, output })));
  return { child, ended };
}

const latest = async () => (await syncs(app).list({ kind: 'products', page: 1, pageSize: 1 })).rows[0];

beforeAll(async () => {
  app = await startApp();
  app.sandbox.control.haier.catalogue(false);
  app.sandbox.control.haier.generate(MANY);
}, 180_000);
afterAll(() => app?.stop());

it('says how to ask, and with which code it could not begin', async () => {
  const { code, output } = await command('sync', 'everything').ended;
  expect(code).toBe(2);
  expect(output).toContain('npm run haier -- sync products|prices|stock|logistics');
  const stock = await command('sync', 'stock').ended;
  expect([stock.code, stock.output]).toEqual([2, expect.stringContaining('区县')]);
}, 240_000);

it('loses nothing when it is killed in the middle: the next one goes on', async () => {
  app.sandbox.control.addFault({ kind: 'delay', host: 'haier', path: HAIER_PATHS.prices, ms: 300, skip: 5 });
  const { child, ended } = command('sync', 'products');
  const deadline = Date.now() + 180_000;
  while (((await latest())?.done ?? 0) < 100 && Date.now() < deadline) await new Promise(setImmediate);
  child.kill('SIGKILL');
  await ended;
  app.sandbox.control.clearFaults();
  const half = await latest();
  expect(half).toMatchObject({ status: 'running', trigger: 'command', phase: 'writing' });
  expect(half.done).toBeLessThan(MANY);
  const [{ count }] = (await app.strapi.db.connection('products').count({ count: '*' })) as {
    count: number;
  }[];
  expect(Number(count)).toBe(half.done);

  await app.strapi.db
    .connection('haier_sync_runs')
    .where('id', half.id)
    .update({ lease_until: new Date(0) });
  const calls = countCalls(app);
  await syncs(app).drain();
  expect(await latest()).toMatchObject({ id: half.id, status: 'succeeded', done: MANY, created: MANY });
  expect(calls(HAIER_PATHS.products)).toBe(0);
}, 300_000);

it('prints the report, and ends with 1 when something failed', async () => {
  const { code, output } = await command('sync', 'products', 'GEN000001', 'UNHEARD-OF').ended;
  expect(output).toContain('✓ 完成 done');
  expect(output).toContain('✗ UNHEARD-OF: 海尔未返回该商品');
  expect(output).toContain('未变 unchanged 1');
  expect(code).toBe(1);
}, 240_000);
