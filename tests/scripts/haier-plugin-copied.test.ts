/**
 * The plugin in somebody else's shop: its folder copied into an empty Strapi 5 project, which hands it nothing. It starts there, its
 * pages answer, and what the shop has not connected is said in so many words.
 */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { type EmptyShop, runIn, startEmptyProject, writeEmptyProject } from '../support/empty-project';
import { temporaryFolder } from './in-node';

const ADMIN = { firstname: '店长', email: 'admin@shop.test', password: 'Panel-password-1' };
/** Nobody listens here. */
const NOWHERE = 'http://127.0.0.1:9';

interface Answer {
  status: number;
  body: {
    data?: never;
    meta?: never;
    error?: { message: string; details: { code: string; port?: string } };
    [name: string]: unknown;
  };
}

const folder = temporaryFolder();
let shop: EmptyShop;
let token: string;

async function send(method: string, path: string, body?: unknown, language = 'zh'): Promise<Answer> {
  const answer = await fetch(`${shop.url}${path}`, {
    method,
    headers: {
      'Content-Type': 'application/json',
      'Accept-Language': language,
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Answer['body'] };
}
const call = (method: string, path: string, body?: unknown, language?: string): Promise<Answer> =>
  send(method, `/haier-integration${path}`, body, language);

beforeAll(async () => {
  writeEmptyProject(folder);
  await runIn(folder, 'typescript/bin/tsc', ['-p', folder]);
  shop = await startEmptyProject(folder);
  const { body } = await send('POST', '/admin/register-admin', ADMIN);
  token = (body.data as unknown as { token: string }).token;
}, 300_000);
afterAll(() => shop?.stop());

describe('the plugin copied into an empty project', () => {
  it('is compiled with it, and makes its tables', () => {
    expect(existsSync(join(folder, 'dist/src/plugins/haier-integration/server/src/index.js'))).toBe(true);
    expect(existsSync(join(folder, '.tmp/data.db'))).toBe(true);
  });

  it('says on the overview what works and what the shop has not connected, in both languages', async () => {
    const { status, body } = await call('GET', '/overview');
    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      connections: { haier: { state: 'not_configured' }, ylh: { state: 'not_configured' } },
      balance: null,
      queue: null,
      orders: null,
      notConnected: [
        { port: 'catalogue', message: expect.stringMatching(/^商城没有接入商品目录/) },
        { port: 'orders', message: expect.stringMatching(/^商城没有接入订单/) },
        { port: 'queue', message: expect.stringMatching(/^商城没有接入任务队列/) },
        { port: 'staff', message: expect.stringMatching(/^商城没有接入员工通知/) },
      ],
    });
    const english = (await call('GET', '/overview', undefined, 'en')).body.data as unknown as {
      notConnected: { message: string }[];
    };
    for (const { message } of english.notConnected) expect(message).toMatch(/^The shop has not connected/);
  });

  it('keeps settings, secrets hidden, and knows the address for YLH', async () => {
    const page = (await call('GET', '/settings')).body as unknown as {
      data: { version: number };
      meta: { callbackUrl: string };
    };
    expect(page.meta.callbackUrl).toBe('https://shop.example/api/haier-integration/callback');
    const { version } = page.data;
    const haier = {
      baseUrl: NOWHERE,
      clientId: 'client',
      clientSecret: 'secret-that-is-hidden',
      customerCode: '8800012345',
      sendToCode: '8700054321',
      password: 'password-that-is-hidden',
    };
    const saved = await call('PUT', '/settings', { version, haier });
    expect([saved.status, saved.body.error]).toEqual([200, undefined]);
    const { body } = await call('GET', '/settings');
    expect(body.data).toMatchObject({
      haier: { clientId: 'client', clientSecret: { configured: true, lastFour: 'dden' } },
    });
    expect(JSON.stringify(body)).not.toContain('that-is-hidden');
  });

  it('tests a connection and tells in words what came of it', async () => {
    for (const system of ['haier', 'ylh']) {
      const { status, body } = await call('POST', '/settings/test', { system });
      expect([system, status]).toEqual([system, 200]);
      const report = body.data as unknown as { ok: boolean; steps: { message: string }[] };
      expect(report.ok).toBe(false);
      expect(report.steps.length).toBeGreaterThan(0);
      for (const { message } of report.steps) expect(message).toMatch(/\p{Script=Han}/u);
    }
  });

  it.each([
    ['GET', '/orders', undefined, 'orders'],
    ['GET', '/orders/anything', undefined, 'orders'],
    ['POST', '/orders/anything/push', {}, 'orders'],
    ['POST', '/orders/anything/cancel', { reason: '不要了' }, 'orders'],
    ['POST', '/orders/anything/reschedule', { distributionDate: '2099-01-01' }, 'orders'],
    ['POST', '/orders/anything/refresh', {}, 'orders'],
    ['POST', '/orders/anything/refund', { reason: '不要了' }, 'orders'],
    ['POST', '/orders/anything/handled', {}, 'orders'],
    ['POST', '/syncs', { kind: 'products' }, 'catalogue'],
    ['POST', '/syncs', { kind: 'prices' }, 'catalogue'],
    ['POST', '/syncs', { kind: 'stock' }, 'catalogue'],
    ['POST', '/syncs', { kind: 'logistics' }, 'orders'],
    ['GET', '/mappings', undefined, 'catalogue'],
    ['GET', '/messages', undefined, 'queue'],
    ['POST', '/messages/anything/replay', {}, 'queue'],
  ])(
    '%s %s is refused with the word that the shop has not connected it',
    async (method, path, body, port) => {
      const zh = await call(method, path, body);
      expect([zh.status, zh.body.error?.details]).toMatchObject([503, { code: 'NOT_CONNECTED', port }]);
      expect(zh.body.error?.message).toMatch(/^商城没有接入/);
      const en = await call(method, path, body, 'en');
      expect(en.body.error?.message).toMatch(/^The shop has not connected/);
    },
  );

  it('has pages that are empty, not broken, for what it keeps itself', async () => {
    for (const path of ['/syncs', '/calls']) {
      const { status, body } = await call('GET', path);
      expect([path, status, Array.isArray(body.data)]).toEqual([path, 200, true]);
    }
    for (const path of ['/syncs/1', '/calls/999999'])
      expect([path, (await call('GET', path)).status]).toEqual([path, 404]);
  });

  it('refuses a call-back it cannot judge in the form YLH knows', async () => {
    const answer = await fetch(`${shop.url}/api/haier-integration/callback`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'AppKey=a&TimeStamp=20260101000000&Method=hmm.scm_heorder.confirm&Data=%7B%7D&Sign=00',
    });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ success: false, code: 'not_configured', data: {} });
  });

  it('answers no route with a 500, whatever it is sent, and lets in nobody who is not signed in', async () => {
    expect(shop.routes.length).toBeGreaterThan(15);
    for (const { method, path } of shop.routes) {
      const at = path.replace(/:\w+/g, '1');
      for (const body of method === 'GET' ? [undefined] : [{}, { nobody: 'knows this' }]) {
        const { status } = await call(method, at, body);
        expect([method, path, [200, 202, 400, 404, 409, 503].includes(status), status]).toEqual([
          method,
          path,
          true,
          status,
        ]);
      }
      const nobody = await fetch(`${shop.url}/haier-integration${at}`, { method });
      expect([method, path, nobody.status]).toEqual([method, path, 401]);
    }
    expect(shop.output()).not.toMatch(/\berror\b.*haier-integration|UnhandledPromise|TypeError/i);
  });

  it('says what is missing where the project does not compile it', async () => {
    await shop.stop();
    rmSync(join(folder, 'dist/src/plugins'), { recursive: true });
    await expect(startEmptyProject(folder)).rejects.toThrow(
      /haier-integration is not compiled: .*tsconfig\.json, "exclude" must name/s,
    );
  }, 60_000);
});
