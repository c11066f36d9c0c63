import supertest from 'supertest';

import { startApp, type TestApp } from './app';
import { signInShopper } from './factories/accounts';
import { makeProduct } from './factories/catalogue';

const LIMITS = {
  RATE_LIMIT_ANONYMOUS: '6',
  RATE_LIMIT_USER: '4',
  RATE_LIMIT_LOGIN: '3',
  RATE_LIMIT_PAYMENT: '2',
};

const READY_WITHIN_MS = 15_000;

/** Asks until readiness is as expected: on a busy machine a single ping may take longer than it is given. */
async function readinessBecomes(app: TestApp, expected: number): Promise<number> {
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const { status } = await fetch(`${app.url}/readyz`);
    if (status === expected || Date.now() > deadline) return status;
  }
}

/** The limits, wherever they are counted; `isRedisThere` says what readiness must report. */
export function describeRateLimits(
  where: string,
  redisUrl: string,
  { isRedisThere }: { isRedisThere: boolean },
): void {
  describe(`limits counted in ${where}`, () => {
    let app: TestApp;
    beforeAll(async () => {
      app = await startApp({ ...LIMITS, REDIS_URL: redisUrl, TRUST_PROXY: 'loopback' });
    });
    afterAll(() => app.stop());

    const serial = `${process.pid % 250}`;
    const from = (last: number) => `10.${serial}.${Date.now() % 250}.${last}`;

    it('let an address do so much a minute, and say how much is left', async () => {
      const address = from(1);
      const ask = () => app.api('get', '/products').set('X-Forwarded-For', address);
      const first = await ask();
      expect(first.status).toBe(200);
      expect(first.headers).toMatchObject({ 'ratelimit-limit': '6', 'ratelimit-remaining': '5' });
      for (let count = 0; count < 5; count += 1) expect((await ask()).status).toBe(200);
      const refused = await ask();
      expect([refused.status, refused.body.error.details.code]).toEqual([429, 'RATE_LIMITED']);
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
      expect((await app.api('get', '/products').set('X-Forwarded-For', from(2))).status).toBe(200);
    });

    it('count a request once, also one that is begun in front of the stack and ended in it', async () => {
      const address = from(3);
      const product = await makeProduct(app);
      const ask = async () => {
        const { status, headers } = await app
          .api('get', `/products/${product.documentId}`)
          .set('X-Forwarded-For', address);
        return [status, headers['ratelimit-remaining']];
      };
      expect([await ask(), await ask()]).toEqual([
        [200, '5'],
        [200, '4'],
      ]);
      await app.strapi.db
        .connection('products')
        .where({ document_id: product.documentId })
        .update({ is_active: false });
      expect([await ask(), await ask()]).toEqual([
        [404, '3'],
        [404, '2'],
      ]);
    });

    it('count a signed-in user by who they are, not by where they are', async () => {
      const { token } = await signInShopper(app);
      const answers = [];
      for (let count = 0; count < 5; count += 1)
        answers.push(await app.api('get', '/users/me', token).set('X-Forwarded-For', from(10 + count)));
      expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200, 429]);
    });

    it('stop guessing at one account from many addresses', async () => {
      const statuses = [];
      for (let count = 0; count < 4; count += 1) {
        const body = { identifier: `victim-${serial}-${where.length}`, password: 'a guess' };
        statuses.push(
          (
            await app
              .api('post', '/users/login')
              .set('X-Forwarded-For', from(20 + count))
              .send(body)
          ).status,
        );
      }
      expect(statuses).toEqual([401, 401, 401, 429]);
    });

    it('read a path as the router does, in capitals and small letters', async () => {
      const address = from(40);
      const login = async (path: string, last: number) =>
        (
          await supertest(app.url)
            .post(path)
            .set('X-Forwarded-For', address)
            .send({ identifier: `someone-${last}`, password: 'a guess' })
        ).status;
      const statuses = [];
      for (const [index, path] of [
        '/api/v1/users/login',
        '/api/v1/Users/LOGIN',
        '/API/V1/users/login/',
        '/Api/v1/users/Login',
      ].entries())
        statuses.push(await login(path, index));
      expect(statuses).toEqual([401, 401, 401, 429]);

      const { token } = await signInShopper(app);
      const pay = async (path: string) =>
        (await supertest(app.url).post(path).set('Authorization', `Bearer ${token}`).send({})).status;
      const payments = [];
      for (const path of ['/api/v1/payments', '/api/v1/PAYMENTS', '/API/v1/Payments'])
        payments.push(await pay(path));
      expect(payments).toEqual([400, 400, 429]);
    });

    it('read a token as the sign-in does, however it is spaced', async () => {
      const { token } = await signInShopper(app);
      const statuses = [];
      for (const header of [`Bearer ${token}`, `Bearer  ${token}`, `bearer \t${token}`])
        statuses.push(
          (await supertest(app.url).post('/api/v1/payments').set('Authorization', header).send({})).status,
        );
      expect(statuses).toEqual([400, 400, 429]);
    });

    it('take a renewed session for a request like any other, not for a sign-in', async () => {
      const address = from(50);
      const statuses = [];
      for (let count = 0; count < 5; count += 1) {
        const answer = await app
          .api('post', '/users/refresh')
          .set('X-Forwarded-For', address)
          .send({ refresh: 'none' });
        statuses.push(answer.status);
      }
      expect(statuses).toEqual([401, 401, 401, 401, 401]);
    });

    it('count what is refused before it is read, and say so', async () => {
      const address = from(60);
      const raw = (path: string, type: string, body: string) =>
        supertest(app.url)
          .post(`/api/v1${path}`)
          .set('X-Forwarded-For', address)
          .set('Content-Type', type)
          .send(body);
      const answers = [
        await raw('/users/login', 'application/json', '{"code": '),
        await raw('/cart/items', 'text/plain', 'hello'),
        await raw('/cart/items', 'application/json', `{"data":"${'x'.repeat(1_100_000)}"}`),
        await raw('/cart/items?a=%00', 'application/json', '{}'),
        await raw('/nowhere', 'application/json', '{}'),
      ];
      expect(answers.map(({ status }) => status)).toEqual([400, 400, 413, 400, 404]);
      expect(answers.slice(1).map(({ headers }) => headers['ratelimit-remaining'])).toEqual([
        '4',
        '3',
        '2',
        '1',
      ]);
      expect(answers[0]?.headers).toMatchObject({ 'ratelimit-limit': '3', 'ratelimit-remaining': '2' });
      await raw('/cart/items', 'text/plain', 'hello');
      expect((await raw('/cart/items', 'text/plain', 'hello')).status).toBe(429);
    });

    it('count no question of a browser whether it may ask', async () => {
      const address = from(70);
      for (let count = 0; count < 8; count += 1) {
        const answer = await supertest(app.url).options('/api/v1/orders').set({
          'X-Forwarded-For': address,
          Origin: app.url,
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'idempotency-key,prefer,x-request-id',
        });
        expect(answer.status).toBe(204);
        const allowed = answer.headers['access-control-allow-headers']?.toLowerCase().split(/, ?/);
        expect(allowed).toEqual(
          expect.arrayContaining([
            'authorization',
            'content-type',
            'accept-language',
            'idempotency-key',
            'prefer',
            'x-request-id',
          ]),
        );
      }
      const answer = await app.api('get', '/products').set({ 'X-Forwarded-For': address, Origin: app.url });
      expect(answer.headers['access-control-expose-headers']?.toLowerCase().split(/, ?/)).toEqual(
        expect.arrayContaining([
          'location',
          'retry-after',
          'ratelimit-limit',
          'ratelimit-remaining',
          'ratelimit-reset',
          'x-request-id',
          'idempotent-replayed',
        ]),
      );
    });

    it('leave WeChat’s notifications and health alone', async () => {
      for (let count = 0; count < 10; count += 1) {
        expect(
          (await app.api('post', '/payments/notify/wechat').set('X-Forwarded-For', from(30)).send('{}'))
            .status,
        ).toBe(401);
      }
      expect(await readinessBecomes(app, isRedisThere ? 200 : 503)).toBe(isRedisThere ? 200 : 503);
    });
  });
}
