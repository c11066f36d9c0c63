import type { SettingsService } from '../../src/plugins/haier-integration/server/src/services/settings';
import { compiled, startApp, type TestApp } from '../support/app';
import { panelUser, type PanelUser, rowsOf } from '../support/factories/panel';
import { listenToLog, newSecret } from '../support/haier-secrets';

type SettingsModule = typeof import('../../src/plugins/haier-integration/server/src/services/settings');

const PATH = '/haier-integration/settings';
const ROWS = 'plugin::haier-integration.haier-setting';
const CHANGES = 'plugin::haier-integration.haier-setting-change';
const KEY = 'admin.secrets.encryptionKey';
const EDITOR = { id: 'admin:0', name: '测试' };

let app: TestApp;
let admin: PanelUser;

/** The settings of another process: the same code over the same database, with nothing remembered. */
const anotherProcess = (): SettingsService =>
  compiled<SettingsModule>('src/plugins/haier-integration/server/src/services/settings').default({
    strapi: app.strapi,
  });

const read = async () => {
  const answer = await admin.call('get', PATH);
  expect(answer.status).toBe(200);
  return answer.body as { data: Record<string, never>; meta: Record<string, never> } & {
    data: { version: number; haier: Record<string, unknown>; ylh: Record<string, unknown> };
    meta: {
      sources: Record<string, string>;
      problems: { code: string; fields: string[]; message: string }[];
      changes: { by: { id: string; name: string }; fields: string[]; at: string }[];
      callbackUrl: string;
      presets: Record<string, unknown>;
    };
  };
};
const save = (body: object) => admin.call('put', PATH).send(body);

/** With something else in the shop's configuration for a while. */
async function withConfig(path: string, value: unknown, work: () => Promise<void>): Promise<void> {
  const before: unknown = app.strapi.config.get(path);
  app.strapi.config.set(path, value);
  try {
    await work();
  } finally {
    app.strapi.config.set(path, before);
  }
}

beforeAll(async () => {
  app = await startApp();
  admin = await panelUser(app, 'superAdmin');
});
afterAll(() => app?.stop());

describe('the settings page', () => {
  it('shows what the environment brings, where each field comes from, and what YLH is to call', async () => {
    const { data, meta } = await read();
    expect(data.haier).toMatchObject({
      baseUrl: app.sandbox.env.HAIER_BASE_URL,
      clientSecret: { configured: true, lastFour: app.sandbox.env.HAIER_CLIENT_SECRET?.slice(-4) },
    });
    expect(meta.sources).toMatchObject({
      'haier.baseUrl': 'environment',
      'haier.clientSecret': 'environment',
      'schedules.products': 'default',
    });
    expect(meta.callbackUrl).toBe(`${app.url}/api/v1/haier-integration/callback`);
    expect(Object.keys(meta.presets)).toEqual(['test', 'pre-production', 'production']);
  });

  it('comes back unchanged without changing anything', async () => {
    const { data } = await read();
    const before = await rowsOf(app, ROWS);
    expect((await save(data)).status).toBe(200);
    expect(await rowsOf(app, ROWS)).toEqual(before);
    expect((await read()).meta.sources['haier.baseUrl']).toBe('environment');
  });

  it('wins over the environment field by field, and gives a field back to it', async () => {
    const saved = await save({ haier: { customerCode: '99999999' } });
    expect(saved.body.data.haier.customerCode).toBe('99999999');
    expect(saved.body.meta.sources).toMatchObject({
      'haier.customerCode': 'page',
      'haier.clientId': 'environment',
    });
    const given = await save({ haier: { customerCode: null } });
    expect(given.body.data.haier.customerCode).toBe(app.sandbox.env.HAIER_CUSTOMER_CODE);
    expect(given.body.meta.sources['haier.customerCode']).toBe('environment');
  });

  it('says in the reader’s language what is missing', async () => {
    const zh = await read();
    expect(zh.meta.problems).toMatchObject([{ code: 'missing', fields: ['policy.stockCountyCode'] }]);
    expect(zh.meta.problems[0]?.message).toContain('区县');
    const en = await admin.call('get', PATH).set('Accept-Language', 'en');
    expect(en.body.meta.problems[0].message).toContain('district');
  });

  it('refuses what is not right with the place, in both languages, and saves nothing', async () => {
    const before = await rowsOf(app, ROWS);
    const wrong = {
      haier: { baseUrl: 'nowhere', nonsense: 1 },
      policy: { stockCountyCode: '37' },
    };
    const zh = await save(wrong);
    expect([zh.status, zh.body.error.details.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect(zh.body.error.details.errors.map(({ path }: { path: string[] }) => path.join('.')).sort()).toEqual(
      ['haier.baseUrl', 'haier.nonsense', 'policy.stockCountyCode'],
    );
    const en = await save({ schedules: { stock: '* *' } }).set('Accept-Language', 'en');
    expect(en.body.error.details.errors).toMatchObject([
      { path: ['schedules', 'stock'], message: 'must be a cron expression of five or six fields' },
    ]);
    expect(en.body).toMatchObject({ data: null, error: { status: 400, name: 'ValidationError' } });
    expect((await save({ haier: { clientId: 'x' } }).query({ dryRun: 1 })).status).toBe(400);
    expect(await rowsOf(app, ROWS)).toEqual(before);
  });

  it('takes no plain http address in production, except YLH’s own', async () => {
    await withConfig('environment', 'production', async () => {
      const refused = await save({ haier: { baseUrl: 'http://haier.example' } });
      expect(refused.status).toBe(400);
      expect(refused.body.error.details.errors[0].path).toEqual(['haier', 'baseUrl']);
      const taken = await save({ ylh: { authUrl: 'http://www.yilihuo.com/ylh-cloud-mgt-auth/oauth/token' } });
      expect(taken.status).toBe(200);
    });
    expect((await save({ ylh: { authUrl: null } })).status).toBe(200);
  });

  it('records who changed which fields, and never what to', async () => {
    const secret = newSecret();
    await save({ callback: { secret, appKey: 'key-7' } });
    const { changes } = (await read()).meta;
    expect(changes[0]).toMatchObject({
      by: { id: `admin:${admin.id}`, name: '管理员' },
      fields: ['callback.appKey', 'callback.secret'],
    });
    expect(Date.parse(changes[0]?.at ?? '')).toBeGreaterThan(0);
    expect(changes.length).toBeLessThanOrEqual(20);
    expect(JSON.stringify(await rowsOf(app, CHANGES))).not.toContain('key-7');
    expect(JSON.stringify(await rowsOf(app, CHANGES))).not.toContain(secret);
  });
});

describe('a secret', () => {
  it('is encrypted at rest and never said: in no answer, error or log', async () => {
    const ear = listenToLog(app);
    const secret = newSecret();
    const answers = [
      await save({ haier: { clientSecret: secret } }),
      await save({ haier: { clientSecret: secret, baseUrl: 'wrong' } }),
      await save({ haier: { clientSecret: secret }, version: 0 }),
      await save({ haier: { clientSecret: { secret } } }),
      await admin.call('get', PATH),
      await admin
        .call('post', `${PATH}/test`)
        .send({ system: 'haier', settings: { haier: { clientSecret: secret } } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 409, 400, 200, 200]);
    expect(await anotherProcess().read()).toMatchObject({ haier: { clientSecret: secret } });
    for (const { text } of answers) expect(text).not.toContain(secret);
    expect(JSON.stringify(await rowsOf(app, ROWS))).not.toContain(secret);
    expect(JSON.stringify(await rowsOf(app, 'plugin::haier-integration.haier-api-log'))).not.toContain(
      secret,
    );
    expect(ear.heard()).not.toContain(secret);
    ear.stop();
    expect(answers[0]?.body.data.haier.clientSecret).toEqual({
      configured: true,
      lastFour: secret.slice(-4),
    });
  });

  it.each([
    ['left out', {}],
    ['empty', { clientSecret: '' }],
    ['sent back as it was shown', { clientSecret: { configured: true, lastFour: 'abcd' } }],
  ])('stays when it is %s', async (_, haier) => {
    const secret = newSecret();
    await save({ haier: { clientSecret: secret } });
    expect((await save({ haier: { clientId: newSecret(), ...haier } })).status).toBe(200);
    expect((await anotherProcess().read()).haier.clientSecret).toBe(secret);
  });

  it('is removed by null, which leaves the environment’s', async () => {
    await save({ haier: { clientSecret: newSecret() } });
    const removed = await save({ haier: { clientSecret: null } });
    expect(removed.body.meta.changes[0].fields).toEqual(['haier.clientSecret']);
    expect(removed.body.meta.sources['haier.clientSecret']).toBe('environment');
    expect((await anotherProcess().read()).haier.clientSecret).toBe(app.sandbox.env.HAIER_CLIENT_SECRET);
  });

  it('that is short shows nothing of itself', async () => {
    const saved = await save({ ylh: { password: 'short-one' } });
    expect(saved.body.data.ylh.password).toEqual({ configured: true, lastFour: null });
    await save({ ylh: { password: null } });
  });
});

describe('a changed ENCRYPTION_KEY', () => {
  it('is said in words, breaks nothing, and what is stored stays for the day the key is back', async () => {
    const secret = newSecret();
    await save({ callback: { secret } });
    await withConfig(KEY, newSecret(), async () => {
      const process = anotherProcess();
      expect((await process.read()).callback.secret).toBe('');
      expect((await process.readState()).unreadable).toContain('callback.secret');
      const [before] = (await rowsOf(app, ROWS)) as { value: unknown }[];
      const written = await process.write({ policy: { balanceWarningYuan: 5 } }, EDITOR);
      expect(written).toEqual(['policy.balanceWarningYuan']);
      const [after] = (await rowsOf(app, ROWS)) as { value: unknown }[];
      const secretsOf = (value: unknown) =>
        (typeof value === 'string'
          ? (JSON.parse(value) as { secrets: unknown })
          : (value as { secrets: unknown })
        ).secrets;
      expect(secretsOf(after?.value)).toEqual(secretsOf(before?.value));
    });
    expect((await anotherProcess().read()).callback.secret).toBe(secret);
  });

  it('shows on the page: the secret is there, and cannot be read', async () => {
    const secret = newSecret();
    await save({ ylh: { clientSecret: secret } });
    // The page's own process holds the opened secrets until the row changes.
    await withConfig(KEY, newSecret(), async () => {
      await anotherProcess().write({ policy: { balanceWarningYuan: 6 } }, EDITOR);
      const { data, meta } = await read();
      expect(data.ylh.clientSecret).toEqual({ configured: true, lastFour: null });
      const problem = meta.problems.find(({ code }) => code === 'unreadable_secret');
      expect(problem?.fields).toContain('ylh.clientSecret');
      expect(problem?.message).toContain('ENCRYPTION_KEY');
      // Not the environment's instead: that may be another account.
      expect((await anotherProcess().read()).ylh.clientSecret).toBe('');
      const replaced = newSecret();
      expect((await save({ ylh: { clientSecret: replaced } })).status).toBe(200);
      expect((await anotherProcess().read()).ylh.clientSecret).toBe(replaced);
    });
    await save({ ylh: { clientSecret: null }, policy: { balanceWarningYuan: null } });
  });

  it('that is missing altogether lets nothing be saved in clear', async () => {
    const before = await rowsOf(app, ROWS);
    await withConfig(KEY, undefined, async () => {
      const refused = await save({ haier: { password: newSecret(), clientId: 'new' } });
      expect([refused.status, refused.body.error.details.code]).toEqual([503, 'ENCRYPTION_FAILED']);
      expect(refused.body.error.message).toContain('ENCRYPTION_KEY');
    });
    expect(await rowsOf(app, ROWS)).toEqual(before);
  });
});

describe('several processes and people', () => {
  it('see a change within two seconds, without a restart', async () => {
    let now = 1_000_000;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
    const [here, there] = [anotherProcess(), anotherProcess()];
    await there.read();
    await here.write({ haier: { supplierCode: '87654321' } }, EDITOR);
    expect((await here.read()).haier.supplierCode).toBe('87654321');
    expect((await there.read()).haier.supplierCode).toBe('1001');
    now += 2_000;
    expect((await there.read()).haier.supplierCode).toBe('87654321');
    clock.mockRestore();
    await save({ haier: { supplierCode: null } });
  });

  it('ask the database once for many readers', async () => {
    const process = anotherProcess();
    const query = jest.spyOn(app.strapi.db, 'query');
    await Promise.all(Array.from({ length: 50 }, () => process.read()));
    expect(query.mock.calls.filter(([uid]) => uid === ROWS)).toHaveLength(1);
    query.mockRestore();
  });

  it('do not overwrite each other silently: the second to save a page is told', async () => {
    const { data } = await read();
    const both = await Promise.all([
      save({ ...data, haier: { clientId: 'of-the-one' } }),
      save({ ...data, haier: { clientId: 'of-the-other' } }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const refused = both.find(({ status }) => status === 409);
    expect(refused?.body.error).toMatchObject({
      name: 'ConflictError',
      message: expect.stringContaining('其他人') as string,
      details: { code: 'SETTINGS_CONFLICT' },
    });
    expect((await read()).data.version).toBe(data.version + 1);
  });

  it('that name no version change each their own fields', async () => {
    const results = await Promise.all([
      save({ haier: { clientId: 'first' } }),
      save({ ylh: { shopName: 'second' } }),
      save({ callback: { appKey: 'third' } }),
    ]);
    expect(results.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await anotherProcess().read()).toMatchObject({
      haier: { clientId: 'first' },
      ylh: { shopName: 'second' },
      callback: { appKey: 'third' },
    });
    const changes = (await read()).meta.changes.slice(0, 3).map(({ fields }) => fields.join());
    expect(changes.sort()).toEqual(['callback.appKey', 'haier.clientId', 'ylh.shopName']);
  });
});
