/** PostgreSQL and Redis: what any process commits is told at every process, and a listener may come again at another. */
import { startApp, type TestApp } from '../support/app';
import { signInShopper } from '../support/factories/accounts';
import { type Buyer, createBuyer, createStaff, placeOrder, stockProduct } from '../support/factories/orders';
import { join, knock, lastEventId, type Listener, type Message } from '../support/push-client';
import { type RedisLine, startRedisLine } from '../support/redis-line';
import { type RoleProcess, startRole } from '../support/shop-process';

let app: TestApp;
let other: RoleProcess;
let worker: RoleProcess;
let line: RedisLine;
let buyer: Buyer;
let stranger: Buyer;
let staff: { token: string };
let product: string;
let early: { id: string; order: string };
const listeners: Listener[] = [];

const listen = async (
  url: string,
  client: { token: string },
  more: { lastEventId?: string } = {},
): Promise<Listener> => {
  const listener = await join(url, { token: client.token, ...more });
  listeners.push(listener);
  return listener;
};
const isOf =
  (order: { documentId: string }) =>
  ({ data }: Message): boolean =>
    (data.documentId as string) === order.documentId;
const ordersTold = ({ messages }: Listener): string[] =>
  messages.filter(({ type }) => type === 'order.updated').map(({ data }) => data.documentId as string);

beforeAll(async () => {
  // One of its own: what suites beside this one tell to shoppers of the same number would arrive here.
  const redis = new URL(process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379');
  redis.pathname = '/9';
  const redisUrl = redis.toString();
  line = await startRedisLine(redis);
  app = await startApp({ REDIS_URL: line.url });
  const clerk = await createStaff(app);
  staff = clerk;
  [buyer, stranger] = [await createBuyer(app), await createBuyer(app)];
  product = await stockProduct(app, clerk, 50, { price: 100 });
  const before = await listen(app.url, buyer);
  const order = await placeOrder(app, buyer, product);
  early = { id: lastEventId(before), order: order.documentId };
  [other, worker] = await Promise.all([
    startRole('web', { REDIS_URL: redisUrl }),
    startRole('worker', { REDIS_URL: redisUrl }),
  ]);
}, 300_000);
afterEach(() => listeners.splice(0).forEach((listener) => listener.stop()));
afterAll(async () => {
  await Promise.all([other?.kill(), worker?.kill()]);
  await app?.stop();
  line?.stop();
});

it('knows at a process that has just started what was told before', async () => {
  const again = await listen(other.url, buyer, { lastEventId: early.id });
  await again.hear(isOf({ documentId: early.order }));
});

it('tells at every process, once, and only those it is meant for', async () => {
  const here = await listen(app.url, buyer);
  const there = await listen(other.url, buyer);
  const everybodys = await listen(other.url, staff);
  const theirs = await listen(other.url, stranger);
  const order = await placeOrder(app, buyer, product);
  const [one, two] = [await here.hear(isOf(order)), await there.hear(isOf(order))];
  expect(two).toEqual(one);
  await everybodys.hear(isOf(order));
  const last = await placeOrder(app, stranger, product);
  await Promise.all([theirs.hear(isOf(last)), everybodys.hear(isOf(last))]);
  expect(ordersTold(here)).toEqual([order.documentId]);
  expect(ordersTold(there)).toEqual([order.documentId]);
  expect(ordersTold(theirs)).toEqual([last.documentId]);
  expect(ordersTold(everybodys)).toEqual([order.documentId, last.documentId]);
});

it('tells what a worker has done, who has no /ws of its own', async () => {
  const [here, there] = [await listen(app.url, buyer), await listen(other.url, buyer)];
  const answer = await app
    .api('post', '/orders', buyer.token)
    .set('Prefer', 'respond-async')
    .send({ data: { product, quantity: 1, address: buyer.address } });
  expect(answer.status).toBe(202);
  const isTask = ({ type, data }: Message): boolean =>
    type === 'task.finished' && (data.id as string) === answer.body.data.taskId;
  await Promise.all([here.hear(isTask, 30_000), there.hear(isTask, 30_000)]);
  await expect(knock(worker.url, { token: buyer.token })).rejects.toThrow('404');
});

it('tells at another process what was missed since the last id', async () => {
  const before = await listen(app.url, buyer);
  const first = await placeOrder(app, buyer, product);
  await before.hear(isOf(first));
  before.stop();
  const second = await placeOrder(app, buyer, product);
  await placeOrder(app, stranger, product);
  const third = await placeOrder(app, buyer, product);
  const after = await listen(other.url, buyer, { lastEventId: lastEventId(before) });
  await after.hear(isOf(third));
  expect(ordersTold(after)).toEqual([second.documentId, third.documentId]);
});

it('closes at every process when a session ends', async () => {
  const { token } = await signInShopper(app);
  const there = await listen(other.url, { token });
  await app.api('post', '/users/logout', token).send({}).expect(204);
  expect(await there.closed).toEqual({ code: 4401, reason: 'UNAUTHENTICATED' });
});

describe('without Redis', () => {
  it('a process tells its own listeners, says so once, and everybody reads anew when Redis is back', async () => {
    const warn = jest.spyOn(app.strapi.log, 'warn');
    const [here, there] = [await listen(app.url, buyer), await listen(other.url, buyer)];
    const orders: { documentId: string }[] = [];
    line.setDead(true);
    try {
      for (let turn = 0; turn < 3; turn += 1) {
        const order = await placeOrder(app, buyer, product);
        orders.push(order);
        await here.hear(isOf(order), 5_000);
      }
      const said = warn.mock.calls.filter(([text]) => String(text).startsWith('push:'));
      expect(said).toHaveLength(1);
      expect(ordersTold(there)).toEqual([]);
    } finally {
      line.setDead(false);
      warn.mockRestore();
    }
    await Promise.all([here.hear('resync', 20_000), there.hear('resync', 20_000)]);
    // Whoever was away over it cannot know either.
    const late = await listen(other.url, buyer, { lastEventId: early.id });
    await late.hear('resync');
    const order = await placeOrder(app, buyer, product);
    await Promise.all([here.hear(isOf(order)), there.hear(isOf(order)), late.hear(isOf(order))]);
  });
});
