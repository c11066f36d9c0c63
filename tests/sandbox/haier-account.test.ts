import { startSandbox, type Sandbox } from '../../sandbox';
import { resolveHaier } from '../../config/environment/haier';
import { post, YlhClient, type Json } from './support/suppliers';

const SERVICES = ['YLH_ORDER_BASE_URL', 'YLH_RETAIL_BASE_URL', 'YLH_STOCK_BASE_URL'];

describe('the account at YLH, and what a shop is told of both', () => {
  let sandbox: Sandbox;
  let ylh: YlhClient;

  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterAll(() => sandbox.stop());
  beforeEach(async () => {
    await sandbox.control.reset();
    ylh = new YlhClient(sandbox);
  });

  test('a token is had with the form, the client and the system name', async () => {
    expect(await ylh.authenticate()).toMatchObject({
      status: 200,
      body: { access_token: expect.any(String), token_type: 'bearer', expires_in: 3_600 },
    });
    expect((await ylh.authenticate({ grant_type: 'client_credentials' })).status).toBe(400);
    expect((await ylh.authenticate({ password: 'wrong' })).status).toBe(401);
    expect((await ylh.authenticate({ username: 'wrong' })).status).toBe(401);
    expect((await ylh.authenticate({}, { Authorization: 'Basic eDp5' })).status).toBe(401);
    expect((await ylh.authenticate({}, { 'system-name': 'other' })).status).toBe(400);
    expect((await ylh.authenticate({}, { 'Content-Type': 'application/json' })).status).toBe(400);
  });

  test('the scheme of later calls is the token_type that was answered', async () => {
    expect((await ylh.tracking(['SO.1'])).status).toBe(401);
    await ylh.signIn();
    expect((await ylh.tracking(['SO.1'])).status).toBe(200);
    const token = ylh.authorization.slice('bearer '.length);
    ylh.authorization = token;
    expect((await ylh.tracking(['SO.1'])).status).toBe(401);
    sandbox.control.ylh.habits({ token: { type: 'MAC' } });
    ylh.authorization = `bearer ${token}`;
    expect((await ylh.tracking(['SO.1'])).status).toBe(401);
    await ylh.signIn();
    expect(ylh.authorization).toMatch(/^MAC /);
    expect((await ylh.tracking(['SO.1'])).status).toBe(200);
  });

  test('a token expires, and can be ended in the middle of its life', async () => {
    await ylh.signIn();
    await sandbox.control.clock.advance(3_600_000);
    expect((await ylh.create(ylh.order())).status).toBe(401);
    await ylh.signIn();
    sandbox.control.ylh.tokens.end();
    expect((await ylh.create(ylh.order())).status).toBe(401);
    expect(sandbox.control.ylh.tokens.list()).toMatchObject([{ isGood: false }, { isGood: false }]);
    expect(sandbox.control.ylh.orders()).toEqual([]);
  });

  test('mistake 2: the four services have addresses of their own, and the wrong one is 404', async () => {
    await ylh.signIn();
    const paths: Record<string, string> = {
      YLH_ORDER_BASE_URL: '/api/page/hmm/retailorder/receive-hmm-retail-order',
      YLH_RETAIL_BASE_URL: '/api/page/retailorder/hmm/update-distribution-time',
      YLH_STOCK_BASE_URL: '/api/composite/stock/logistics/get-store-logistics-by-order-code',
    };
    for (const base of SERVICES) {
      for (const [owner, path] of Object.entries(paths)) {
        const { status } = await ylh.ask(base, path, {});
        expect([base, owner, status]).toEqual([base, owner, base === owner ? 400 : 404]);
      }
    }
    expect(new Set(SERVICES.map((name) => sandbox.env[name])).size).toBe(3);
    const token = sandbox.env.YLH_AUTH_URL ?? '';
    expect((await post(token.replace('-mgt-auth-dev', ''), '', {})).status).toBe(404);
  });

  test('the settings are those the shop reads, and no two secrets are the same', async () => {
    const known = resolveHaier(sandbox.env as unknown as Parameters<typeof resolveHaier>[0]);
    const names = Object.keys(sandbox.env).filter((name) => /^(HAIER|YLH)_/.test(name));
    const read = Object.values(known).flatMap((part) => Object.keys(part));
    expect(read).toHaveLength(names.length);
    const secrets = Object.entries(sandbox.env).flatMap(([name, value]) =>
      /^(HAIER|YLH).*(SECRET|PASSWORD)$/.test(name) ? [value] : [],
    );
    expect(new Set(secrets).size).toBe(secrets.length);
    const other = await startSandbox();
    for (const name of [
      'HAIER_CLIENT_SECRET',
      'YLH_PASSWORD',
      'YLH_CALLBACK_APP_KEY',
      'YLH_CALLBACK_SECRET',
    ]) {
      expect(other.env[name]).not.toBe(sandbox.env[name]);
      expect(sandbox.env[name]?.length).toBeGreaterThan(8);
    }
    await other.stop();
  });

  test('expires_in may be left out or text', async () => {
    sandbox.control.ylh.habits({ token: { expiresIn: 'absent' } });
    expect((await ylh.authenticate()).body).not.toHaveProperty('expires_in');
    sandbox.control.ylh.habits({ token: { expiresIn: 'string', lifetimeSeconds: 90 } });
    expect(((await ylh.authenticate()).body as Json).expires_in).toBe('90');
  });
});
