import { startApp, type TestApp } from '../support/app';

/** `PROCESS_ROLE` says who serves HTTP; an operator who opens a worker's port to the world opens no shop. */
describe('a worker', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ PROCESS_ROLE: 'worker' });
  });
  afterAll(() => app.stop());

  it.each(['/healthz', '/readyz', '/metrics'])('answers its supervisor at %s', async (path) => {
    expect((await fetch(`${app.url}${path}`)).status).toBe(200);
  });

  it.each([
    ['GET', '/api/v1/products'],
    ['POST', '/api/v1/users/login'],
    ['POST', '/api/v1/payments/notify/wechat'],
    ['POST', '/admin/login'],
    ['GET', '/admin'],
    ['GET', '/'],
    ['GET', '/uploads/picture.png'],
  ])('serves neither shoppers nor staff: %s %s', async (method, path) => {
    const answer = await fetch(`${app.url}${path}`, { method, redirect: 'manual' });
    const body = (await answer.json()) as { code?: string; error?: { details: { code: string } } };
    expect([answer.status, body.error?.details.code ?? body.code]).toEqual([
      404,
      path.includes('/notify/') ? 'FAIL' : 'NOT_FOUND',
    ]);
  });
});
