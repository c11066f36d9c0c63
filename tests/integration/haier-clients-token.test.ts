import { TOKEN_UID } from '../../src/plugins/haier-integration/server/src/constants';
import type { HaierIntegrationSettings } from '../../src/plugins/haier-integration/server/src/domain/settings';
import type { Vault } from '../../src/plugins/haier-integration/server/src/services/vault';
import { startApp, type TestApp } from '../support/app';
import { newAccount, newKeeper, until, vaultErrors } from '../support/haier-tokens';
import { makeClients, type Reply, useUpstream } from '../support/haier-upstream';

const STOCK = '/get-available-stock-open';
const AUTH = '/oauth2/auth';
const good: Reply = { body: [{ secCode: 'W', stock: 1 }] };

let app: TestApp;
const upstream = useUpstream();

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.stop());

let accounts = 0;

/** An account nobody has used before. */
const newClient = () => {
  const clientId = `client-${(accounts += 1)}`;
  return makeClients(app, upstream.current.url, {}, ({ haier }) => (haier.clientId = clientId)).haier;
};

const rowOf = (account: string) =>
  app.strapi.db.query(TOKEN_UID).findOne({ where: { account } }) as Promise<Record<string, unknown> | null>;

describe('mistake 3: one token', () => {
  it('for many calls at once, and for the calls after them', async () => {
    upstream.current.reply(STOCK, good);
    const haier = newClient();
    await Promise.all(Array.from({ length: 20 }, () => haier.readStock('A', '370212')));
    await haier.readStock('A', '370212');
    expect(upstream.current.callsTo(AUTH)).toHaveLength(1);
    expect(upstream.current.callsTo(STOCK)).toHaveLength(21);
  });

  it('for two processes that begin at the same time', async () => {
    const { account, asked, hold } = newAccount();
    const open = hold();
    const both = [newKeeper(app), newKeeper(app)].map((keeper) => keeper.acquire(account));
    await until(() => asked() === 1);
    open();
    const [first, second] = await Promise.all(both);
    expect(first?.accessToken).toBe('token-1');
    expect(second?.accessToken).toBe('token-1');
    expect(asked()).toBe(1);
  });

  it('refused in mid-life is dropped, asked for once and the call made once more', async () => {
    upstream.current.reply(AUTH, { body: { token: 'haier-token-1' } }, { body: { token: 'haier-token-2' } });
    const accepts =
      (token: string): Reply =>
      (response, { headers }) => {
        response.statusCode = headers.authorization === `Bearer ${token}` ? 200 : 401;
        response.end(JSON.stringify([{ secCode: 'W', stock: 1 }]));
      };
    upstream.current.reply(STOCK, accepts('haier-token-1'));
    const haier = newClient();
    await haier.readStock('A', '370212');
    upstream.current.reply(STOCK, accepts('haier-token-2'));
    const answers = await Promise.all(Array.from({ length: 10 }, () => haier.readStock('A', '370212')));
    expect(answers.every(({ pieces }) => pieces === 1)).toBe(true);
    expect(upstream.current.callsTo(AUTH)).toHaveLength(2);
  });

  it('refused again is an account without a right: no third call', async () => {
    upstream.current.reply(STOCK, { status: 401, body: { message: '令牌无效' } });
    await expect(newClient().readStock('A', '370212')).rejects.toMatchObject({
      kind: 'unauthorized',
      status: 401,
      isWorthRepeating: false,
    });
    expect(upstream.current.callsTo(STOCK)).toHaveLength(2);
    expect(upstream.current.callsTo(AUTH)).toHaveLength(2);
  });

  it('that another process has renewed is taken from it, not asked for against it', async () => {
    const { account, asked } = newAccount();
    const [one, other] = [newKeeper(app), newKeeper(app)];
    const old = await one.acquire(account);
    expect(await other.acquire(account)).toEqual(old);
    const renewed = await one.acquire(account, old);
    expect(renewed.accessToken).toBe('token-2');
    expect(await other.acquire(account, old)).toEqual(renewed);
    expect(asked()).toBe(2);
  });
});

describe('the end of a token', () => {
  it('is ten minutes early for the one that refreshes; the others go on with the old one', async () => {
    const { account, asked, hold } = newAccount();
    let now = Date.now();
    const [one, other] = [newKeeper(app, { now: () => now }), newKeeper(app, { now: () => now })];
    await Promise.all([one.acquire(account), other.acquire(account)]);
    now += 49 * 60_000;
    await one.acquire(account);
    expect(asked()).toBe(1);

    now += 2 * 60_000;
    const open = hold();
    const refreshing = one.acquire(account);
    await until(() => asked() === 2);
    expect((await other.acquire(account)).accessToken).toBe('token-1');
    expect((await one.acquire(account)).accessToken).toBe('token-1');
    open();
    expect((await refreshing).accessToken).toBe('token-2');
    expect((await other.acquire(account)).accessToken).toBe('token-2');
    expect(asked()).toBe(2);
  });

  it('makes everybody wait for the one that refreshes', async () => {
    const { account, asked, hold } = newAccount();
    let now = Date.now();
    const [one, other] = [newKeeper(app, { now: () => now }), newKeeper(app, { now: () => now })];
    await Promise.all([one.acquire(account), other.acquire(account)]);
    now += 61 * 60_000;
    const open = hold();
    const waiting = [one.acquire(account), other.acquire(account), other.acquire(account)];
    await until(() => asked() === 2);
    open();
    const tokens = await Promise.all(waiting);
    expect(tokens.map(({ accessToken }) => accessToken)).toEqual(['token-2', 'token-2', 'token-2']);
    expect(asked()).toBe(2);
  });

  it('does not wait for a process that died while it refreshed', async () => {
    const { account, asked } = newAccount();
    await newKeeper(app)
      .acquire({ ...account, issue: () => Promise.reject(new Error('killed')) })
      .catch(() => undefined);
    await app.strapi.db.query(TOKEN_UID).updateMany({
      where: { account: account.key },
      data: { refreshingBy: 'dead', refreshingUntil: new Date(Date.now() - 1) },
    });
    expect((await newKeeper(app).acquire(account)).accessToken).toBe('token-1');
    expect(asked()).toBe(1);
  });

  it('that could not be put off keeps the old one while that is good', async () => {
    const { account } = newAccount();
    let now = Date.now();
    const keeper = newKeeper(app, { now: () => now });
    await keeper.acquire(account);
    now += 55 * 60_000;
    const failing = { ...account, issue: () => Promise.reject(new Error('away')) };
    expect((await keeper.acquire(failing)).accessToken).toBe('token-1');
    now += 6 * 60_000;
    await expect(keeper.acquire(failing)).rejects.toMatchObject({ name: 'HaierError', kind: 'unavailable' });
    expect((await rowOf(account.key))?.refreshingBy).toBeNull();
  });
});

describe('in the table', () => {
  it('a token is encrypted, and the account tells nothing', async () => {
    upstream.current.reply(STOCK, good);
    await newClient().readStock('A', '370212');
    const rows = (await app.strapi.db.query(TOKEN_UID).findMany()) as { account: string; token: string }[];
    const text = JSON.stringify(rows);
    expect(text).not.toMatch(/haier-token|client-|secret/);
    expect(rows.some(({ account }) => /^haier:[0-9a-f]{64}$/.test(account))).toBe(true);
  });

  it('a token that cannot be decrypted any more is replaced', async () => {
    const { account, asked } = newAccount();
    await newKeeper(app).acquire(account);
    await app.strapi.db.query(TOKEN_UID).updateMany({
      where: { account: account.key },
      data: { token: 'v1:00:00:00' },
    });
    expect((await newKeeper(app).acquire(account)).accessToken).toBe('token-2');
    expect(asked()).toBe(2);
  });

  it('nothing is kept in clear where there is no key to encrypt with', async () => {
    const VaultError = vaultErrors();
    const keyless: Vault = {
      encrypt: () => {
        throw new VaultError('no_key');
      },
      decrypt: () => {
        throw new VaultError('unreadable');
      },
    };
    const { account } = newAccount();
    await expect(newKeeper(app, { vault: keyless }).acquire(account)).rejects.toMatchObject({
      kind: 'not_configured',
    });
    expect((await rowOf(account.key))?.token).toBeNull();
  });

  it('accounts nobody uses any more are forgotten', async () => {
    const { account } = newAccount();
    await newKeeper(app).acquire(account);
    expect(await newKeeper(app, { now: () => Date.now() + 24 * 3_600_000 }).removeExpired()).toBe(0);
    await newKeeper(app, { now: () => Date.now() + 26 * 3_600_000 }).removeExpired();
    expect(await rowOf(account.key)).toBeNull();
  });
});

describe('credentials', () => {
  const client = (change: (settings: HaierIntegrationSettings) => void) =>
    makeClients(app, upstream.current.url, {}, change).haier;

  it('that changed are another account', async () => {
    upstream.current.reply(STOCK, good);
    const clientId = `changing-${(accounts += 1)}`;
    for (const clientSecret of ['haier-secret-value', 'other-secret-value'])
      await client(({ haier }) => Object.assign(haier, { clientId, clientSecret })).readStock('A', '370212');
    expect(upstream.current.callsTo(AUTH).map(({ json }) => json)).toEqual([
      expect.objectContaining({ client_secret: 'haier-secret-value' }),
      expect.objectContaining({ client_secret: 'other-secret-value' }),
    ]);
  });

  it('that are refused are not tried again at once, and say so', async () => {
    upstream.current.reply(AUTH, {
      status: 401,
      body: { code: 'invalid_client', message: 'haier-client-secret-value?' },
    });
    const haier = newClient();
    for (let call = 0; call < 3; call += 1)
      await expect(haier.readStock('A', '370212')).rejects.toMatchObject({
        operation: 'readStock',
        kind: 'unauthorized',
        message: expect.not.stringContaining('secret-value'),
        upstreamMessage: 'no token: invalid_client ***?',
      });
    expect(upstream.current.callsTo(AUTH)).toHaveLength(1);
    expect(upstream.current.callsTo(STOCK)).toHaveLength(0);
  });

  it('are tried anew by "authenticate", whatever is held', async () => {
    upstream.current.reply(AUTH, { body: { token: 'haier-token-1' } }, { body: { token: 'haier-token-2' } });
    upstream.current.reply(STOCK, good);
    const haier = newClient();
    await haier.readStock('A', '370212');
    const { expiresAt } = await haier.authenticate();
    expect(expiresAt.getTime()).toBeGreaterThan(Date.now() + 3_500_000);
    await haier.readStock('A', '370212');
    expect(upstream.current.callsTo(STOCK).at(-1)?.headers.authorization).toBe('Bearer haier-token-2');
  });

  it('without an answer leave the call as one that was certainly not made', async () => {
    upstream.current.reply(AUTH, { status: 500, body: '' });
    await expect(newClient().readStock('A', '370212')).rejects.toMatchObject({ kind: 'unavailable' });
    expect(upstream.current.callsTo(AUTH)).toHaveLength(3);
  });
});
