import { startApp, type TestApp } from './app';
import { signInShopper } from './factories/accounts';

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
