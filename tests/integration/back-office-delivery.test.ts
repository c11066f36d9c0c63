/** Where to deliver stands on the page of the order; lists and related rows tell less. */
import { startApp, type TestApp } from '../support/app';
import { insertRaw, panelUser, type PanelUser, type PanelUserKind } from '../support/factories/panel';
import { insertSecrets } from '../support/factories/secrets';

const READERS: PanelUserKind[] = ['merchant', 'superAdmin', 'readsAll'];
const PHONE = '13812348000';
const ADDRESS = '海尔路 1 号 7 单元';
const list = (uid: string, query = '') =>
  `/content-manager/collection-types/${uid}?page=1&pageSize=50${query}`;

let app: TestApp;
const users = {} as Record<PanelUserKind, PanelUser>;
const rows: Record<string, { id: number; documentId: string }> = {};

beforeAll(async () => {
  app = await startApp();
  for (const kind of READERS) users[kind] = await panelUser(app, kind);
  const userId = await insertSecrets(rows);
  await app.strapi.db
    .connection('orders')
    .where('order_number', 'OKEPT1')
    .update({ snapshot_phone: PHONE, snapshot_address: ADDRESS, snapshot_city: '青岛市' });
  rows['api::inventory.inventory-log'] = await insertRaw('api::inventory.inventory-log', {
    productDocumentId: 'none',
    orderId: rows['api::order.order']?.id,
    changeType: 'lock',
    quantity: 1,
    life: 1,
  });
  expect(userId).toBeGreaterThan(0);
});
afterAll(() => app?.stop());

describe.each(READERS)('%s', (kind) => {
  const tells = (body: unknown) => [PHONE, ADDRESS].filter((secret) => JSON.stringify(body).includes(secret));

  it('reads phone and address in full where the order is opened', async () => {
    const path = `/content-manager/collection-types/api::order.order/${rows['api::order.order']?.documentId}`;
    const { status, body } = await users[kind].call('get', path);
    expect([status, body.data]).toEqual([
      200,
      expect.objectContaining({ snapshotPhone: PHONE, snapshotAddress: ADDRESS }),
    ]);
  });

  it('reads a masked phone and no address in the list of orders', async () => {
    for (const query of ['', '&populate=*']) {
      const { body } = await users[kind].call('get', list('api::order.order', query));
      expect(body.results[0]).toMatchObject({ snapshotPhone: '138****8000', snapshotCity: '青岛市' });
      expect(body.results[0]).not.toHaveProperty('snapshotAddress');
      expect(tells(body)).toEqual([]);
    }
  });

  it('reads neither in a row that points at the order', async () => {
    for (const uid of ['api::order.order-history', 'api::payment.refund', 'api::inventory.inventory-log']) {
      const id = rows[uid]?.documentId;
      for (const path of [
        list(uid),
        list(uid, '&populate=*'),
        list(uid, '&populate[order][populate]=*'),
        `/content-manager/collection-types/${uid}/${id}`,
        `/content-manager/relations/${uid}/order?pageSize=20`,
        `/content-manager/relations/${uid}/${id}/order?pageSize=20`,
      ]) {
        const { body } = await users[kind].call('get', path);
        expect([path, tells(body)]).toEqual([path, []]);
      }
      const shown = await users[kind].call('get', list(uid));
      expect(shown.body.results[0]).toMatchObject({ order: { orderNumber: 'OKEPT1' } });
    }
  });

  it('cannot find them out through a row that points at the order', async () => {
    for (const query of [
      '&filters[order][snapshotPhone][$startsWith]=138',
      '&filters[$and][0][order][snapshotAddress][$contains]=7',
      '&sort=order.snapshotPhone:asc',
      '&populate[order][fields][0]=snapshotPhone',
      '&populate[order][filters][snapshotPhone][$startsWith]=1',
    ]) {
      const { status } = await users[kind].call('get', list('api::order.order-history', query));
      expect([query, status]).toEqual([query, 403]);
    }
    const found = await users[kind].call(
      'get',
      list('api::order.order', `&filters[snapshotPhone][$eq]=${PHONE}`),
    );
    expect(found.body.pagination.total).toBe(1);
  });
});
