import { compiled, startApp, type TestApp } from '../support/app';
import { signInWithPassword } from '../support/factories/accounts';

const WITHOUT_WECHAT = Object.fromEntries(
  [
    'WECHAT_APP_ID',
    'WECHAT_APP_SECRET',
    'WECHAT_PAY_MCH_ID',
    'WECHAT_PAY_SERIAL_NO',
    'WECHAT_PAY_PRIVATE_KEY_PATH',
    'WECHAT_PAY_API_V3_KEY',
    'WECHAT_PAY_PUBLIC_KEY_ID',
    'WECHAT_PAY_PUBLIC_KEY_PATH',
  ].map((name) => [name, '']),
);

let app: TestApp;
beforeAll(async () => {
  app = await startApp({
    FIRST_STAFF_USERNAME: 'first-staff',
    FIRST_STAFF_PASSWORD: 'first password',
    ...WITHOUT_WECHAT,
  });
});
afterAll(() => app?.stop());

const users = () => app.strapi.db.connection('up_users');

describe('the first start', () => {
  it('makes one member of staff who may make others', async () => {
    const first = await signInWithPassword(app, 'first-staff', 'first password');
    expect(first.user).toMatchObject({ username: 'first-staff', isStaff: true });
    const answer = await app
      .api('post', '/users', first.token)
      .send({ data: { username: 'second-staff', isStaff: true } });
    expect(answer.status).toBe(201);
  });

  it('makes nobody the next time, and changes nobody', async () => {
    const before = await users().orderBy('id');
    const { ensureFirstStaff } = compiled<
      typeof import('../../src/extensions/users-permissions/first-staff')
    >('src/extensions/users-permissions/first-staff');
    await Promise.all([ensureFirstStaff(app.strapi), ensureFirstStaff(app.strapi)]);
    expect(await users().orderBy('id')).toEqual(before);
  });

  it('makes one of two that start together', async () => {
    const { ensureFirstStaff } = compiled<
      typeof import('../../src/extensions/users-permissions/first-staff')
    >('src/extensions/users-permissions/first-staff');
    await users().delete();
    await Promise.all([
      ensureFirstStaff(app.strapi),
      ensureFirstStaff(app.strapi),
      ensureFirstStaff(app.strapi),
    ]);
    expect(await users().select('username')).toEqual([{ username: 'first-staff' }]);
  });

  it('does not take over an account that has the name', async () => {
    const { ensureFirstStaff } = compiled<
      typeof import('../../src/extensions/users-permissions/first-staff')
    >('src/extensions/users-permissions/first-staff');
    await users().update({ is_staff: false });
    const before = await users().orderBy('id');
    await ensureFirstStaff(app.strapi);
    expect(await users().orderBy('id')).toEqual(before);
  });
});

describe('a shop without WeChat settings', () => {
  it('says that signing in with a code is not available', async () => {
    const answer = await app.api('post', '/users/login').send({ code: 'any' });
    expect([answer.status, answer.body.error.details.code]).toEqual([503, 'UPSTREAM_UNAVAILABLE']);
  });
});
