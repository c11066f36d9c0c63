import supertest from 'supertest';

import { startApp, type TestApp } from '../support/app';
import { signInShopper } from '../support/factories/accounts';
import { panelUser, type PanelUser, insertRaw, rowsOf } from '../support/factories/panel';
import { panelUserWho } from '../support/factories/panel-roles';

const PERMISSIONS = ['read', 'settings', 'sync', 'push', 'replay'] as const;
type Permission = (typeof PERMISSIONS)[number];

/** Every route of the settings' part of the panel, with the one permission that opens it. */
const ROUTES: [method: 'get' | 'post' | 'put', path: string, permission: Permission][] = [
  ['get', '/overview', 'read'],
  ['get', '/settings', 'settings'],
  ['put', '/settings', 'settings'],
  ['post', '/settings/test', 'settings'],
  ['get', '/calls', 'read'],
  ['get', '/calls/1', 'read'],
  ['get', '/messages', 'read'],
  ['post', '/messages/nobody/replay', 'replay'],
  ['get', '/mappings', 'read'],
  ['put', '/mappings', 'sync'],
];

const TYPES = [
  'haier-api-log',
  'haier-sync-run',
  'haier-sync-item',
  'haier-mapping',
  'haier-setting',
  'haier-setting-change',
  'haier-token',
];

interface Route {
  method: string;
  path: string;
  config: { policies: unknown[] };
}

let app: TestApp;
let admin: PanelUser;
let merchant: PanelUser;
const people = {} as Record<Permission, PanelUser>;

beforeAll(async () => {
  app = await startApp();
  admin = await panelUser(app, 'superAdmin');
  merchant = await panelUser(app, 'merchant');
  for (const permission of PERMISSIONS)
    people[permission] = await panelUserWho(app, [`plugin::haier-integration.${permission}`]);
});
afterAll(() => app?.stop());

const call = (who: PanelUser, method: 'get' | 'post' | 'put', path: string) => {
  const request = who.call(method, `/haier-integration${path}`);
  return method === 'get' ? request : request.send({});
};

describe('the plugin’s routes for the panel', () => {
  it('all ask for a signed-in administrator with exactly one of the five permissions', () => {
    const { admin: router } = app.strapi.plugin('haier-integration').routes as unknown as {
      admin: { type: string; routes: Route[] };
    };
    expect(router.type).toBe('admin');
    expect(router.routes.length).toBeGreaterThanOrEqual(ROUTES.length);
    for (const { config } of router.routes)
      expect(config.policies).toEqual([
        'admin::isAuthenticatedAdmin',
        {
          name: 'admin::hasPermissions',
          config: {
            actions: [expect.stringMatching(/^plugin::haier-integration\.(read|settings|sync|push|replay)$/)],
          },
        },
      ]);
  });

  it.each(ROUTES)(
    '%s %s: 401 for nobody, 403 without the permission %s',
    async (method, path, permission) => {
      const url = `/haier-integration${path}`;
      expect((await supertest(app.url)[method](url)).status).toBe(401);
      const { token } = await signInShopper(app);
      const shopper = await supertest(app.url)[method](url).set('Authorization', `Bearer ${token}`);
      expect(shopper.status).toBe(401);
      for (const other of PERMISSIONS) {
        const { status, body } = await call(people[other], method, path);
        if (other === permission) expect([401, 403]).not.toContain(status);
        else {
          expect([other, status]).toEqual([other, 403]);
          expect(body).toMatchObject({ data: null, error: { status: 403, details: { code: 'FORBIDDEN' } } });
        }
      }
      expect([401, 403]).not.toContain((await call(admin, method, path)).status);
    },
  );

  it('are for the merchant, except accounts and dead messages', async () => {
    for (const [method, path, permission] of ROUTES) {
      const { status } = await call(merchant, method, path);
      const isOpen = ['read', 'sync', 'push'].includes(permission);
      expect([path, [401, 403].includes(status)]).toEqual([path, !isOpen]);
    }
  });

  it('are given by name, in both languages, to whoever keeps the roles', async () => {
    const { body } = await admin.call('get', '/admin/permissions');
    const ours = (body.data.sections.plugins as { action: string; displayName: string }[]).filter(
      ({ action }) => action.startsWith('plugin::haier-integration.'),
    );
    expect(ours.map(({ action }) => action.split('.')[1]).sort()).toEqual([...PERMISSIONS].sort());
    for (const { displayName } of ours) expect(displayName).toMatch(/\p{Script=Han}.* \/ [A-Z]/u);
  });

  it('are not below the shop’s REST prefix', async () => {
    for (const [method, path] of ROUTES)
      expect((await supertest(app.url)[method](`/api/v1/haier-integration${path}`)).status).toBe(404);
  });
});

describe('the plugin’s tables', () => {
  const uidOf = (type: string) => `plugin::haier-integration.${type}`;
  const SECRET = 'cipher-text-nobody-sees';
  let readsAll: PanelUser;

  beforeAll(async () => {
    readsAll = await panelUser(app, 'readsAll');
    await insertRaw(uidOf('haier-setting'), { key: 'guarded', value: { secrets: SECRET }, version: 1 });
    await insertRaw(uidOf('haier-token'), { account: 'guarded', token: SECRET, version: 1 });
    await insertRaw(uidOf('haier-api-log'), {
      system: 'haier',
      operation: 'readStock',
      outcome: 'ok',
      attempt: 1,
      durationMs: 1,
      requestBody: SECRET,
      calledAt: new Date(),
    });
  });

  it.each(TYPES)('%s: the content manager neither shows nor writes it, for anybody', async (type) => {
    const uid = uidOf(type);
    const before = await rowsOf(app, uid);
    const path = `/content-manager/collection-types/${uid}`;
    const id =
      (before[0] as { document_id?: string } | undefined)?.document_id ?? 'nobody00000000000000000000';
    for (const who of [admin, merchant, readsAll])
      for (const [method, at, body] of [
        ['get', `${path}?page=1&pageSize=10`],
        ['get', `${path}/${id}`],
        ['get', `/content-manager/single-types/${uid}`],
        ['post', path, {}],
        ['put', `${path}/${id}`, { key: 'x' }],
        ['delete', `${path}/${id}`],
        ['post', `${path}/actions/bulkDelete`, { documentIds: [id] }],
        ['post', `${path}/${id}/actions/publish`, {}],
        ['post', `${path}/clone/${id}`, {}],
      ] as const) {
        const answer = await who.call(method, at).send(body);
        expect([at, method, [400, 403, 404].includes(answer.status)]).toEqual([at, method, true]);
        expect(answer.text).not.toContain(SECRET);
      }
    expect(await rowsOf(app, uid)).toEqual(before);
  });

  it.each(TYPES)('%s: a right of the content manager does not open it either', async (type) => {
    const who = await panelUserWho(app, ['plugin::content-manager.explorer.read'], uidOf(type));
    const path = `/content-manager/collection-types/${uidOf(type)}`;
    expect((await who.call('get', `${path}?page=1&pageSize=10`)).status).toBe(403);
  });

  it.each(TYPES)('%s: has no route of Strapi’s REST', async (type) => {
    for (const path of [
      `/api/v1/${type}s`,
      `/api/v1/haier-integration/${type}s`,
      `/haier-integration/${type}s`,
    ]) {
      const { status, text } = await admin.call('get', path);
      expect([path, status]).toEqual([path, 404]);
      expect(text).not.toContain(SECRET);
    }
  });
});
