import { startApp, type TestApp } from '../support/app';
import { makeProduct } from '../support/factories/catalogue';
import { insertRaw, panelUser, type PanelUser, type PanelUserKind } from '../support/factories/panel';
import { insertSecrets, SECRETS } from '../support/factories/secrets';

const ROLES: PanelUserKind[] = ['merchant', 'superAdmin', 'readsAll', 'editor', 'author'];
/** Roles that may read orders at all. */
const READERS: PanelUserKind[] = ['merchant', 'superAdmin', 'readsAll'];
const TRADE = [
  'api::order.order',
  'api::order.order-history',
  'api::payment.payment',
  'api::payment.refund',
  'api::inventory.inventory-item',
  'api::inventory.inventory-log',
  'api::address.address',
  'api::notification.notification',
  'api::callback.callback-inbox',
  'api::outbox.outbox-message',
  'plugin::users-permissions.user',
];
const CATALOGUE = [
  'api::product.product',
  'api::category.category',
  'api::brand.brand',
  'api::discount.discount',
];
/** Not in the panel at all. */
const HIDDEN = [
  'api::cart.cart',
  'api::cart.cart-item',
  'api::payment.payment-allocation',
  'api::idempotency.idempotency-key',
];
const list = (uid: string, query = '') =>
  `/content-manager/collection-types/${uid}?page=1&pageSize=50${query}`;

describe('what the panel tells nobody', () => {
  let app: TestApp;
  const users = {} as Record<PanelUserKind, PanelUser>;
  const rows: Record<string, { id: number; documentId: string }> = {};

  beforeAll(async () => {
    app = await startApp();
    for (const kind of [...ROLES, 'noRights' as const]) users[kind] = await panelUser(app, kind);
    const userId = await insertSecrets(rows);
    const product = await makeProduct(app, { name: '有秘密的冰箱', stock: 2 });
    rows['api::product.product'] = { id: 0, documentId: product.documentId };
    const discount = await users.superAdmin
      .call('post', '/content-manager/collection-types/api::discount.discount')
      .send({
        name: '顾客专享',
        kind: 'percent',
        value: 10,
        appliesTo: 'all',
        audience: 'selected',
        users: { connect: [{ id: userId, documentId: rows['plugin::users-permissions.user']?.documentId }] },
      });
    expect(discount.status).toBe(201);
    rows['api::discount.discount'] = { id: 0, documentId: discount.body.data.documentId as string };
  });
  afterAll(() => app?.stop());

  const attributesOf = (uid: string) =>
    Object.entries(app.strapi.contentTypes[uid as 'api::order.order'].attributes) as [
      string,
      { type: string; target?: string },
    ][];
  const OF_EVERY_TYPE = new Set(['createdBy', 'updatedBy', 'localizations']);
  const relationsOf = (uid: string) =>
    attributesOf(uid)
      .filter(([name, { type }]) => type === 'relation' && !OF_EVERY_TYPE.has(name))
      .map(([name]) => name);
  /** Every secret of the list above that a text holds. */
  const told = (body: unknown): string[] => {
    const text = JSON.stringify(body);
    return Object.entries(SECRETS)
      .filter(([, secret]) => text.includes(secret))
      .map(([name]) => name);
  };
  const expectNothingTold = async (user: PanelUser, paths: string[], mustAnswer = false): Promise<void> => {
    const leaks: string[] = [];
    for (const path of paths) {
      const { status, body } = await user.call('get', path);
      const secrets = told(body);
      if (secrets.length > 0) leaks.push(`${path}: ${secrets.join(', ')}`);
      if (status >= 500 || (mustAnswer && status !== 200)) leaks.push(`${path}: ${status}`);
    }
    expect(leaks).toEqual([]);
  };

  describe.each(ROLES)('%s', (kind) => {
    it('is told no secret in any list or form, also where everything is to be filled in', async () => {
      const paths = [...TRADE, ...CATALOGUE, ...HIDDEN].flatMap((uid) => [
        list(uid),
        list(uid, '&populate=*'),
        // Who is refused the list is refused it however it is asked for.
        ...(READERS.includes(kind) ? relationsOf(uid) : []).flatMap((name) => [
          list(uid, `&populate[${name}][populate]=*`),
          list(uid, `&populate[${name}][fields][0]=openId&populate[${name}][fields][1]=payerOpenId`),
        ]),
        `/content-manager/collection-types/${uid}/${rows[uid]?.documentId ?? 'none'}`,
        `/content-manager/collection-types/${uid}/${rows[uid]?.documentId ?? 'none'}?populate=*`,
      ]);
      await expectNothingTold(users[kind], paths);
    });

    it('is told no secret by any relation, of those that are set and of those that could be', async () => {
      const paths = [...TRADE, ...CATALOGUE].flatMap((uid) =>
        [...relationsOf(uid), 'updatedBy'].flatMap((name) => [
          `/content-manager/relations/${uid}/${name}?pageSize=20`,
          `/content-manager/relations/${uid}/${name}?pageSize=20&fields[0]=openId&populate=*`,
          `/content-manager/relations/${uid}/${rows[uid]?.documentId ?? 'none'}/${name}?pageSize=20`,
        ]),
      );
      await expectNothingTold(users[kind], paths);
    });

    it('is told no secret by the home page, the media library or another door with rows', async () => {
      await expectNothingTold(users[kind], [
        '/content-manager/homepage/recent-documents?action=update',
        '/upload/files?page=1&pageSize=10&populate=*',
        `/i18n/content-manager/fill-from-locale/api::product.product?documentId=${rows['api::product.product']?.documentId}&sourceLocale=zh-Hans&targetLocale=en`,
        '/users-permissions/roles',
        '/admin/users?page=1&pageSize=10',
      ]);
    });

    it('learns nothing from filters, sorts and searches: they are refused, or say the same of what is and what is not', async () => {
      const guesses: [uid: string, prefix: string, field: string, right: string][] = [
        ['api::order.order', '[user]', 'openId', 'oSECRET'],
        ['api::order.order', '[user]', 'phone', '13900'],
        ['api::order.order-history', '[order][user]', 'unionId', 'uSECRET'],
        ['api::payment.payment', '', 'payerOpenId', 'oSECRET'],
        ['api::payment.payment', '', 'request', 'SECRET'],
        ['api::payment.refund', '[payment]', 'payerOpenId', 'oSECRET'],
        ['api::payment.refund', '[payment]', 'request', 'SECRET'],
        ['api::address.address', '', 'phone', '13811'],
        ['api::address.address', '[user]', 'openId', 'oSECRET'],
        ['api::notification.notification', '[user]', 'resetPasswordToken', 'SECRET'],
        ['api::callback.callback-inbox', '', 'rawBody', 'SECRET'],
        ['api::discount.discount', '[users]', 'openId', 'oSECRET'],
        ['plugin::users-permissions.user', '', 'openId', 'oSECRET'],
        ['plugin::users-permissions.user', '', 'password', 'SECRET'],
      ];
      const learned: string[] = [];
      for (const [uid, prefix, field, right] of guesses) {
        for (const shape of [
          (value: string) => list(uid, `&filters${prefix}[${field}][$startsWith]=${value}`),
          (value: string) =>
            list(uid, `&filters[$and][0][$or][0][$not]${prefix}[${field}][$startsWith]=${value}`),
          (value: string) => list(uid, `&_q=${value}`),
        ]) {
          const hit = await users[kind].call('get', shape(right));
          const miss = await users[kind].call('get', shape('nothing-like-it'));
          const same =
            hit.status === miss.status && hit.body.pagination?.total === miss.body.pagination?.total;
          if (!same || hit.status >= 500) learned.push(shape(right));
        }
      }
      expect(learned).toEqual([]);
    });

    it('cannot pick shoppers for a discount by what nobody is told', async () => {
      const path = '/content-manager/relations/api::discount.discount/users?pageSize=10';
      for (const query of [
        '&filters[openId][$startsWith]=',
        '&_q=',
        '&_q=&_filter=$startsWith&sort=openId:ASC',
      ]) {
        const ask = (value: string) => users[kind].call('get', `${path}${query.replace('=', `=${value}`)}`);
        const [hit, miss] = [await ask('oSECRET'), await ask('nothing-like-it')];
        expect([query, hit.status, hit.body.pagination?.total]).toEqual([
          query,
          miss.status,
          miss.body.pagination?.total,
        ]);
      }
    });
  });

  it('sorts by nothing secret', async () => {
    const second = await insertRaw('plugin::users-permissions.user', {
      username: 'another',
      email: 'another@shop.test',
      provider: 'local',
      openId: 'aaa-first',
    });
    await insertRaw('api::notification.notification', {
      userId: second.id,
      audience: 'user',
      type: 'system',
      title: '通知',
    });
    for (const kind of READERS) {
      for (const sort of ['sort=user.openId', 'sort[user][openId]', 'sort[0]=user.openId']) {
        const query = (way: string) => (sort.includes('=') ? `&${sort}:${way}` : `&${sort}=${way}`);
        const [up, down] = [
          await users[kind].call('get', list('api::notification.notification', query('asc'))),
          await users[kind].call('get', list('api::notification.notification', query('desc'))),
        ];
        const order = ({ body }: typeof up) => body.results?.map(({ id }: { id: number }) => id);
        expect([kind, sort, up.status, order(up)]).toEqual([kind, sort, down.status, order(down)]);
      }
    }
  });

  it.each(READERS)('still shows %s whose order, payment and refund it is', async (kind) => {
    const orders = await users[kind].call('get', list('api::order.order'));
    expect(orders.body.results[0]).toMatchObject({ orderNumber: 'OKEPT1', user: { username: 'keeper' } });
    const refunds = await users[kind].call('get', list('api::payment.refund'));
    expect(refunds.body.results[0]).toMatchObject({
      payment: { paymentNumber: 'PKEPT1' },
      order: { orderNumber: 'OKEPT1' },
    });
    const mine = await users[kind].call(
      'get',
      list('api::order.order', '&filters[user][username][$eq]=keeper'),
    );
    expect(mine.body.pagination.total).toBe(1);
    const found = await users[kind].call('get', list('api::order.order', '&_q=OKEPT'));
    expect(found.body.pagination.total).toBe(1);
  });

  it('shows of a row that is pointed at only what its reader may read of that type', async () => {
    const roles = app.strapi.service('admin::role') as unknown as {
      create(attributes: object): Promise<{ id: number }>;
      assignPermissions(roleId: number, permissions: object[]): Promise<unknown>;
    };
    const { id } = await roles.create({ name: '发货员', code: 'only-orders', description: '' });
    await roles.assignPermissions(id, [
      {
        action: 'plugin::content-manager.explorer.read',
        subject: 'api::order.order',
        properties: { fields: ['orderNumber', 'user'] },
        conditions: [],
      },
    ]);
    await app.strapi.db
      .query('admin::user')
      .update({ where: { id: users.noRights.id }, data: { roles: [id] } });
    const answer = await users.noRights.call('get', list('api::order.order'));
    expect(answer.body.results[0]).toMatchObject({
      orderNumber: 'OKEPT1',
      user: { documentId: expect.any(String) },
    });
    expect(Object.keys(answer.body.results[0].user as object)).not.toEqual(
      expect.arrayContaining(['username']),
    );
    for (const query of [
      '&filters[user][username][$eq]=keeper',
      '&sort=user.email:asc',
      '&populate[user][filters][email][$contains]=k',
    ])
      expect([query, (await users.noRights.call('get', list('api::order.order', query))).status]).toEqual([
        query,
        403,
      ]);
    // A search looks into what the reader may read, not into what the table holds.
    expect(
      (await users.noRights.call('get', list('api::order.order', '&_q=OKEPT'))).body.pagination.total,
    ).toBe(1);
    const total = (await users.noRights.call('get', list('api::order.order', '&_q=none'))).body.pagination
      .total;
    expect(total).toBe(0);
  });

  describe('Strapi’s own roles Editor and Author', () => {
    it.each(['editor', 'author'] as const)('%s keeps the catalogue and is shown no trade', async (kind) => {
      for (const uid of CATALOGUE)
        expect([uid, (await users[kind].call('get', list(uid))).status]).toEqual([uid, 200]);
      for (const uid of [...TRADE, ...HIDDEN])
        expect([uid, (await users[kind].call('get', list(uid))).status]).toEqual([uid, 403]);
      expect((await users[kind].call('get', '/back-office/work-list')).status).toBe(403);
    });

    it('are given back what an administrator gives them, also after a restart', async () => {
      const roles = app.strapi.service('admin::role') as unknown as {
        findOne(where: object): Promise<{ id: number }>;
        addPermissions(roleId: number, permissions: object[]): Promise<unknown>;
      };
      const { id } = await roles.findOne({ code: 'strapi-editor' });
      await roles.addPermissions(id, [
        {
          action: 'plugin::content-manager.explorer.read',
          subject: 'api::order.order',
          properties: { fields: ['orderNumber'] },
          conditions: [],
          actionParameters: {},
        },
      ]);
      const { bootstrapBackOffice } = (await import('../support/app')).compiled<
        typeof import('../../src/api/back-office/panel')
      >('src/api/back-office/panel');
      await bootstrapBackOffice(app.strapi);
      expect((await users.editor.call('get', list('api::order.order'))).status).toBe(200);
    });
  });
});
