import { compiled, startApp, type TestApp } from '../support/app';
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

const login = (body: object | string) => app.api('post', '/users/login').send(body);
const userRows = async (openId: string) =>
  (await app.strapi.db.connection('up_users').where({ open_id: openId })) as Record<string, unknown>[];

describe('signing in with a WeChat code', () => {
  it('makes a shopper of an unknown openid and answers both tokens and the user', async () => {
    const { code, openid } = app.sandbox.control.mintLoginCode();
    const answer = await login({ code });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      access: expect.any(String),
      refresh: expect.any(String),
      user: {
        documentId: expect.any(String),
        username: expect.stringMatching(/^wx_/),
        email: null,
        phone: null,
        avatarUrl: null,
        userType: 'wechat',
        isStaff: false,
        lastLoginAt: expect.any(String),
        dateJoined: expect.any(String),
      },
    });
    expect(answer.headers['cache-control']).toBe('no-store');
    const me = await app.api('get', '/users/me', answer.body.access);
    expect(me.body.data).toEqual(answer.body.user);
    const [row] = await userRows(openid);
    expect(row?.username).not.toContain(openid);
    expect(row).toMatchObject({ password: null });
  });

  it('knows the openid the next time', async () => {
    const first = await signInShopper(app);
    const second = await signInShopper(app, { openid: first.openid });
    expect(second.user.documentId).toBe(first.user.documentId);
    expect(second.token).not.toBe(first.token);
    expect((await app.api('get', '/users/me', first.token)).status).toBe(200);
  });

  it('stores a union id that appears later', async () => {
    const { openid } = await signInShopper(app);
    await signInShopper(app, { openid, unionid: `union-${openid}` });
    expect((await userRows(openid))[0]?.union_id).toBe(`union-${openid}`);
  });

  it('makes one user of two first sign-ins at once', async () => {
    const { openid } = app.sandbox.control.mintLoginCode();
    const codes = Array.from({ length: 6 }, () => app.sandbox.control.mintLoginCode({ openid }).code);
    const answers = await Promise.all(codes.map((code) => login({ code })));
    expect(answers.map(({ status }) => status)).toEqual(codes.map(() => 200));
    expect(new Set(answers.map(({ body }) => body.user.documentId)).size).toBe(1);
    expect(await userRows(openid)).toHaveLength(1);
    for (const { body } of answers) expect((await app.api('get', '/users/me', body.access)).status).toBe(200);
  });

  it('refuses an unknown code and one that was used', async () => {
    const { code } = app.sandbox.control.mintLoginCode();
    expect((await login({ code })).status).toBe(200);
    for (const bad of [code, 'no-such-code']) {
      const answer = await login({ code: bad });
      expect(answer.status).toBe(401);
      expect(answer.body.error.details.code).toBe('INVALID_CREDENTIALS');
    }
  });

  it.each([
    ['busy', { kind: 'business', errcode: -1 }, 503, 'UPSTREAM_UNAVAILABLE'],
    ['over quota', { kind: 'business', errcode: 45011 }, 503, 'UPSTREAM_UNAVAILABLE'],
    ['sure that the app is not ours', { kind: 'business', errcode: 40125 }, 502, 'UPSTREAM_FAILED'],
    ['talking rubbish', { kind: 'rubbish' }, 502, 'UPSTREAM_FAILED'],
    ['breaking down', { kind: 'status', status: 500 }, 503, 'UPSTREAM_UNAVAILABLE'],
    ['not there', { kind: 'refuse-connection' }, 503, 'UPSTREAM_UNAVAILABLE'],
    ['against this person', { kind: 'business', errcode: 40226 }, 403, 'FORBIDDEN'],
  ] as const)('says so when WeChat is %s', async (_, fault, status, code) => {
    app.sandbox.control.addFault({ host: 'api', path: '/sns/', times: 1, ...fault });
    const answer = await login({ code: app.sandbox.control.mintLoginCode().code });
    expect([answer.status, answer.body.error.details.code]).toEqual([status, code]);
  });

  it('never stores nor answers the session key', async () => {
    const { code, openid } = app.sandbox.control.mintLoginCode();
    const answer = await login({ code });
    const [row] = await userRows(openid);
    expect(JSON.stringify([answer.body, row])).not.toMatch(/session_?key/i);
    // 16 bytes in base64, as the sandbox makes them.
    expect(JSON.stringify([answer.body.user, row])).not.toMatch(/[\w+/]{22}==/);
  });
});

describe('signing in with a password', () => {
  it('takes the user name, or the e-mail in any case', async () => {
    const staff = await createStaff(app);
    const email = `${staff.user.documentId}@example.com`;
    expect((await app.api('put', '/users/me', staff.token).send({ data: { email } })).status).toBe(200);
    const answer = await login({ identifier: email.toUpperCase(), password: STAFF_PASSWORD });
    expect(answer.status).toBe(200);
    expect(answer.body.user).toMatchObject({ documentId: staff.user.documentId, email, isStaff: true });
    expect((await signInWithPassword(app, staff.user.username, STAFF_PASSWORD)).user.documentId).toBe(
      staff.user.documentId,
    );
  });

  it('gives a wrong password and an unknown account the same answer', async () => {
    const staff = await createStaff(app);
    const wrong = await login({ identifier: staff.user.username, password: 'not this one' });
    const unknown = await login({ identifier: 'nobody-here', password: 'not this one' });
    for (const answer of [wrong, unknown]) {
      expect(answer.status).toBe(401);
      expect(answer.body.error.details.code).toBe('INVALID_CREDENTIALS');
    }
    expect(wrong.body.error.message).toBe(unknown.body.error.message);
  });

  it('compares a password for unknown accounts too', async () => {
    const { passwordFits, hashPassword } = compiled<
      typeof import('../../src/api/account/services/passwords')
    >('src/api/account/services/passwords');
    expect(await passwordFits('secret words', await hashPassword('secret words'))).toBe(true);
    const time = async (hash: string | null) => {
      const start = process.hrtime.bigint();
      expect(await passwordFits('secret words', hash)).toBe(false);
      return Number(process.hrtime.bigint() - start);
    };
    const real = await time(await hashPassword('other words'));
    const none = await time(null);
    expect(none).toBeGreaterThan(real / 4);
  });

  it('never lets in an account without a password, and sets none by trying', async () => {
    const shopper = await signInShopper(app);
    for (const password of ['', 'null', 'undefined', 'a password']) {
      const answer = await login({ identifier: shopper.user.username, password });
      expect([400, 401]).toContain(answer.status);
    }
    expect((await userRows(shopper.openid))[0]?.password).toBeNull();
  });

  it('tells a blocked account, and only whoever knows the password', async () => {
    const staff = await createStaff(app);
    await app.strapi.db
      .connection('up_users')
      .where({ document_id: staff.user.documentId })
      .update({ blocked: true });
    const right = await login({ identifier: staff.user.username, password: STAFF_PASSWORD });
    expect([right.status, right.body.error.details.code]).toEqual([403, 'USER_BLOCKED']);
    expect((await login({ identifier: staff.user.username, password: 'wrong' })).status).toBe(401);
  });
});

describe('what is not a sign-in', () => {
  it.each([
    ['nothing', {}],
    ['both kinds at once', { code: 'c', identifier: 'a', password: 'b' }],
    ['half a password sign-in', { identifier: 'somebody' }],
    ['an unknown field', { code: 'c', role: 'staff' }],
    ['a number as code', { code: 1 }],
    ['an object as identifier', { identifier: { $ne: null }, password: 'x' }],
    ['an empty code', { code: '' }],
    ['a control character', { code: 'a\u0000b' }],
    ['an endless code', { code: 'x'.repeat(5000) }],
    ['a password too long to be one', { identifier: 'somebody', password: 'x'.repeat(5000) }],
  ])('refuses %s', async (_, body) => {
    const answer = await login(body);
    expect(answer.status).toBe(400);
    expect(answer.body.error.details).toMatchObject({ code: 'VALIDATION_FAILED', errors: expect.any(Array) });
  });

  it('has no door of the plugin left beside it', async () => {
    for (const path of [
      '/auth/local',
      '/auth/local/register',
      '/auth/forgot-password',
      '/auth/refresh',
      '/auth/logout',
    ]) {
      expect([404, 405]).toContain((await app.api('post', path).send({})).status);
    }
    const shopper = await signInShopper(app);
    for (const path of ['/auth/sessions', '/users-permissions/roles', '/users/count']) {
      expect([403, 404]).toContain((await app.api('get', path, shopper.token)).status);
    }
  });
});
