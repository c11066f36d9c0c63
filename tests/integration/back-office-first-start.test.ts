import { compiled, startApp, type TestApp } from '../support/app';
import { panelUser, type PanelUser, signInToPanel } from '../support/factories/panel';

type SyncViews = typeof import('../../src/api/back-office/views/sync-views');

interface Configuration {
  layouts: { list: string[]; edit: unknown[][] };
  settings: Record<string, unknown>;
  metadatas: Record<string, { edit: { mainField?: string }; list: Record<string, unknown> }>;
}

/** The answer of the panel's server, as the panel sends it back: without what it only shows. */
function asThePanelSaves({ settings, layouts, metadatas }: Configuration) {
  const saved = Object.entries(metadatas)
    .filter(([name]) => name !== 'documentId')
    .map(
      ([
        name,
        {
          edit,
          list: { mainField: _mainField, ...list },
        },
      ]) => [name, { edit, list }],
    );
  return { settings, layouts, metadatas: Object.fromEntries(saved) as Configuration['metadatas'] };
}

describe('what the code lays down and a restart brings back', () => {
  const FIRST = { FIRST_ADMIN_EMAIL: 'First@Shop.test', FIRST_ADMIN_PASSWORD: 'First-password-1' };
  let app: TestApp;

  interface RoleRow {
    id: number;
    code: string;
  }
  const role = async (code: string): Promise<RoleRow> =>
    (await app.strapi.db.query('admin::role').findOne({ where: { code } })) as RoleRow;
  const permissionsOf = async (code: string) => {
    const rows = await app.strapi.db
      .query('admin::permission')
      .findMany({ where: { role: { code } }, orderBy: 'id' });
    return rows.map(({ id, action, subject, properties }) => ({ id, action, subject, properties }));
  };
  /** What runs at every start, run once more. */
  const restart = async () => {
    const { bootstrapBackOffice } =
      compiled<typeof import('../../src/api/back-office/panel')>('src/api/back-office/panel');
    await bootstrapBackOffice(app.strapi);
  };

  beforeAll(async () => {
    app = await startApp(FIRST);
  });
  afterAll(() => app?.stop());

  it('makes the first super administrator of an empty database, who can sign in', async () => {
    await expect(
      signInToPanel(app, FIRST.FIRST_ADMIN_EMAIL.toLowerCase(), FIRST.FIRST_ADMIN_PASSWORD),
    ).resolves.toEqual(expect.any(String));
    const users = await app.strapi.db.query('admin::user').findMany({ populate: ['roles'] });
    expect(users).toHaveLength(1);
    expect(users[0].roles.map(({ code }: RoleRow) => code)).toEqual(['strapi-super-admin']);
  });

  it('never touches an administrator who is there', async () => {
    const before = await app.strapi.db.query('admin::user').findMany({});
    await restart();
    expect(await app.strapi.db.query('admin::user').findMany({})).toEqual(before);
  });

  it('changes nothing in the merchant’s role the second time, and nothing in the others ever', async () => {
    const before = await permissionsOf('shop-merchant');
    const editor = await permissionsOf('strapi-editor');
    expect(before.length).toBeGreaterThan(20);
    await restart();
    expect(await permissionsOf('shop-merchant')).toEqual(before);
    expect(await permissionsOf('strapi-editor')).toEqual(editor);
  });

  it('takes back rights somebody added to the merchant’s role, and gives back what was taken', async () => {
    const wanted = (await permissionsOf('shop-merchant'))
      .map(({ id: _id, ...rest }) => JSON.stringify(rest))
      .sort();
    const { id } = await role('shop-merchant');
    await app.strapi.db.query('admin::permission').create({
      data: {
        action: 'admin::users.create',
        role: id,
        properties: {},
        conditions: [],
        actionParameters: {},
      },
    });
    await app.strapi.db
      .query('admin::permission')
      .deleteMany({ where: { role: { code: 'shop-merchant' }, subject: 'api::brand.brand' } });
    await restart();
    expect(
      (await permissionsOf('shop-merchant')).map(({ id: _id, ...rest }) => JSON.stringify(rest)).sort(),
    ).toEqual(wanted);
  });

  it('is laid down once by processes that start together', async () => {
    const wanted = (await permissionsOf('shop-merchant')).map(({ id: _id, ...rest }) => JSON.stringify(rest));
    const { id } = await role('shop-merchant');
    const { connection } = app.strapi.db;
    for (let round = 0; round < 3; round += 1) {
      await app.strapi.db
        .query('admin::permission')
        .deleteMany({ where: { role: { code: 'shop-merchant' } } });
      await connection('admin_roles').where('code', 'shop-merchant').delete();
      await connection('strapi_core_store_settings').where('key', 'like', '%back-office%').delete();
      await Promise.all([restart(), restart(), restart()]);
      const roles = await connection('admin_roles').where('code', 'shop-merchant');
      expect(roles).toHaveLength(1);
      expect(roles[0].id).not.toBe(id);
      expect(
        (await permissionsOf('shop-merchant')).map(({ id: _id, ...rest }) => JSON.stringify(rest)).sort(),
      ).toEqual(wanted.sort());
      const stored = await connection('strapi_core_store_settings').where('key', 'like', '%back-office%');
      expect(new Set(stored.map(({ key }) => key as string)).size).toBe(stored.length);
    }
  });

  it('gives the super administrator every button', async () => {
    const actions = (await permissionsOf('strapi-super-admin')).map(({ action }) => action as string);
    for (const button of ['orders.work', 'refunds.decide', 'stock.adjust', 'messages.replay', 'work.read']) {
      expect(actions.filter((action) => action === `api::back-office.${button}`)).toHaveLength(1);
    }
  });

  describe('tables and forms', () => {
    const path = '/content-manager/content-types/api::brand.brand/configuration';
    let admin: PanelUser;
    const configuration = async () => (await admin.call('get', path)).body.data.contentType as Configuration;

    beforeAll(async () => {
      admin = await panelUser(app, 'superAdmin');
    });

    it('come from the code', async () => {
      expect((await configuration()).layouts.list).toEqual([
        'logo',
        'name',
        'order',
        'isActive',
        'updatedAt',
      ]);
      const order = (await admin.call('get', '/content-manager/content-types/api::order.order/configuration'))
        .body.data.contentType;
      expect(order.settings).toMatchObject({
        mainField: 'orderNumber',
        defaultSortBy: 'createdAt',
        defaultSortOrder: 'DESC',
        bulkable: false,
      });
      expect(order.metadatas.product.edit.mainField).toBe('name');
    });

    it('are all such as Strapi itself would save', async () => {
      const { VIEWS } = compiled<SyncViews>('src/api/back-office/views/sync-views');
      for (const uid of Object.keys(VIEWS)) {
        const address = `/content-manager/content-types/${uid}/configuration`;
        const current = (await admin.call('get', address)).body.data.contentType as Configuration;
        const answer = await admin.call('put', address).send(asThePanelSaves(current));
        expect([uid, answer.status, answer.body.error?.details]).toEqual([uid, 200, undefined]);
        expect(answer.body.data.contentType.layouts.list).toEqual(VIEWS[uid]?.list);
      }
    });

    it('keep what staff rearranged, until our own version changes', async () => {
      const layouts = { list: ['name', 'isActive'], edit: [[{ name: 'name', size: 12 }]] };
      const saved = await admin
        .call('put', path)
        .send({ ...asThePanelSaves(await configuration()), layouts });
      expect(saved.status).toBe(200);
      await restart();
      expect((await configuration()).layouts.list).toEqual(['name', 'isActive']);

      const { syncViews, VIEWS } = compiled<SyncViews>('src/api/back-office/views/sync-views');
      const brand = VIEWS['api::brand.brand'];
      if (brand === undefined) throw new Error('brands have no view');
      await syncViews(app.strapi, { ...VIEWS, 'api::brand.brand': { ...brand, list: ['name', 'order'] } });
      expect((await configuration()).layouts.list).toEqual(['name', 'order']);
    });
  });
});
