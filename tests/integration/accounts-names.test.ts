/** A user name belongs to one account, however it is written. */
import { startApp, type TestApp } from '../support/app';
import { createStaff, signInShopper, signInWithPassword } from '../support/factories/accounts';
import { unique } from '../support/factories/catalogue';
import { panelUser } from '../support/factories/panel';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.stop());

/** An error of the driver's own kind, which `toThrow` takes for none. */
const namesTheIndex = { message: expect.stringContaining('shop_unique_user_username') };
const PASSWORD = 'one long password';

describe('user names', () => {
  it('that differ in case alone are the same name', async () => {
    const staff = await createStaff(app);
    const name = unique('Keeper');
    const create = (username: string) =>
      app.api('post', '/users', staff.token).send({ data: { username, password: PASSWORD } });
    expect((await create(name)).status).toBe(201);
    const again = await create(name.toUpperCase());
    expect([again.status, again.body.error?.details.errors[0].path]).toEqual([400, ['data', 'username']]);
    const shopper = await signInShopper(app);
    const rename = (username: string) =>
      app.api('put', '/users/me', shopper.token).send({ data: { username } });
    expect((await rename(name.toLowerCase())).status).toBe(400);
    // One's own may be written otherwise.
    const own = unique('shopper');
    expect((await rename(own)).status).toBe(200);
    expect((await rename(own.toUpperCase())).body.data.username).toBe(own.toUpperCase());
  });

  it('are kept apart by the database too', async () => {
    const insert = (username: string) =>
      app.strapi.db.connection('up_users').insert({
        document_id: unique('user').padEnd(24, '0'),
        username,
        email: `${unique('user')}@shop.invalid`,
      });
    const name = unique('raw');
    await insert(name);
    await expect(insert(name.toUpperCase())).rejects.toMatchObject(namesTheIndex);
  });

  it('sign in in any case, and so do e-mail addresses', async () => {
    const staff = await createStaff(app);
    const username = unique('Signer');
    const email = `${username}@shop.test`;
    const made = await app
      .api('post', '/users', staff.token)
      .send({ data: { username, email, password: PASSWORD } });
    expect(made.status).toBe(201);
    for (const identifier of [username, username.toUpperCase(), email.toUpperCase(), email.toLowerCase()]) {
      const { user } = await signInWithPassword(app, identifier, PASSWORD);
      expect(user.documentId).toBe(made.body.data.documentId);
    }
  });
});

describe('the panel', () => {
  const USERS = '/content-manager/collection-types/plugin::users-permissions.user';

  it('gives nobody a name that signs in as somebody else, and says why', async () => {
    const admin = await panelUser(app, 'superAdmin');
    const victim = { username: unique('Victim'), email: `${unique('victim')}@shop.test` };
    const staff = await createStaff(app);
    const made = await app
      .api('post', '/users', staff.token)
      .send({ data: { ...victim, password: PASSWORD } });
    expect(made.status).toBe(201);
    const { user } = await signInShopper(app);
    const change = (data: object) => admin.call('put', `${USERS}/${user.documentId}`).send(data);
    for (const [data, words] of [
      [{ username: victim.email }, /用户名.*letters, digits/],
      [{ username: 'ab' }, /用户名.*letters, digits/],
      [{ username: victim.username.toUpperCase() }, /已被其他账号使用.*another account/],
    ] as const) {
      const answer = await change(data);
      expect([data, answer.status, answer.body.error?.message]).toEqual([
        data,
        400,
        expect.stringMatching(words),
      ]);
      expect(answer.body.error.details.errors[0].path).toEqual(Object.keys(data));
    }
    expect((await change({ username: unique('free'), email: `${unique('free')}@shop.test` })).status).toBe(
      200,
    );
    // The form sends back what it was given, also a name we made that no person may choose.
    const { body } = await admin.call('get', `${USERS}/${user.documentId}`);
    expect((await change({ username: body.data.username, email: body.data.email })).status).toBe(200);
  });
});

describe('a database in which two names differ in case alone', () => {
  it('is not started with, and the refusal names the index', async () => {
    const { connection } = app.strapi.db;
    const name = unique('twin');
    const constraints = (await import('../support/app')).compiled<
      typeof import('../../database/constraints')
    >('database/constraints');
    await connection.raw('drop index shop_unique_user_username');
    for (const username of [name, name.toUpperCase()]) {
      await connection('up_users').insert({
        document_id: unique('user').padEnd(24, '0'),
        username,
        email: `${unique('user')}@shop.invalid`,
      });
    }
    const warn = () => undefined;
    await expect(constraints.applyConstraints(connection, warn)).rejects.toMatchObject(namesTheIndex);
    await connection('up_users').where('username', name.toUpperCase()).delete();
    await constraints.applyConstraints(connection, warn);
  });
});
