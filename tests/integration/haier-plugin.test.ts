import { startApp, type TestApp } from '../support/app';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.stop());

describe('the plugin haier-integration', () => {
  it('is there, with its tables', async () => {
    expect(app.strapi.plugin('haier-integration')).toBeDefined();
    for (const table of ['haier_api_logs', 'haier_sync_runs', 'haier_tokens', 'haier_settings'])
      expect(await app.strapi.db.connection.schema.hasTable(table)).toBe(true);
  });
});
