import { compiled, startApp, type TestApp } from '../support/app';
import { beijingToday, goTo, runOf } from '../support/factories/bills';
import { panelUser, type PanelUser } from '../support/factories/panel';

let app: TestApp;
let merchant: PanelUser;

beforeAll(async () => {
  app = await startApp();
  merchant = await panelUser(app, 'merchant');
});
afterAll(() => app.stop());

const now = () => compiled<typeof import('../../src/platform/clock')>('src/platform/clock').clock.now();
const ask = (billDate: unknown) =>
  merchant.call('post', '/back-office/reconciliation/runs').send({ billDate });

describe('the reconciliation in the panel', () => {
  const NOBODY = 'nobody0000000000000000000';
  const ROUTES = [
    ['get', '/back-office/reconciliation', undefined],
    ['post', '/back-office/reconciliation/runs', { billDate: '2026-01-01' }],
    ['get', `/back-office/reconciliation/runs/${NOBODY}`, undefined],
    ['get', `/back-office/reconciliation/differences/${NOBODY}`, undefined],
    ['post', `/back-office/reconciliation/differences/${NOBODY}/mend`, {}],
    ['post', `/back-office/reconciliation/differences/${NOBODY}/ignore`, { note: 'x' }],
  ] as const;

  let stranger: PanelUser;
  beforeAll(async () => {
    stranger = await panelUser(app, 'noRights');
  });

  it.each(ROUTES)('%s %s asks for a sign-in and its own permission', async (method, path, body) => {
    expect((await merchant.call(method, path).set('Authorization', '').send(body)).status).toBe(401);
    expect((await stranger.call(method, path).send(body)).status).toBe(403);
  });

  it.each(ROUTES.slice(2))('%s %s says plainly that there is no such row', async (method, path, body) => {
    const answer = await merchant.call(method, path).send(body);
    expect([answer.status, answer.body.error.details.code]).toEqual([404, 'NOT_FOUND']);
  });

  it('starts a day before today, of the last three months, and no other', async () => {
    for (const billDate of [
      beijingToday(),
      '2999-01-01',
      '2020-01-01',
      '2026-02-30',
      '20260101',
      '',
      1,
      null,
    ]) {
      const answer = await ask(billDate);
      expect([billDate, answer.status, answer.body.error.details.code]).toEqual([
        billDate,
        400,
        'VALIDATION_FAILED',
      ]);
    }
    const day = beijingToday();
    await goTo(app, new Date(now().getTime() + 86_400_000).toISOString());
    expect((await ask(day)).status).toBe(202);
    const run = await runOf(app, day);
    expect(run).toMatchObject({ status: 'waiting', requested_by: `staff:admin:${merchant.id}` });
    const shown = await merchant.call('get', `/back-office/reconciliation/runs/${run?.document_id}`);
    expect(shown.body.data).toMatchObject({ billDate: day, status: 'waiting', openCount: 0 });
  });

  it.each(['reconciliation-run', 'reconciliation-difference'])(
    'shows %s to the merchant and lets nobody write it',
    async (type) => {
      const path = `/content-manager/collection-types/api::reconciliation.${type}`;
      const admin = await panelUser(app, 'superAdmin');
      expect((await merchant.call('get', path)).status).toBe(200);
      expect((await merchant.call('post', path).send({ billDate: '2026-01-01' })).status).toBe(403);
      const refused = await admin.call('post', path).send({ billDate: '2026-01-01' });
      expect([refused.status, refused.body.error.message]).toEqual([403, expect.stringContaining('按钮')]);
    },
  );
});
