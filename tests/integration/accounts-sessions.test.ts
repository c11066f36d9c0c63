import { createHmac } from 'node:crypto';

import { startApp, type TestApp } from '../support/app';
import { createStaff, signInShopper, type SignedInClient } from '../support/factories/accounts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.stop());

const me = (token: string) => app.api('get', '/users/me', token);
const refresh = (token: string) => app.api('post', '/users/refresh').send({ refresh: token });
const sessions = async (client: SignedInClient): Promise<number> => {
  const db = app.strapi.db.connection;
  const user = await db('up_users').where({ document_id: client.user.documentId }).first('id');
  return (await db('strapi_sessions').where({ user_id: String(user.id), origin: 'users-permissions' }))
    .length;
};
const codeOf = (answer: { status: number; body: { error: { details: { code: string } } } }) => [
  answer.status,
  answer.body.error.details.code,
];

const part = (value: object | string) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const payloadOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

/** A token signed with the shop's own secret. */
function sign(
  payload: object,
  secret = process.env.JWT_SECRET ?? '',
  header: object = { alg: 'HS256', typ: 'JWT' },
): string {
  const text = `${part(header)}.${part(payload)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

describe('an access token', () => {
  it('is refused as expired once it is', async () => {
    const shopper = await signInShopper(app);
    const claims = payloadOf(shopper.token);
    expect((await me(sign(claims))).status).toBe(200);
    expect(codeOf(await me(sign({ ...claims, exp: Math.floor(Date.now() / 1000) - 1 })))).toEqual([
      401,
      'TOKEN_EXPIRED',
    ]);
  });

  it.each([
    ['no token at all', () => ''],
    ['an unknown API token', () => 'Bearer 0123456789abcdef'],
    ['another scheme', (token: string) => `Basic ${token}`],
    ['a token and more', (token: string) => `Bearer ${token} ${token}`],
    ['a wrong signature', (token: string) => `Bearer ${sign(payloadOf(token), 'another secret')}`],
    [
      'a changed payload',
      (token: string) =>
        `Bearer ${token.split('.')[0]}.${part({ ...payloadOf(token), userId: '2' })}.${token.split('.')[2]}`,
    ],
    ['no signature (alg none)', (token: string) => `Bearer ${part({ alg: 'none' })}.${token.split('.')[1]}.`],
    ['another algorithm', (token: string) => `Bearer ${sign(payloadOf(token), undefined, { alg: 'HS512' })}`],
    [
      'somebody else’s session',
      (token: string) => `Bearer ${sign({ ...payloadOf(token), userId: '999999' })}`,
    ],
    [
      'a session that never was',
      (token: string) => `Bearer ${sign({ ...payloadOf(token), sessionId: 'f'.repeat(32) })}`,
    ],
    ['no user', (token: string) => `Bearer ${sign({ ...payloadOf(token), userId: 'abc' })}`],
  ])('lets nobody in with %s', async (_, header) => {
    const { token } = await signInShopper(app);
    const request = app.api('get', '/users/me');
    const value = header(token);
    if (value !== '') void request.set('Authorization', value);
    expect(codeOf(await request)).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('is not a refresh token, nor the other way round', async () => {
    const shopper = await signInShopper(app);
    expect(codeOf(await me(shopper.refresh))).toEqual([401, 'UNAUTHENTICATED']);
    expect(codeOf(await refresh(shopper.token))).toEqual([401, 'UNAUTHENTICATED']);
    expect((await refresh(shopper.refresh)).status).toBe(200);
  });

  it('is looked at on routes for everybody too', async () => {
    const shopper = await signInShopper(app);
    expect((await app.api('get', '/brands', shopper.token)).status).toBe(200);
    await app.api('post', '/users/logout', shopper.token).send({});
    expect(codeOf(await app.api('get', '/brands', shopper.token))).toEqual([401, 'UNAUTHENTICATED']);
    expect((await app.api('get', '/brands')).status).toBe(200);
  });

  it('is not asked for where a new one is to be had', async () => {
    const shopper = await signInShopper(app);
    const expired = sign({ ...payloadOf(shopper.token), exp: 1 });
    const { code } = app.sandbox.control.mintLoginCode();
    expect((await app.api('post', '/users/login', expired).send({ code })).status).toBe(200);
    expect((await app.api('post', '/users/refresh', expired).send({ refresh: shopper.refresh })).status).toBe(
      200,
    );
  });
});

describe('refreshing', () => {
  it('answers a new pair; the access token of before stays good until it expires', async () => {
    const shopper = await signInShopper(app);
    const answer = await refresh(shopper.refresh);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ access: expect.any(String), refresh: expect.any(String) });
    expect(answer.body.refresh).not.toBe(shopper.refresh);
    expect((await me(answer.body.access)).status).toBe(200);
    expect((await me(shopper.token)).status).toBe(200);
    expect((await refresh(answer.body.refresh)).status).toBe(200);
  });

  it('ends the whole device when a spent token comes back, and no other device', async () => {
    const phone = await signInShopper(app);
    const tablet = await signInShopper(app, { openid: phone.openid });
    const next = await refresh(phone.refresh);
    expect(codeOf(await refresh(phone.refresh))).toEqual([401, 'UNAUTHENTICATED']);
    expect(codeOf(await me(next.body.access))).toEqual([401, 'UNAUTHENTICATED']);
    expect(codeOf(await refresh(next.body.refresh))).toEqual([401, 'UNAUTHENTICATED']);
    expect(codeOf(await me(phone.token))).toEqual([401, 'UNAUTHENTICATED']);
    expect((await me(tablet.token)).status).toBe(200);
    expect((await refresh(tablet.refresh)).status).toBe(200);
  });

  it('lets exactly one of several at once win, and takes the others for reuse', async () => {
    const shopper = await signInShopper(app);
    const answers = await Promise.all(Array.from({ length: 5 }, () => refresh(shopper.refresh)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401]);
    const winner = answers.find(({ status }) => status === 200);
    expect((await me(winner?.body.access)).status).toBe(401);
    expect(await sessions(shopper)).toBe(0);
  });

  it('refuses an expired token, a forged one, and what is none', async () => {
    const shopper = await signInShopper(app);
    const claims = payloadOf(shopper.refresh);
    expect(codeOf(await refresh(sign({ ...claims, exp: 1 })))).toEqual([401, 'TOKEN_EXPIRED']);
    expect(codeOf(await refresh(sign(claims, 'another secret')))).toEqual([401, 'UNAUTHENTICATED']);
    expect(codeOf(await refresh('rubbish'))).toEqual([401, 'UNAUTHENTICATED']);
    expect(await sessions(shopper)).toBe(1);
    for (const body of [{}, { refresh: 1 }, { refresh: '' }, { refresh: shopper.refresh, more: 1 }]) {
      expect(codeOf(await app.api('post', '/users/refresh').send(body))).toEqual([400, 'VALIDATION_FAILED']);
    }
  });
});

describe('logging out', () => {
  it('ends this device at once, its refresh tokens of before too', async () => {
    const phone = await signInShopper(app);
    const tablet = await signInShopper(app, { openid: phone.openid });
    const next = await refresh(phone.refresh);
    const answer = await app.api('post', '/users/logout', next.body.access).send({});
    expect([answer.status, answer.text]).toEqual([204, '']);
    for (const token of [phone.token, next.body.access])
      expect(codeOf(await me(token))).toEqual([401, 'UNAUTHENTICATED']);
    for (const token of [phone.refresh, next.body.refresh]) expect((await refresh(token)).status).toBe(401);
    expect((await me(tablet.token)).status).toBe(200);
  });

  it('ends every device when asked for', async () => {
    const phone = await signInShopper(app);
    const tablet = await signInShopper(app, { openid: phone.openid });
    const other = await signInShopper(app);
    expect((await app.api('post', '/users/logout', phone.token).send({ all: true })).status).toBe(204);
    for (const { token } of [phone, tablet]) expect((await me(token)).status).toBe(401);
    expect((await me(other.token)).status).toBe(200);
  });

  it('needs somebody to be signed in, and a body that means something', async () => {
    expect(codeOf(await app.api('post', '/users/logout').send({}))).toEqual([401, 'UNAUTHENTICATED']);
    const shopper = await signInShopper(app);
    expect(codeOf(await app.api('post', '/users/logout', shopper.token).send({ all: 'yes' }))).toEqual([
      400,
      'VALIDATION_FAILED',
    ]);
    expect((await app.api('post', '/users/logout', shopper.token)).status).toBe(204);
  });
});

describe('a blocked user', () => {
  it('is told so by every door, whatever the token', async () => {
    const staff = await createStaff(app);
    const shopper = await signInShopper(app);
    const blocked = await app
      .api('put', `/users/${shopper.user.documentId}`, staff.token)
      .send({ data: { blocked: true } });
    expect(blocked.body.data).toMatchObject({ documentId: shopper.user.documentId, blocked: true });
    expect(await sessions(shopper)).toBe(0);
    expect(codeOf(await me(shopper.token))).toEqual([403, 'USER_BLOCKED']);
    expect(codeOf(await refresh(shopper.refresh))).toEqual([403, 'USER_BLOCKED']);
    const { code } = app.sandbox.control.mintLoginCode({ openid: shopper.openid });
    expect(codeOf(await app.api('post', '/users/login').send({ code }))).toEqual([403, 'USER_BLOCKED']);
    expect(await sessions(shopper)).toBe(0);

    await app.api('put', `/users/${shopper.user.documentId}`, staff.token).send({ data: { blocked: false } });
    expect(codeOf(await me(shopper.token))).toEqual([401, 'UNAUTHENTICATED']);
    expect((await me((await signInShopper(app, { openid: shopper.openid })).token)).status).toBe(200);
  });

  it('gets no session in from a refresh that races the block', async () => {
    const staff = await createStaff(app);
    for (let round = 0; round < 4; round += 1) {
      const shopper = await signInShopper(app);
      await Promise.all([
        refresh(shopper.refresh),
        app.api('put', `/users/${shopper.user.documentId}`, staff.token).send({ data: { blocked: true } }),
      ]);
      expect(await sessions(shopper)).toBe(0);
    }
  });
});

describe('Strapi’s own API tokens', () => {
  it('keep working beside ours', async () => {
    const tokens = app.strapi.service('admin::api-token') as {
      create(input: object): Promise<{ accessKey: string }>;
    };
    const { accessKey } = await tokens.create({
      name: 'reader',
      description: '',
      type: 'full-access',
      kind: 'content-api',
      lifespan: null,
    });
    const answer = await app.api('get', '/users', accessKey);
    expect(answer.status).toBe(200);
    // No person stands behind it.
    expect(codeOf(await me(accessKey))).toEqual([401, 'UNAUTHENTICATED']);
  });
});
