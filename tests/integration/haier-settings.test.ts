import type { TestApp } from '../support/app';
import { type PanelUser, rowsOf } from '../support/factories/panel';
import { newSecret } from '../support/haier-secrets';
import {
  EDITOR,
  SETTING_ROWS as ROWS,
  SETTINGS_PATH as PATH,
  SettingsWorld,
} from '../support/haier-settings-world';

const CHANGES = 'plugin::haier-integration.haier-setting-change';

let world: SettingsWorld;
let app: TestApp;
let admin: PanelUser;

beforeAll(async () => {
  world = await SettingsWorld.start();
  ({ app, admin } = world);
});
afterAll(() => app?.stop());

const read = () => world.read();
const save = (body: object) => world.save(body);

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
    await world.withConfig('environment', 'production', async () => {
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

describe('several processes and people', () => {
  it('see a change within two seconds, without a restart', async () => {
    let now = 1_000_000;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
    const [here, there] = [world.anotherProcess(), world.anotherProcess()];
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
    const process = world.anotherProcess();
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
    expect(await world.anotherProcess().read()).toMatchObject({
      haier: { clientId: 'first' },
      ylh: { shopName: 'second' },
      callback: { appKey: 'third' },
    });
    const changes = (await read()).meta.changes.slice(0, 3).map(({ fields }) => fields.join());
    expect(changes.sort()).toEqual(['callback.appKey', 'haier.clientId', 'ylh.shopName']);
  });
});
