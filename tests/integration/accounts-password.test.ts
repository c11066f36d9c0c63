import { startApp, type TestApp } from '../support/app';
import {
  createStaff,
  signInShopper,
  signInWithPassword,
  STAFF_PASSWORD,
} from '../support/factories/accounts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.stop());
afterEach(() => app.sandbox.control.clearFaults());

type Answer = {
  status: number;
  body: { error: { details: { code: string; errors?: { path: unknown[] }[] } } };
};
const codeOf = (answer: Answer) => [answer.status, answer.body.error.details.code];
const pathsOf = (answer: Answer) => answer.body.error.details.errors?.map(({ path }) => path);
const rowOf = async (documentId: string) =>
  (await app.strapi.db.connection('up_users').where({ document_id: documentId }).first()) as Record<
    string,
    unknown
  >;

describe('the password', () => {
  const change = (token: string, body: object) => app.api('put', '/users/me/password', token).send(body);

  it('can be set where there is none, and then signs in', async () => {
    const shopper = await signInShopper(app);
    expect((await change(shopper.token, { password: 'first password' })).status).toBe(204);
    const again = await signInWithPassword(app, shopper.user.username, 'first password');
    expect(again.user.documentId).toBe(shopper.user.documentId);
    expect((await rowOf(shopper.user.documentId)).password).toMatch(/^\$2[aby]\$/);
  });

  it('must be known to be changed, and ends the other devices', async () => {
    const staff = await createStaff(app);
    const elsewhere = await signInWithPassword(app, staff.user.username, STAFF_PASSWORD);
    const missing = await change(staff.token, { password: 'another password' });
    expect(pathsOf(missing)).toEqual([['currentPassword']]);
    const wrong = await change(staff.token, { currentPassword: 'wrong', password: 'another password' });
    expect(codeOf(wrong)).toEqual([401, 'INVALID_CREDENTIALS']);
    expect((await app.api('get', '/users/me', elsewhere.token)).status).toBe(200);

    expect(
      (await change(staff.token, { currentPassword: STAFF_PASSWORD, password: 'another password' })).status,
    ).toBe(204);
    expect((await app.api('get', '/users/me', staff.token)).status).toBe(200);
    expect((await app.api('get', '/users/me', elsewhere.token)).status).toBe(401);
    expect((await app.api('post', '/users/refresh').send({ refresh: elsewhere.refresh })).status).toBe(401);
    expect((await app.api('post', '/users/refresh').send({ refresh: staff.refresh })).status).toBe(200);
    await expect(signInWithPassword(app, staff.user.username, STAFF_PASSWORD)).rejects.toThrow('401');
    await signInWithPassword(app, staff.user.username, 'another password');
  });

  it.each([
    ['seven bytes', { password: '1234567' }],
    ['seventy-three bytes', { password: 'x'.repeat(73) }],
    ['seventy-five bytes of Chinese', { password: '密'.repeat(25) }],
    ['no text', { password: 12345678 }],
    ['nothing', {}],
    ['an unknown field', { password: 'long enough', role: 'staff' }],
  ])('refuses %s', async (_, body) => {
    const shopper = await signInShopper(app);
    expect(codeOf(await change(shopper.token, body))).toEqual([400, 'VALIDATION_FAILED']);
  });

  it('counts bytes, as bcrypt does', async () => {
    const shopper = await signInShopper(app);
    const password = '密'.repeat(24);
    expect((await change(shopper.token, { password })).status).toBe(204);
    await expect(signInWithPassword(app, shopper.user.username, '密'.repeat(23))).rejects.toThrow('401');
    await signInWithPassword(app, shopper.user.username, password);
  });

  it('leaves nothing of itself beside an idempotency key', async () => {
    const shopper = await signInShopper(app);
    const key = `password-${shopper.user.documentId}`;
    await change(shopper.token, { password: 'remember me not' }).set('Idempotency-Key', key);
    const row = await app.strapi.db.connection('idempotency_keys').where({ key }).first();
    const { createHash } = await import('node:crypto');
    const canonical = JSON.stringify(['PUT', '/api/v1/users/me/password', { password: 'remember me not' }]);
    expect(row.request_hash).toBeDefined();
    expect(row.request_hash).not.toBe(createHash('sha256').update(canonical).digest('hex'));
    expect(JSON.stringify(row)).not.toContain('remember me not');
  });
});
