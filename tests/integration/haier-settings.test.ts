import { startApp, type TestApp } from '../support/app';
import { panelUser, type PanelUser } from '../support/factories/panel';

const PATH = '/haier-integration/settings';

describe('the settings of Haier and YLH', () => {
  let app: TestApp;
  let admin: PanelUser;

  beforeAll(async () => {
    app = await startApp();
    admin = await panelUser(app, 'superAdmin');
  });
  afterAll(() => app?.stop());

  it('reads, saves and hides', async () => {
    const before = await admin.call('get', PATH);
    console.log(before.status, JSON.stringify(before.body, null, 1));
    const saved = await admin
      .call('put', PATH)
      .send({
        ...before.body.data,
        haier: { ...before.body.data.haier, clientSecret: 'abcdefghijklmnop', clientId: 'x' },
      });
    console.log(
      saved.status,
      JSON.stringify(saved.body.data, null, 1),
      JSON.stringify(saved.body.meta.changes),
    );
    const bad = await admin
      .call('put', PATH)
      .send({ haier: { baseUrl: 'x', foo: 1, clientSecret: 3 }, schedules: { products: '* *' } });
    console.log(bad.status, JSON.stringify(bad.body, null, 1));
    const bad2 = await admin.call('put', PATH).send({ schedules: { products: '* *' }, version: 1 });
    console.log(bad2.status, JSON.stringify(bad2.body, null, 1));
  });
});
