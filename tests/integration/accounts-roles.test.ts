import { compiled, startApp, type TestApp } from '../support/app';
import { createStaff, signInShopper } from '../support/factories/accounts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.stop());

const USER = 'plugin::users-permissions.user';
const db = () => app.strapi.db.connection;
const grants = () =>
  compiled<typeof import('../../src/extensions/users-permissions/grants')>(
    'src/extensions/users-permissions/grants',
  );
const roles = () =>
  compiled<typeof import('../../src/extensions/users-permissions/sync-roles')>(
    'src/extensions/users-permissions/sync-roles',
  );
const rowOf = async (documentId: string) =>
  (await db()('up_users').where({ document_id: documentId }).first()) as Record<string, unknown>;

interface StoredRole {
  id: number;
  type: string;
  permissions: { id: number; action: string }[];
}
const storedRoles = async () =>
  (await app.strapi.db
    .query('plugin::users-permissions.role')
    .findMany({ populate: ['permissions'], orderBy: 'id' })) as StoredRole[];
const permissionIds = async () =>
  (await storedRoles()).flatMap(({ permissions }) => permissions.map(({ id }) => id)).sort();

describe('the grants', () => {
  it('grow from public to shopper to staff', () => {
    const { public: everybody, shopper, staff } = grants().GRANTS;
    for (const action of everybody) expect(shopper.has(action)).toBe(true);
    for (const action of shopper) expect(staff.has(action)).toBe(true);
    expect([everybody.size, shopper.size, staff.size]).toEqual(
      [everybody.size, shopper.size, staff.size].sort((a, b) => a - b),
    );
  });

  it('name actions that exist: every granted action exists', () => {
    expect(roles().findMissingActions(app.strapi)).toEqual([]);
  });

  it('cover every action of the shop: no route is closed to everybody by mistake', () => {
    const routes = Object.values(app.strapi.apis).flatMap((api) =>
      Object.values(
        api.routes as Record<string, { routes: { handler: unknown; config?: { auth?: unknown } }[] }>,
      ).flatMap((router) => router.routes),
    );
    const closed = routes
      .filter(({ config }) => config?.auth !== false)
      .map(({ handler }) => handler)
      .filter(
        (handler): handler is string => typeof handler === 'string' && !grants().GRANTS.staff.has(handler),
      );
    expect(closed).toEqual([]);
  });

  it('stand in the database as in the code, for exactly three roles', async () => {
    const stored = await storedRoles();
    expect(stored.map(({ type }) => type).sort()).toEqual(['public', 'shopper', 'staff']);
    const missing = new Set(roles().findMissingActions(app.strapi));
    for (const { type, permissions } of stored) {
      const granted = grants().GRANTS[type as 'public'];
      expect(permissions.map(({ action }) => action).sort()).toEqual(
        [...granted].filter((action) => !missing.has(action)).sort(),
      );
    }
  });

  it('are synced without touching a row that is right', async () => {
    const before = await permissionIds();
    await roles().syncRoles(app.strapi);
    expect(await permissionIds()).toEqual(before);
  });

  it('lose what is surplus, get what is missing, and once only when two processes sync', async () => {
    const [first, ...rest] = await storedRoles();
    await app.strapi.db
      .query('plugin::users-permissions.permission')
      .create({ data: { action: 'plugin::upload.content-api.upload', role: first?.id } });
    const gone = rest[0]?.permissions[0];
    await app.strapi.db.query('plugin::users-permissions.permission').delete({ where: { id: gone?.id } });
    await Promise.all([roles().syncRoles(app.strapi), roles().syncRoles(app.strapi)]);
    const actions = (await storedRoles()).map(
      ({ type, permissions }) => [type, permissions.map(({ action }) => action)] as const,
    );
    for (const [, names] of actions) {
      expect(names).not.toContain('plugin::upload.content-api.upload');
      expect(new Set(names).size).toBe(names.length);
    }
    expect(actions.flatMap(([, names]) => names)).toContain(gone?.action);
  });

  it('turn Strapi’s built-in role into the shopper’s, with its users', async () => {
    const shopper = await signInShopper(app);
    const query = app.strapi.db.query('plugin::users-permissions.role');
    const builtIn = await query.create({ data: { name: 'Authenticated', type: 'authenticated' } });
    const { id } = await rowOf(shopper.user.documentId);
    await app.strapi.db.query(USER).update({ where: { id }, data: { role: builtIn.id } });
    await roles().syncRoles(app.strapi);
    expect(await query.findOne({ where: { type: 'authenticated' } })).toBeNull();
    expect((await app.api('get', '/addresses', shopper.token)).status).toBe(200);
    const advanced = (await app.strapi
      .store({ type: 'plugin', name: 'users-permissions' })
      .get({ key: 'advanced' })) as object;
    expect(advanced).toMatchObject({ default_role: 'shopper', allow_register: false });
  });

  it('are not widened by rows in the database', async () => {
    const publicRole = (await storedRoles()).find(({ type }) => type === 'public');
    await app.strapi.db
      .query('plugin::users-permissions.permission')
      .create({ data: { action: 'api::account.account.find', role: publicRole?.id } });
    expect((await app.api('get', '/users')).status).toBe(401);
    await roles().syncRoles(app.strapi);
  });
});

describe('what the admin panel does with a user', () => {
  const documents = () => app.strapi.documents(USER);
  const roleId = async (type: string) => (await storedRoles()).find((role) => role.type === type)?.id;

  it('keeps isStaff in step with the role and ends the sessions of before', async () => {
    const person = await signInShopper(app);
    const { documentId } = person.user;
    const staffRole = await roleId('staff');
    await documents().update({ documentId, data: { role: staffRole } as never });
    expect(Boolean((await rowOf(documentId)).is_staff)).toBe(true);
    expect((await app.api('get', '/users/me', person.token)).status).toBe(401);
    const back = await signInShopper(app, { openid: person.openid });
    expect((await app.api('get', '/users', back.token)).status).toBe(200);

    await documents().update({ documentId, data: { isStaff: false } as never });
    expect(Boolean((await rowOf(documentId)).is_staff)).toBe(true);
    await documents().update({ documentId, data: { role: await roleId('shopper'), isStaff: true } as never });
    expect(Boolean((await rowOf(documentId)).is_staff)).toBe(false);
  });

  it('ends the sessions of a user who is blocked or gets a new password', async () => {
    for (const data of [{ blocked: true }, { password: 'from the panel' }]) {
      const person = await signInShopper(app);
      await documents().update({ documentId: person.user.documentId, data: data as never });
      const sessions = await db()('strapi_sessions').where({
        user_id: String((await rowOf(person.user.documentId)).id),
        origin: 'users-permissions',
      });
      expect(sessions).toEqual([]);
    }
  });

  it('leaves the sessions alone when it changes a name', async () => {
    const person = await signInShopper(app);
    await documents().update({
      documentId: person.user.documentId,
      data: { username: `panel-${person.user.documentId}` } as never,
    });
    expect((await app.api('get', '/users/me', person.token)).status).toBe(200);
  });

  it.each(['openId', 'unionId', 'phone'])(
    'cannot type in %s, and may send it back unchanged',
    async (field) => {
      const person = await signInShopper(app, { unionid: `u-${field}` });
      const { documentId } = person.user;
      const before = await rowOf(documentId);
      await expect(
        documents().update({ documentId, data: { [field]: 'typed in' } as never }),
      ).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
      const column = field.replace('Id', '_id').toLowerCase();
      await documents().update({
        documentId,
        data: { [field]: before[column], username: `same-${field}` } as never,
      });
      expect((await rowOf(documentId))[column]).toBe(before[column]);
    },
  );

  it('makes a shopper when no role is chosen', async () => {
    const created = (await documents().create({
      data: { username: 'from-the-panel', email: 'panel@example.com', password: 'from the panel' } as never,
    })) as { documentId: string };
    const answer = await app
      .api('post', '/users/login')
      .send({ identifier: 'from-the-panel', password: 'from the panel' });
    expect(answer.body.user).toMatchObject({ documentId: created.documentId, isStaff: false });
    expect((await app.api('get', '/addresses', answer.body.access)).status).toBe(200);
    await expect(
      documents().create({
        data: { username: 'typed-in', email: 'typed@example.com', openId: 'o1' } as never,
      }),
    ).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });

  it('does not change roles: they are kept in the code', () => {
    const role = app.strapi.plugin('users-permissions').controller('role') as Record<string, () => unknown>;
    for (const action of ['createRole', 'updateRole', 'deleteRole']) {
      expect(() => role[action]?.()).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
    }
  });
});

describe('a request of somebody signed in', () => {
  it('costs one statement to know who asks, an anonymous one none', async () => {
    const staff = await createStaff(app);
    const statements: string[] = [];
    const note = ({ sql }: { sql: string }) => statements.push(sql);
    db().on('query', note);
    await app.api('get', '/notifications/nothing', staff.token);
    const answer = await app.api('post', '/notifications/nothing/read', staff.token).send({});
    expect(answer.status).toBe(404);
    const forOne = statements.length;
    await app.api('get', '/users');
    db().removeListener('query', note);
    expect(forOne).toBe(1);
    expect(statements).toHaveLength(forOne);
  });
});
