import { startApp, type TestApp } from '../support/app';
import { panelUser, type PanelUser, rowsOf } from '../support/factories/panel';
import { listenToLog, newSecret } from '../support/haier-secrets';

interface Step {
  name: string;
  ok: boolean;
  skipped: boolean;
  message: string;
  ms: number;
}

const SETTINGS = 'plugin::haier-integration.haier-setting';
const TOKENS = 'plugin::haier-integration.haier-token';

let app: TestApp;
let admin: PanelUser;

beforeAll(async () => {
  app = await startApp();
  admin = await panelUser(app, 'superAdmin');
});
afterAll(() => app?.stop());
afterEach(() => app.sandbox.control.clearFaults());

async function test(body: object, language = 'zh'): Promise<{ ok: boolean; steps: Step[] }> {
  const answer = await admin
    .call('post', '/haier-integration/settings/test')
    .set('Accept-Language', language)
    .send(body);
  expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
  return answer.body.data;
}
const results = ({ steps }: { steps: Step[] }) =>
  steps.map(({ name, ok, skipped }) => `${name}: ${ok ? 'ok' : skipped ? 'skipped' : 'failed'}`);

const WITH_COUNTY = { policy: { stockCountyCode: '370212' } };

describe('test connection: Haier', () => {
  it('says step by step what works, with candidates that are not saved and tokens that are not kept', async () => {
    const before = [await rowsOf(app, SETTINGS), await rowsOf(app, TOKENS)];
    const report = await test({ system: 'haier', settings: WITH_COUNTY });
    expect(results(report)).toEqual([
      'address: ok',
      'token: ok',
      'products: ok',
      'balance: ok',
      'prices: ok',
      'stock: ok',
    ]);
    expect(report.ok).toBe(true);
    for (const { message, ms } of report.steps) {
      expect(message).toMatch(/\p{Script=Han}/u);
      expect(ms).toBeGreaterThanOrEqual(0);
    }
    expect([await rowsOf(app, SETTINGS), await rowsOf(app, TOKENS)]).toEqual(before);
  });

  it('asks for products once, and says so where it cannot ask for stock', async () => {
    const calls = () =>
      rowsOf(app, 'plugin::haier-integration.haier-api-log').then(
        (rows) =>
          (rows as { operation: string }[]).filter(({ operation }) => operation === 'listProducts').length,
      );
    const before = await calls();
    const report = await test({ system: 'haier' }, 'en');
    expect(await calls()).toBe(before + 1);
    expect(report.steps.at(-1)).toMatchObject({ name: 'stock', ok: false, skipped: true });
    expect(report.steps.at(-1)?.message).toContain('district');
    expect(report.ok).toBe(true);
  });

  it('tries a new secret without saving it, and a wrong one is said in words, never repeated', async () => {
    const ear = listenToLog(app);
    const secret = newSecret();
    const report = await test({ system: 'haier', settings: { haier: { clientSecret: secret } } });
    expect(results(report)).toEqual([
      'address: ok',
      'token: failed',
      'products: skipped',
      'balance: skipped',
      'prices: skipped',
      'stock: skipped',
    ]);
    expect(report.ok).toBe(false);
    expect(report.steps[1]?.message).toContain('账号或密码');
    expect(JSON.stringify(report)).not.toContain(secret);
    expect(ear.heard()).not.toContain(secret);
    ear.stop();
    expect((await test({ system: 'haier' })).ok).toBe(true);
  });

  it('tells each password of a body apart', async () => {
    const settings = { ...WITH_COUNTY, haier: { sellerPassword: newSecret() } };
    const seller = await test({ system: 'haier', settings });
    expect(results(seller).filter((each) => each.endsWith('failed'))).toEqual(['stock: failed']);
    const customer = await test({ system: 'haier', settings: { haier: { customerPassword: newSecret() } } });
    expect(results(customer)).toContain('balance: failed');
  });

  it('says that nobody is there', async () => {
    await app.sandbox.control.haier.down();
    const down = await test({ system: 'haier' }, 'en');
    await app.sandbox.control.haier.up();
    expect(down.steps[0]).toMatchObject({ name: 'address', ok: false, skipped: false });
    expect(down.steps[0]?.message).toMatch(/refused|cannot be reached|reset/);
    const nowhere = await test({
      system: 'haier',
      settings: { haier: { baseUrl: 'https://nobody.invalid', tokenUrl: '' } },
    });
    expect(nowhere.steps[0]?.message).toContain('nobody.invalid');
    expect(nowhere.steps.slice(1).every(({ skipped }) => skipped)).toBe(true);
  });

  it('says what is not set instead of asking', async () => {
    const report = await test({ system: 'haier', settings: { haier: { clientId: '' } } }, 'en');
    expect(report.steps[1]).toMatchObject({ name: 'token', ok: false });
    expect(report.steps[1]?.message).toContain('clientId');
  });
});

describe('test connection: YLH', () => {
  it('reaches each of the three services, touches no order, and says what that proves', async () => {
    const report = await test({ system: 'ylh' });
    expect(results(report)).toEqual(['address: ok', 'token: ok', 'orders: ok', 'photos: ok', 'tracking: ok']);
    expect(report.steps[2]?.message).toContain('不影响任何订单');
    expect(app.sandbox.control.ylh.orders()).toEqual([]);
    expect(await rowsOf(app, TOKENS)).toEqual([]);
  });

  it('mistake 2: one address for all of YLH is found out', async () => {
    const orderBaseUrl = app.sandbox.env.YLH_ORDER_BASE_URL ?? '';
    const settings = { ylh: { retailBaseUrl: orderBaseUrl, stockBaseUrl: orderBaseUrl } };
    const report = await test({ system: 'ylh', settings });
    expect(results(report)).toEqual([
      'address: ok',
      'token: ok',
      'orders: ok',
      'photos: failed',
      'tracking: failed',
    ]);
    expect(report.steps[3]?.message).toContain('请检查地址');
  });

  it('says that the account is wrong', async () => {
    const report = await test({ system: 'ylh', settings: { ylh: { password: newSecret() } } }, 'en');
    expect(results(report).slice(0, 3)).toEqual(['address: ok', 'token: failed', 'orders: skipped']);
    expect(report.steps[1]?.message).toMatch(/account/);
  });
});

describe('test connection', () => {
  it.each([
    [{}],
    [{ system: 'wechat' }],
    [{ system: 'haier', other: 1 }],
    [{ system: 'haier', settings: { haier: { x: 1 } } }],
  ])('refuses %j', async (body) => {
    const answer = await admin.call('post', '/haier-integration/settings/test').send(body);
    expect([answer.status, answer.body.error.details.code]).toEqual([400, 'VALIDATION_FAILED']);
  });
});
