/** `/ws` of the running shop: what is told to whom, as REST presents it, and only what was committed. */
import { compiled, startApp, type TestApp } from '../support/app';
import {
  createBuyer,
  createStaff,
  type Buyer,
  placeOrder,
  readOrder,
  startPaying,
  payAtWechat,
  stockProduct,
} from '../support/factories/orders';
import { type SignedInClient, signInShopper } from '../support/factories/accounts';
import { settleRefunds } from '../support/factories/money';
import { join, knock, lastEventId, type Listener, type Message } from '../support/push-client';

let app: TestApp;
let staff: SignedInClient;
let buyer: Buyer;
let other: Buyer;
let product: string;
const listeners: Listener[] = [];

const listen = async (client: { token: string }, more: { lastEventId?: string } = {}): Promise<Listener> => {
  const listener = await join(app.url, { token: client.token, ...more });
  listeners.push(listener);
  return listener;
};
const isOrder =
  (id: string, status: string) =>
  ({ type, data }: Message): boolean =>
    type === 'order.updated' && (data.documentId as string) === id && (data.status as string) === status;
const kinds = ({ messages }: Listener): string[] =>
  messages.map(({ type }) => type).filter((type) => type !== 'ready');

beforeAll(async () => {
  app = await startApp();
  staff = await createStaff(app);
  [buyer, other] = [await createBuyer(app), await createBuyer(app)];
  product = await stockProduct(app, staff, 50, { price: 100 });
}, 120_000);
afterEach(() => listeners.splice(0).forEach((listener) => listener.stop()));
afterAll(() => app?.stop());

describe('an order', () => {
  it('is told to its shopper and to staff as REST presents it, and to nobody else', async () => {
    const [mine, theirs, everybodys] = [await listen(buyer), await listen(other), await listen(staff)];
    const order = await placeOrder(app, buyer, product);
    const told = await mine.hear(isOrder(order.documentId, 'pending'));
    expect(told.data).toEqual(await readOrder(app, buyer, order.documentId));
    expect(new Date(told.at).getTime()).not.toBeNaN();
    await everybodys.hear(isOrder(order.documentId, 'pending'));

    await app.api('post', `/orders/${order.documentId}/cancel`, buyer.token).send({ reason: '不要了' });
    await mine.hear(isOrder(order.documentId, 'cancelled'));
    await everybodys.hear(isOrder(order.documentId, 'cancelled'));

    // What comes after it would have come before this.
    const own = await placeOrder(app, other, product);
    await theirs.hear(isOrder(own.documentId, 'pending'));
    expect(theirs.messages.filter(({ data }) => (data.documentId as string) === order.documentId)).toEqual(
      [],
    );
    expect(kinds(theirs)).toEqual(['order.updated']);
  });

  it('is told of once it is committed, and never when it is rolled back', async () => {
    const mine = await listen(buyer);
    const order = await placeOrder(app, buyer, product);
    await mine.hear(isOrder(order.documentId, 'pending'));
    const before = mine.messages.length;
    const { inTransaction } = compiled<typeof import('../../src/platform/database')>('src/platform/database');
    const lifecycle = compiled<typeof import('../../src/api/order/services/lifecycle')>(
      'src/api/order/services/lifecycle',
    );
    const actor = { type: 'shopper', id: buyer.user.documentId, name: 'x' } as const;
    const move = (fails: boolean) =>
      inTransaction(async (tx) => {
        const row = await lifecycle.lockOrder(tx, { documentId: order.documentId });
        await lifecycle.applyEvent(tx, row, { event: 'cancel', actor });
        await new Promise((resolve) => setTimeout(resolve, 200));
        expect(mine.messages).toHaveLength(before);
        if (fails) throw new Error('rolled back');
      });
    await expect(move(true)).rejects.toThrow('rolled back');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(mine.messages).toHaveLength(before);
    await move(false);
    await mine.hear(isOrder(order.documentId, 'cancelled'));
  });
});

describe('money', () => {
  it('is told of to its shopper: paid, and back again', async () => {
    const [mine, theirs, everybodys] = [await listen(buyer), await listen(other), await listen(staff)];
    const order = await placeOrder(app, buyer, product);
    const { data, payParams } = await startPaying(app, buyer, { order: order.documentId });
    await payAtWechat(app, buyer, payParams);
    const paid = await mine.hear('payment.succeeded');
    const payment = (await app.api('get', `/payments/${data.documentId}`, buyer.token)).body.data;
    expect(paid.data).toEqual(payment);
    await mine.hear(isOrder(order.documentId, 'paid'));

    const asked = await app
      .api('post', `/orders/${order.documentId}/refund`, buyer.token)
      .send({ reason: '不想要了' });
    const id = asked.body.data.documentId as string;
    await app.api('post', `/refunds/${id}/approve`, staff.token).send({}).expect(200);
    await settleRefunds(app);
    const back = await mine.hear('refund.succeeded', 20_000);
    expect(back.data).toEqual((await app.api('get', `/refunds/${id}`, buyer.token)).body.data);
    await mine.hear(isOrder(order.documentId, 'refunded'));
    expect(kinds(theirs)).toEqual([]);
    expect(kinds(everybodys)).not.toContain('payment.succeeded');
    expect(JSON.stringify(mine.messages)).not.toMatch(
      /openId|payerOpenId|transactionId|supplyPrice|"id":\d/i,
    );
  });
});

it('tells of a task when it is finished', async () => {
  const mine = await listen(buyer);
  const answer = await app
    .api('post', '/orders', buyer.token)
    .set('Prefer', 'respond-async')
    .send({ data: { product, quantity: 1, address: buyer.address } });
  expect(answer.status).toBe(202);
  await app.drain();
  const { data } = await mine.hear('task.finished');
  const { taskId } = answer.body.data as { taskId: string };
  expect(data).toEqual((await app.api('get', `/tasks/${taskId}`, buyer.token)).body.data);
  expect(data).toMatchObject({ id: taskId, status: 'succeeded' });
});

it('tells a shopper of their notifications, and staff of what is meant for staff', async () => {
  const [mine, theirs, everybodys] = [await listen(buyer), await listen(other), await listen(staff)];
  const { inTransaction } = compiled<typeof import('../../src/platform/database')>('src/platform/database');
  const { notifyStaff, notifyUser } = compiled<typeof import('../../src/api/notification/notify')>(
    'src/api/notification/notify',
  );
  const { findUser } = compiled<typeof import('../../src/api/account/queries/users')>(
    'src/api/account/queries/users',
  );
  const userId = (await findUser({ document_id: buyer.user.documentId }))?.id ?? 0;
  await inTransaction(async (tx) => {
    await notifyUser(tx, { userId, type: 'system', title: '给顾客' });
    await notifyStaff(tx, { type: 'system', title: '给店员' });
  });
  const told = await mine.hear('notification.created');
  const [newest] = (await app.api('get', '/notifications', buyer.token)).body.data;
  expect(told.data).toEqual(newest);
  await everybodys.hear(({ data }) => (data.title as string) === '给店员');
  expect(kinds(mine)).toEqual(['notification.created']);
  expect(kinds(everybodys)).toEqual(['notification.created']);
  expect(kinds(theirs)).toEqual([]);
});

it('tells what was missed since the last id', async () => {
  const before = await listen(buyer);
  const first = await placeOrder(app, buyer, product);
  await before.hear(isOrder(first.documentId, 'pending'));
  before.stop();
  const second = await placeOrder(app, buyer, product);
  await placeOrder(app, other, product);
  const after = await listen(buyer, { lastEventId: lastEventId(before) });
  await after.hear(isOrder(second.documentId, 'pending'));
  expect(kinds(after)).toEqual(['order.updated']);
});

describe('a session that has ended', () => {
  it('lets nobody in', async () => {
    const { token } = await signInShopper(app);
    await app.api('post', '/users/logout', token).send({}).expect(204);
    const refused = await knock(app.url, { token });
    expect(await refused.closed).toEqual({ code: 4401, reason: 'UNAUTHENTICATED' });
    const forged = await knock(app.url, { token: `${token}x` });
    expect((await forged.closed).code).toBe(4401);
    const refresh = await knock(app.url, { token: (await signInShopper(app)).refresh });
    expect((await refresh.closed).code).toBe(4401);
  });

  it('closes its connection at once: a logout, a block, a new rank', async () => {
    const admin = await createStaff(app, { isSuperuser: true });
    const [leaves, blocked, stays] = [
      await signInShopper(app),
      await signInShopper(app),
      await listen(buyer),
    ];
    const raised = await signInShopper(app);
    const gone = await listen(leaves);
    const shut = await listen(blocked);
    const promoted = await listen(raised);
    await app.api('post', '/users/logout', leaves.token).send({}).expect(204);
    expect(await gone.closed).toEqual({ code: 4401, reason: 'UNAUTHENTICATED' });
    const change = (user: SignedInClient, fields: object) =>
      app.api('put', `/users/${user.user.documentId}`, admin.token).send({ data: fields });
    expect((await change(blocked, { blocked: true })).status).toBe(200);
    expect(await shut.closed).toEqual({ code: 4403, reason: 'USER_BLOCKED' });
    expect((await change(raised, { isStaff: true })).status).toBe(200);
    expect((await promoted.closed).code).toBe(4401);
    expect(stays.socket.readyState).toBe(stays.socket.OPEN);
  });
});
