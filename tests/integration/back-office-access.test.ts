import { startApp, type TestApp } from '../support/app';
import { createStaff, signInShopper } from '../support/factories/accounts';
import { makeProduct } from '../support/factories/catalogue';
import {
  insertRaw,
  oneOfEachGuardedType,
  panelUser,
  type PanelUser,
  rowsOf,
} from '../support/factories/panel';

const SEEN = [
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
const PRODUCTS = '/content-manager/collection-types/api::product.product';
const BRANDS = '/content-manager/collection-types/api::brand.brand';

describe('who may do what in the panel', () => {
  let app: TestApp;
  let merchant: PanelUser;
  let admin: PanelUser;
  let firstAdmins: number;

  beforeAll(async () => {
    app = await startApp();
    firstAdmins = await app.strapi.db.query('admin::user').count();
    merchant = await panelUser(app, 'merchant');
    admin = await panelUser(app, 'superAdmin');
    await oneOfEachGuardedType();
  });
  afterAll(() => app?.stop());

  it('is left to Strapi’s own first-admin form when no first administrator is set', () => {
    expect(firstAdmins).toBe(0);
  });

  describe('a merchant', () => {
    it('creates, changes and deletes what the catalogue holds, in both languages', async () => {
      const created = await merchant
        .call('post', `${BRANDS}?locale=zh-Hans`)
        .send({ name: '海尔', order: 1 });
      expect(created.status).toBeLessThan(300);
      const id = created.body.data.documentId as string;
      const english = await merchant.call('put', `${BRANDS}/${id}?locale=en`).send({ name: 'Haier' });
      expect(english.status).toBe(200);
      const changed = await merchant.call('put', `${BRANDS}/${id}?locale=zh-Hans`).send({ name: '海尔集团' });
      expect(changed.body.data.name).toBe('海尔集团');
      expect((await merchant.call('delete', `${BRANDS}/${id}?locale=*`)).status).toBe(200);
      expect(await rowsOf(app, 'api::brand.brand')).toEqual([]);
    });

    it('sees the costs of a product, and changes its price', async () => {
      const product = await makeProduct(app);
      const read = await merchant.call('get', `${PRODUCTS}/${product.documentId}?locale=zh-Hans`);
      expect(read.body.data).toMatchObject({ supplyPrice: 1234.56, price: 1999 });
      const changed = await merchant
        .call('put', `${PRODUCTS}/${product.documentId}?locale=zh-Hans`)
        .send({ price: 1899 });
      expect(changed.body.data.price).toBe(1899);
    });

    it('cannot write what the shop counts', async () => {
      const product = await makeProduct(app, { salesCount: 7 });
      await merchant
        .call('put', `${PRODUCTS}/${product.documentId}?locale=zh-Hans`)
        .send({ salesCount: 9999, viewCount: 9999 });
      const read = await merchant.call('get', `${PRODUCTS}/${product.documentId}?locale=zh-Hans`);
      expect(read.body.data).toMatchObject({ salesCount: 7, viewCount: 0 });
    });

    it.each(SEEN)('sees %s and cannot write it', async (uid) => {
      const path = `/content-manager/collection-types/${uid}`;
      const list = await merchant.call('get', `${path}?page=1&pageSize=10`);
      expect(list.status).toBe(200);
      const before = await rowsOf(app, uid);
      expect((await merchant.call('post', path).send({})).status).toBe(403);
      const id = list.body.results[0]?.documentId ?? 'nobody0000000';
      expect((await merchant.call('put', `${path}/${id}`).send({ note: 'x' })).status).toBe(403);
      expect((await merchant.call('delete', `${path}/${id}`)).status).toBe(403);
      expect(
        (await merchant.call('post', `${path}/actions/bulkDelete`).send({ documentIds: [id] })).status,
      ).toBe(403);
      expect(await rowsOf(app, uid)).toEqual(before);
    });

    it('sees names where rows point at each other', async () => {
      const product = await makeProduct(app, { name: '有库存的冰箱', stock: 3 });
      const list = await merchant.call(
        'get',
        '/content-manager/collection-types/api::inventory.inventory-item?page=1&pageSize=100',
      );
      const item = list.body.results.find(
        (row: { productDocumentId: string }) => row.productDocumentId === product.documentId,
      );
      expect(item.product).toMatchObject({ name: '有库存的冰箱' });
    });

    it('sees the status of an order as it is, in the list, in the form and as a filter', async () => {
      const path = '/content-manager/collection-types/api::order.order';
      const order = await insertRaw('api::order.order', {
        orderNumber: 'OSTATUS1',
        productDocumentId: 'none',
        quantity: 1,
        unitPrice: 1,
        totalAmount: 1,
        discountAmount: 0,
        actualAmount: 1,
        status: 'cancelled',
        life: 1,
        version: 1,
      });
      const list = await merchant.call(
        'get',
        `${path}?page=1&pageSize=10&filters[$and][0][status][$eq]=cancelled`,
      );
      expect(list.body.results).toMatchObject([{ orderNumber: 'OSTATUS1', status: 'cancelled' }]);
      const form = await merchant.call('get', `${path}/${order.documentId}`);
      expect(form.body.data).toMatchObject({ orderNumber: 'OSTATUS1', status: 'cancelled' });
    });

    it('is told of a wrong form in the shape the panel reads', async () => {
      const brand = await merchant.call('post', `${BRANDS}?locale=zh-Hans`).send({ name: '卡萨帝' });
      const path = `${BRANDS}/${brand.body.data.documentId}?locale=zh-Hans`;
      const nameless = await merchant.call('put', path).send({ name: '' });
      expect([nameless.status, nameless.body.error.details.errors]).toMatchObject([
        400,
        [{ path: ['name'] }],
      ]);
      // The document service refuses this one without naming a field.
      const related = await merchant
        .call('put', `${PRODUCTS}/${(await makeProduct(app)).documentId}?locale=zh-Hans`)
        .send({
          category: { connect: [{ documentId: 'nobody0000000000000000000' }] },
        });
      expect([related.status, related.body.error.name, related.body.error.details.errors]).toEqual([
        400,
        'ValidationError',
        [],
      ]);
    });

    it('opens the media library', async () => {
      expect((await merchant.call('get', '/upload/files?page=1&pageSize=10')).status).toBe(200);
    });

    it.each([
      '/admin/users',
      '/admin/roles',
      '/admin/api-tokens',
      '/content-type-builder/content-types',
      '/users-permissions/roles',
    ])('is not let into %s', async (path) => {
      expect([401, 403, 404]).toContain((await merchant.call('get', path)).status);
    });
  });

  it('keeps identities and raw requests out of every answer, the super administrator’s too', async () => {
    const secret = 'oSECRETOPENID0000000000000001';
    const user = await insertRaw('plugin::users-permissions.user', {
      username: 'with-secrets',
      email: 'with-secrets@shop.test',
      provider: 'local',
      openId: secret,
      unionId: `u${secret}`,
      phone: '13900139000',
    });
    const payment = await insertRaw('api::payment.payment', {
      paymentNumber: 'PSECRET0001',
      amount: 1,
      method: 'wechat',
      status: 'pending',
      payerOpenId: secret,
      request: secret,
      prepayId: secret,
    });
    for (const who of [merchant, admin]) {
      const account = await who.call(
        'get',
        `/content-manager/collection-types/plugin::users-permissions.user/${user.documentId}`,
      );
      const paid = await who.call(
        'get',
        `/content-manager/collection-types/api::payment.payment/${payment.documentId}`,
      );
      expect([account.status, paid.status]).toEqual([200, 200]);
      expect(JSON.stringify([account.body, paid.body])).not.toContain(secret);
    }
    const seen = await merchant.call(
      'get',
      `/content-manager/collection-types/plugin::users-permissions.user/${user.documentId}`,
    );
    expect(JSON.stringify(seen.body)).not.toContain('13900139000');
  });

  it('lets nobody in without a role, and nobody without signing in', async () => {
    const nobody = await panelUser(app, 'noRights');
    expect((await nobody.call('get', PRODUCTS)).status).toBe(403);
    expect((await merchant.call('get', PRODUCTS).set('Authorization', 'Bearer nonsense')).status).toBe(401);
  });

  it('is not open to the tokens of the mini-program', async () => {
    for (const { token } of [await signInShopper(app), await createStaff(app, { isSuperuser: true })]) {
      expect((await app.api('get', '/users/me', token)).status).toBe(200);
      for (const path of ['/back-office/work-list', PRODUCTS, '/admin/users/me']) {
        const panel = await merchant.call('get', path).set('Authorization', `Bearer ${token}`);
        expect([path, panel.status]).toEqual([path, 401]);
      }
    }
  });
});
