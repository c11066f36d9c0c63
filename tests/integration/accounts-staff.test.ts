import { compiled, startApp, type TestApp } from '../support/app';
import {
  createStaff,
  signInShopper,
  signInWithPassword,
  type SignedInClient,
} from '../support/factories/accounts';

let app: TestApp;
let staff: SignedInClient;
let superuser: SignedInClient;
beforeAll(async () => {
  app = await startApp();
  staff = await createStaff(app);
  superuser = await createStaff(app, { isSuperuser: true });
});
afterAll(() => app?.stop());

type Answer = {
  status: number;
  body: { error: { details: { code: string; errors?: { path: unknown[] }[] } } };
};
const codeOf = (answer: Answer) => [answer.status, answer.body.error.details.code];
const pathsOf = (answer: Answer) => answer.body.error.details.errors?.map(({ path }) => path);
const db = () => app.strapi.db.connection;
const rowOf = async (documentId: string) =>
  (await db()('up_users').where({ document_id: documentId }).first()) as Record<string, unknown>;
const me = (token: string) => app.api('get', '/users/me', token);
const update = (by: SignedInClient, of: SignedInClient, data: object) =>
  app.api('put', `/users/${of.user.documentId}`, by.token).send({ data });
let serial = 0;
const unique = (text: string) => `${text}${process.pid}x${(serial += 1)}`;

describe('the accounts', () => {
  it('are closed to everybody but staff', async () => {
    const shopper = await signInShopper(app);
    const other = await signInShopper(app);
    const path = `/users/${other.user.documentId}`;
    const calls = (token?: string) => [
      app.api('get', '/users', token),
      app.api('post', '/users', token).send({ data: { username: unique('new') } }),
      app.api('get', path, token),
      app.api('put', path, token).send({ data: { blocked: true } }),
      app.api('delete', path, token),
    ];
    for (const call of calls()) expect(codeOf(await call)).toEqual([401, 'UNAUTHENTICATED']);
    for (const call of calls(shopper.token)) expect(codeOf(await call)).toEqual([403, 'FORBIDDEN']);
    expect((await me(other.token)).status).toBe(200);
  });

  it('are listed by pages, filtered, searched, and without what must not leave', async () => {
    const shopper = await signInShopper(app);
    const phone = '13700000001';
    const { code } = app.sandbox.control.mintPhoneCode({ openid: shopper.openid, phone });
    await app.api('post', '/users/me/phone', shopper.token).send({ code });
    const list = async (text: string) => (await app.api('get', `/users${text}`, staff.token)).body;
    const [listed] = (await list(`?filters[phone]=${phone}`)).data;
    const read = await app.api('get', `/users/${shopper.user.documentId}`, staff.token);
    expect([listed.phone, read.body.data.phone]).toEqual(['137****0001', '137****0001']);
    expect((await me(shopper.token)).body.data.phone).toBe(phone);
    for (const text of [
      `?filters[phone]=${phone}`,
      `?filters[username][$eq]=${shopper.user.username}`,
      `?search=${phone.slice(3)}`,
      `?search=${shopper.user.username.slice(3, 20).toUpperCase()}`,
    ]) {
      const { data, meta } = await list(text);
      expect(data.map(({ documentId }: { documentId: string }) => documentId)).toEqual([
        shopper.user.documentId,
      ]);
      expect(meta.pagination).toEqual({ page: 1, pageSize: 20, pageCount: 1, total: 1 });
    }
    const all = await list('?pagination[size]=large&sort=username:asc');
    expect(all.data.length).toBeGreaterThan(2);
    expect(Object.keys(all.data[0]).sort()).toEqual([
      'avatarUrl',
      'blocked',
      'dateJoined',
      'documentId',
      'email',
      'isStaff',
      'lastLoginAt',
      'phone',
      'userType',
      'username',
    ]);
    expect(JSON.stringify(all)).not.toMatch(/\$2[aby]\$|\.invalid/);
    expect(JSON.stringify(all)).not.toContain(shopper.openid);
    const staffOnly = await list('?filters[isStaff]=true&filters[blocked]=false');
    expect(staffOnly.data.every(({ isStaff }: { isStaff: boolean }) => isStaff)).toBe(true);
    for (const text of [
      '?filters[password]=x',
      '?filters[openId]=x',
      '?sort=password',
      '?populate=role',
      '?fields=password',
    ]) {
      expect(codeOf(await app.api('get', `/users${text}`, staff.token))).toEqual([400, 'VALIDATION_FAILED']);
    }
  });

  it('are read one by one', async () => {
    const shopper = await signInShopper(app);
    const answer = await app.api('get', `/users/${shopper.user.documentId}`, staff.token);
    expect(answer.body.data).toEqual({ ...shopper.user, blocked: false });
    for (const id of ['nothing', '1', 'abcdefghijklmnopqrstuvwx']) {
      expect(codeOf(await app.api('get', `/users/${id}`, staff.token))).toEqual([404, 'NOT_FOUND']);
    }
  });
});

describe('creating an account', () => {
  const create = (by: SignedInClient, data: object) => app.api('post', '/users', by.token).send({ data });

  it('makes a shopper whose password is stored hashed', async () => {
    const username = unique('made');
    const answer = await create(staff, {
      username,
      password: 'a good password',
      email: `${username}@example.com`,
    });
    expect(answer.status).toBe(201);
    expect(answer.body.data).toMatchObject({
      username,
      email: `${username}@example.com`,
      isStaff: false,
      blocked: false,
    });
    expect((await rowOf(answer.body.data.documentId)).password).toMatch(/^\$2[aby]\$/);
    const client = await signInWithPassword(app, username, 'a good password');
    expect((await app.api('get', '/addresses', client.token)).status).toBe(200);
    expect((await app.api('get', '/users', client.token)).status).toBe(403);
  });

  it('makes staff only for a superuser', async () => {
    const username = unique('colleague');
    const input = { username, password: 'a good password', isStaff: true };
    expect(codeOf(await create(staff, input))).toEqual([403, 'FORBIDDEN']);
    expect((await create(superuser, input)).body.data).toMatchObject({ isStaff: true, userType: 'admin' });
    expect(
      (await app.api('get', '/users', (await signInWithPassword(app, username, 'a good password')).token))
        .status,
    ).toBe(200);
  });

  it('refuses what is taken, unknown or not allowed', async () => {
    const username = unique('once');
    expect((await create(staff, { username })).status).toBe(201);
    const taken = await create(staff, { username });
    expect(codeOf(taken)).toEqual([400, 'VALIDATION_FAILED']);
    expect(pathsOf(taken)).toEqual([['data', 'username']]);
    for (const wrong of [
      {},
      { username: 'x' },
      { username: unique('a'), isSuperuser: true },
      { username: unique('a'), password: 'short' },
      { username: unique('a'), openId: 'o' },
      { username: unique('a'), phone: '13800138000' },
    ]) {
      expect(codeOf(await create(superuser, wrong))).toEqual([400, 'VALIDATION_FAILED']);
    }
  });

  it('makes one account of two requests at once for the same name', async () => {
    const username = unique('twice');
    const answers = await Promise.all([create(staff, { username }), create(staff, { username })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 400]);
  });
});

describe('changing an account', () => {
  it('stores a new password hashed and ends the sessions of before', async () => {
    const shopper = await signInShopper(app);
    const username = unique('renamed');
    const answer = await update(staff, shopper, { username, password: 'set by staff' });
    expect([answer.status, answer.body.data.username]).toEqual([200, username]);
    expect((await rowOf(shopper.user.documentId)).password).toMatch(/^\$2[aby]\$/);
    expect(codeOf(await me(shopper.token))).toEqual([401, 'UNAUTHENTICATED']);
    await signInWithPassword(app, username, 'set by staff');
  });

  it('leaves the sessions alone when only the name changes', async () => {
    const shopper = await signInShopper(app);
    await update(staff, shopper, { username: unique('calm') });
    expect((await me(shopper.token)).status).toBe(200);
  });

  it('gives and takes the staff role for a superuser only; isStaff and role never disagree', async () => {
    const person = await signInShopper(app);
    expect(codeOf(await update(staff, person, { isStaff: true }))).toEqual([403, 'FORBIDDEN']);
    expect((await me(person.token)).status).toBe(200);

    expect((await update(superuser, person, { isStaff: true })).body.data.isStaff).toBe(true);
    expect(codeOf(await me(person.token))).toEqual([401, 'UNAUTHENTICATED']);
    const asStaff = await signInShopper(app, { openid: person.openid });
    expect(asStaff.user.isStaff).toBe(true);
    expect((await app.api('get', '/users', asStaff.token)).status).toBe(200);

    await update(superuser, person, { isStaff: false });
    const asShopper = await signInShopper(app, { openid: person.openid });
    expect(asShopper.user.isStaff).toBe(false);
    expect(codeOf(await app.api('get', '/users', asShopper.token))).toEqual([403, 'FORBIDDEN']);
  });

  it('acts on the next request, also for a role changed in the database', async () => {
    const person = await createStaff(app);
    expect((await app.api('get', '/users', person.token)).status).toBe(200);
    const { inTransaction } = compiled<typeof import('../../src/platform/database')>('src/platform/database');
    const { setRole } = compiled<typeof import('../../src/api/account/queries/user-rows')>(
      'src/api/account/queries/user-rows',
    );
    const { id } = await rowOf(person.user.documentId);
    await inTransaction((tx) => setRole(tx, Number(id), 'shopper'));
    expect(codeOf(await app.api('get', '/users', person.token))).toEqual([403, 'FORBIDDEN']);
  });

  it('of staff is a superuser’s business', async () => {
    const colleague = await createStaff(app);
    for (const data of [
      { blocked: true },
      { password: 'taken over' },
      { username: unique('mine') },
      { isStaff: false },
    ]) {
      expect(codeOf(await update(staff, colleague, data))).toEqual([403, 'FORBIDDEN']);
      expect(codeOf(await update(staff, superuser, data))).toEqual([403, 'FORBIDDEN']);
    }
    expect((await me(colleague.token)).status).toBe(200);
    expect((await update(superuser, colleague, { blocked: true })).status).toBe(200);
    expect(codeOf(await me(colleague.token))).toEqual([403, 'USER_BLOCKED']);
  });

  it('cannot block or demote oneself, nor make a superuser', async () => {
    expect(codeOf(await update(superuser, superuser, { blocked: true }))).toEqual([403, 'FORBIDDEN']);
    expect(codeOf(await update(superuser, superuser, { isStaff: false }))).toEqual([403, 'FORBIDDEN']);
    const shopper = await signInShopper(app);
    for (const data of [
      { isSuperuser: true },
      { role: 'staff' },
      { userType: 'admin' },
      { openId: 'o' },
      { phone: '13800138000' },
      { hasPassword: true },
      { id: 1 },
    ]) {
      expect(codeOf(await update(superuser, shopper, data))).toEqual([400, 'VALIDATION_FAILED']);
    }
    expect(
      codeOf(await app.api('put', '/users/abcdefghijklmnopqrstuvwx', staff.token).send({ data: {} })),
    ).toEqual([404, 'NOT_FOUND']);
    expect((await me(superuser.token)).status).toBe(200);
  });
});
