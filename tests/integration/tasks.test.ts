import { compiled, startApp, type TestApp } from '../support/app';
import { type Buyer, createBuyer, createStaff, readStock, stockProduct } from '../support/factories/orders';
import { endSound } from '../support/sound';

type Database = typeof import('../../src/platform/database');
type Deferred = typeof import('../../src/api/order/services/deferred-placement');

let app: TestApp;
let buyer: Buyer;
let staff: Awaited<ReturnType<typeof createStaff>>;
let database: Database;

beforeAll(async () => {
  app = await startApp();
  database = compiled<Database>('src/platform/database');
  buyer = await createBuyer(app);
  staff = await createStaff(app);
});
afterAll(() => endSound(app));

const bodyFor = (product: string, quantity = 1, more: Record<string, unknown> = {}) => ({
  data: { product, quantity, address: buyer.address, ...more },
});
const send = (
  body: object,
  { path = '/orders', key, language }: { path?: string; key?: string; language?: string } = {},
) => {
  const request = app.api('post', path, buyer.token).set('Prefer', 'respond-async');
  if (key !== undefined) void request.set('Idempotency-Key', key);
  if (language !== undefined) void request.set('Accept-Language', language);
  return request.send(body);
};
const readTask = async (id: string, token = buyer.token) => app.api('get', `/tasks/${id}`, token);
const ordersOf = async (): Promise<number> =>
  (await app.api('get', '/orders', buyer.token)).body.meta.pagination.total as number;
const stocked = (onHand: number) => stockProduct(app, staff, onHand, { price: 100 });

describe('an order that nobody waits for', () => {
  it('is promised with 202 and a task, and placed by the worker', async () => {
    const product = await stocked(5);
    const answer = await send(bodyFor(product, 2));
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({ data: { taskId: expect.any(String) }, meta: {} });
    const { taskId } = answer.body.data;
    expect(answer.headers).toMatchObject({
      location: `/api/v1/tasks/${taskId}`,
      'preference-applied': 'respond-async',
    });
    expect((await readTask(taskId)).body.data).toMatchObject({ id: taskId, status: 'queued' });
    expect((await readStock(app, staff, product)).locked).toBe(0);

    await app.drain();
    const task = (await readTask(taskId)).body.data;
    expect(task).toMatchObject({ status: 'succeeded', result: { quantity: 2, status: 'pending' } });
    const order = await app.api('get', `/orders/${task.result.documentId}`, buyer.token);
    expect(order.body.data).toEqual(task.result);
    expect((await readStock(app, staff, product)).locked).toBe(2);
  });

  it('may be a checkout, of items or of the cart', async () => {
    const [a, b] = [await stocked(5), await stocked(5)];
    const items = [a, b].map((product) => ({ product, quantity: 1 }));
    const first = await send({ items, address: buyer.address }, { path: '/orders/checkout' });
    const cart = await app
      .api('post', '/cart/items', buyer.token)
      .send({ data: { product: a, quantity: 3 } });
    const cartItems = cart.body.data.items.map((item: { documentId: string }) => item.documentId);
    const second = await send({ cartItems, address: buyer.address }, { path: '/orders/checkout' });
    expect([first.status, second.status]).toEqual([202, 202]);
    await app.drain();
    expect((await readTask(first.body.data.taskId)).body.data).toMatchObject({
      status: 'succeeded',
      result: {
        checkoutNumber: expect.any(String),
        orders: [{ quantity: 1 }, { quantity: 1 }],
        actualAmount: 200,
      },
    });
    expect((await readTask(second.body.data.taskId)).body.data).toMatchObject({
      status: 'succeeded',
      result: { orders: [{ quantity: 3 }] },
    });
    expect((await app.api('get', '/cart', buyer.token)).body.data.items).toEqual([]);
  });

  it('is refused at once when the request is wrong, and later in the same shape when it cannot be had', async () => {
    const product = await stocked(1);
    expect((await send({ data: { product } })).status).toBe(400);
    const language = 'en';
    const waited = await app
      .api('post', '/orders', buyer.token)
      .set('Accept-Language', language)
      .send(bodyFor(product, 2));
    expect(waited.status).toBe(409);
    const answer = await send(bodyFor(product, 2), { language });
    await app.drain();
    const task = (await readTask(answer.body.data.taskId)).body.data;
    expect(task.status).toBe('failed');
    const { details, ...error } = waited.body.error;
    const requestId = answer.headers['x-request-id'];
    expect(task.error).toEqual({ ...error, details: { ...details, requestId } });
    expect(task).not.toHaveProperty('result');
  });

  it('is nobody else’s business', async () => {
    const { taskId } = (await send(bodyFor(await stocked(1)))).body.data;
    const other = await createBuyer(app);
    for (const token of [other.token, staff.token])
      expect((await readTask(taskId, token)).body.error.details.code).toBe('NOT_FOUND');
    expect((await app.api('get', `/tasks/${taskId}`)).status).toBe(401);
    expect((await readTask('nothing')).status).toBe(404);
    expect((await readTask(taskId)).status).toBe(200);
    await app.drain();
  });
});

describe('the idempotency key of such an order', () => {
  it('leads to one task and one order, however often it is sent, deferred or not', async () => {
    const product = await stocked(10);
    const before = await ordersOf();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => send(bodyFor(product), { key: 'the same order'.replaceAll(' ', '-') })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ body }) => body.data.taskId)).size).toBe(1);
    await app.drain();
    const again = await app
      .api('post', '/orders', buyer.token)
      .set('Idempotency-Key', 'the-same-order')
      .send(bodyFor(product));
    expect([again.status, again.body.data.taskId]).toEqual([202, answers[0]?.body.data.taskId]);
    expect(again.headers).toMatchObject({
      location: `/api/v1/tasks/${answers[0]?.body.data.taskId}`,
      'idempotent-replayed': 'true',
    });
    expect((await ordersOf()) - before).toBe(1);
    expect((await readStock(app, staff, product)).locked).toBe(1);
  });

  it('does not serve another body', async () => {
    const product = await stocked(10);
    await send(bodyFor(product), { key: 'another-body' });
    const answer = await send(bodyFor(product, 2), { key: 'another-body' });
    expect([answer.status, answer.body.error.details.code]).toEqual([409, 'IDEMPOTENCY_CONFLICT']);
    await app.drain();
  });

  it('used for an order that was waited for gives that order', async () => {
    const product = await stocked(10);
    const order = await app
      .api('post', '/orders', buyer.token)
      .set('Idempotency-Key', 'first-waited-for')
      .send(bodyFor(product));
    const answer = await send(bodyFor(product), { key: 'first-waited-for' });
    expect([answer.status, answer.body]).toEqual([201, order.body]);
    expect(answer.headers.location).toBeUndefined();
  });
});

describe('a worker that dies over a task', () => {
  const place = (taskId: string, attempt = 1) =>
    compiled<Deferred>('src/api/order/services/deferred-placement').placeDeferred(taskId, attempt);

  it('after the commit is followed by one that finds the order placed', async () => {
    const product = await stocked(10);
    const before = await ordersOf();
    const { taskId } = (await send(bodyFor(product))).body.data;
    await place(taskId);
    // As after a death between the commit of the order and the one of its result.
    await database
      .query('api::task.task')
      .where('document_id', taskId)
      .update({ status: 'running', result: null });
    await app.drain();
    expect((await readTask(taskId)).body.data).toMatchObject({
      status: 'succeeded',
      result: { quantity: 1 },
    });
    expect((await ordersOf()) - before).toBe(1);
  });

  it('in the middle of two workers at once places one order', async () => {
    const product = await stocked(10);
    const before = await ordersOf();
    const { taskId } = (await send(bodyFor(product))).body.data;
    await Promise.all([place(taskId), place(taskId), app.drain()]);
    expect((await readTask(taskId)).body.data.status).toBe('succeeded');
    expect((await ordersOf()) - before).toBe(1);
  });

  it('every time leaves a task that has failed, beside the dead message', async () => {
    const { taskId } = (await send(bodyFor(await stocked(10)))).body.data;
    const outbox = 'api::outbox.outbox-message';
    await database
      .query(outbox)
      .where('topic', 'order.place')
      .whereNot('status', 'done')
      .update({ status: 'running', attempts: 12, locked_by: 'dead', locked_until: new Date(0) });
    await app.drain();
    expect((await readTask(taskId)).body.data).toMatchObject({
      status: 'failed',
      error: { status: 500, details: { code: 'INTERNAL_ERROR' } },
    });
  });

  it('through no refusal is tried again, and told after the fifth time', async () => {
    const { taskId } = (await send(bodyFor(await stocked(10)))).body.data;
    await database.query('api::task.task').where('document_id', taskId).update({ request: '{}' });
    await expect(place(taskId, 4)).rejects.toThrow();
    expect((await readTask(taskId)).body.data.status).toBe('running');
    await place(taskId, 5);
    expect((await readTask(taskId)).body.data).toMatchObject({
      status: 'failed',
      error: { details: { code: 'INTERNAL_ERROR' } },
    });
    await app.drain();
  });
});

it('a task is forgotten after a day', async () => {
  const { taskId } = (await send(bodyFor(await stocked(1)))).body.data;
  await app.drain();
  expect((await readTask(taskId)).status).toBe(200);
  await app.advance(24 * 60 * 60_000 + 1_000);
  const token = (await app.api('post', '/users/refresh').send({ refresh: buyer.refresh })).body
    .access as string;
  expect((await readTask(taskId, token ?? buyer.token)).status).toBe(404);
  await app.drain();
  const left = await database.query('api::task.task').where('document_id', taskId).select('id');
  expect(left).toEqual([]);
});
