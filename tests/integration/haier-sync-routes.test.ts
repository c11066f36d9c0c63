import { type TestApp, startApp } from '../support/app';
import { syncs } from '../support/factories/haier';
import { panelUser, type PanelUser } from '../support/factories/panel';

const PATH = '/haier-integration/syncs';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
}, 180_000);
afterAll(() => app?.stop());

describe('the routes', () => {
  let admin: PanelUser;
  beforeAll(async () => {
    admin = await panelUser(app, 'superAdmin');
  });

  it('are for those who may', async () => {
    const nobody = await panelUser(app, 'noRights');
    for (const [method, path] of [
      ['get', PATH],
      ['post', PATH],
      ['get', `${PATH}/1`],
      ['post', `${PATH}/1/cancel`],
    ] as const)
      expect((await nobody.call(method, path).send(method === 'post' ? {} : undefined)).status).toBe(403);
  });

  it('begin, show, refuse a second, and cancel', async () => {
    const begun = await admin
      .call('post', PATH)
      .send({ kind: 'products', productCodes: ['GEN000001', 'GEN000001'] });
    expect(begun.status).toBe(202);
    expect(begun.body.data).toMatchObject({
      status: 'queued',
      trigger: 'staff',
      productCodes: ['GEN000001'],
    });
    const second = await admin.call('post', PATH).send({ kind: 'products' });
    expect(second.status).toBe(409);
    expect(second.body.error.details).toMatchObject({ code: 'SYNC_CONFLICT', run: begun.body.data.id });
    const cancelled = await admin.call('post', `${PATH}/${begun.body.data.id}/cancel`).send({});
    expect(cancelled.body.data.status).toBe('cancelled');
    const shown = await admin.call('get', `${PATH}/${begun.body.data.id}`);
    expect(shown.body.data).toMatchObject({ status: 'cancelled', errors: [], changedFields: {} });
    const list = await admin.call('get', `${PATH}?kind=products&pageSize=3`);
    expect(list.body.data[0]).toMatchObject({ id: begun.body.data.id, productCount: 1 });
    expect(list.body.meta.pagination).toMatchObject({ page: 1, pageSize: 3 });
  });

  it('take logistics, which the orders see to', async () => {
    const begun = await admin.call('post', PATH).send({ kind: 'logistics' });
    expect(begun.status).toBe(202);
    await syncs(app).drain();
    expect(await syncs(app).find(begun.body.data.id)).toMatchObject({
      status: 'succeeded',
      total: 0,
      done: 0,
    });
  });

  it('refuse what cannot be done, in words', async () => {
    const codes = Array.from({ length: 1_001 }, (_, index) => `C${index}`);
    for (const body of [
      { kind: 'orders' },
      { kind: 'products', productCodes: codes },
      { kind: 'products', x: 1 },
    ])
      expect((await admin.call('post', PATH).send(body)).status).toBe(400);
    const stock = await admin.call('post', PATH).send({ kind: 'stock' });
    expect([stock.status, stock.body.error.details.code]).toEqual([503, 'NOT_CONFIGURED']);
    expect((await admin.call('get', `${PATH}/999999`)).status).toBe(404);
    expect((await admin.call('get', `${PATH}/abc`)).status).toBe(404);
    expect((await admin.call('get', `${PATH}?page=0`)).status).toBe(400);
  });
});
