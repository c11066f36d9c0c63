import type { Ports } from '../../src/plugins/haier-integration/server/src/ports';
import { compiled, startApp, type TestApp } from '../support/app';
import { insertRaw, panelUser, type PanelUser, rowsOf } from '../support/factories/panel';

type PortsModule = typeof import('../../src/plugins/haier-integration/server/src/ports');
type QueueModule = typeof import('../../src/haier/queue-port');

const OUTBOX = 'api::outbox.outbox-message';
const PATH = '/haier-integration/messages';

let app: TestApp;
let admin: PanelUser;
let connected: Ports;
let order: { id: number; documentId: string };

const ports = () => compiled<PortsModule>('src/plugins/haier-integration/server/src/ports');

const message = (row: Record<string, unknown>) =>
  insertRaw(OUTBOX, { payload: {}, status: 'pending', attempts: 0, availableAt: new Date(), ...row });

beforeAll(async () => {
  app = await startApp();
  admin = await panelUser(app, 'superAdmin');
  connected = ports().connectedPorts();
  const { createQueuePort } = compiled<QueueModule>('src/haier/queue-port');
  const topics = ['haier.push', 'haier.cancel', 'haier.clock', 'payment.check'];
  ports().connectPorts({ ...connected, queue: createQueuePort(topics, app.strapi.log) });
  order = await insertRaw('api::order.order', {
    orderNumber: 'OHAIER0001',
    productDocumentId: 'none',
    quantity: 1,
    unitPrice: 1,
    totalAmount: 1,
    discountAmount: 0,
    actualAmount: 1,
    status: 'paid',
    life: 1,
    version: 1,
  });
});
afterAll(async () => {
  ports().connectPorts(connected);
  await app?.stop();
});

describe('dead messages about Haier', () => {
  let dead: { documentId: string };
  let foreign: { documentId: string };

  beforeAll(async () => {
    dead = await message({
      topic: 'haier.push',
      status: 'dead',
      attempts: 12,
      lastError: 'ylh.createOrder: unknown_outcome',
      payload: { orderId: order.id },
      key: `order:${order.id}`,
    });
    await message({ topic: 'haier.cancel', status: 'blocked', key: `order:${order.id}` });
    await message({ topic: 'haier.push', availableAt: new Date(Date.now() - 90_000) });
    await message({ topic: 'haier.push', availableAt: new Date(Date.now() + 3_600_000) });
    await message({ topic: 'haier.push', status: 'done' });
    await message({ topic: 'haier.clock', key: 'clock:haier.clock' });
    foreign = await message({ topic: 'payment.check', status: 'dead' });
  });

  it('are listed with the order they are about; those of other parts of the shop are not', async () => {
    const { status, body } = await admin.call('get', PATH);
    expect(status).toBe(200);
    expect(body.data).toEqual([
      {
        id: dead.documentId,
        topic: 'haier.push',
        subject: 'OHAIER0001',
        attempts: 12,
        lastError: 'ylh.createOrder: unknown_outcome',
        createdAt: expect.any(String),
      },
    ]);
    expect(body.meta.pagination).toMatchObject({ page: 1, total: 1 });
    expect((await admin.call('get', `${PATH}?page=2`)).body.data).toEqual([]);
    expect((await admin.call('get', `${PATH}?status=done`)).status).toBe(400);
  });

  it('and those that wait are counted, with the age of the oldest due', async () => {
    const { body } = await admin.call('get', '/haier-integration/overview');
    expect(body.data.queue).toMatchObject({ waiting: 3, dead: 1 });
    expect(body.data.queue.oldestDueSeconds).toBeGreaterThanOrEqual(90);
    expect(body.data.queue.oldestDueSeconds).toBeLessThan(3_600);
  });

  it('are run again once; what is not dead, or not about Haier, is not', async () => {
    const replay = (id: string) => admin.call('post', `${PATH}/${id}/replay`).send({});
    for (const id of [foreign.documentId, 'nobody000000000000000000', 'x'.repeat(500)]) {
      const answer = await replay(id);
      expect([answer.status, answer.body.error.details.code]).toEqual([404, 'NOT_FOUND']);
    }
    expect((await admin.call('post', `${PATH}/${dead.documentId}/replay`).send({ force: true })).status).toBe(
      400,
    );
    expect((await replay(dead.documentId)).status).toBe(204);
    const rows = (await rowsOf(app, OUTBOX)) as { document_id: string; status: string; attempts: number }[];
    const find = (id: string) => rows.find(({ document_id }) => document_id === id);
    expect(find(dead.documentId)).toMatchObject({ status: 'pending', attempts: 0 });
    expect(find(foreign.documentId)).toMatchObject({ status: 'dead' });
    expect((await replay(dead.documentId)).status).toBe(404);
  });

  it('are not there where the shop has connected no queue, and that is said', async () => {
    const before = ports().connectedPorts();
    ports().connectPorts({});
    const list = await admin.call('get', PATH).set('Accept-Language', 'en');
    expect([list.status, list.body.error.details]).toMatchObject([
      503,
      { code: 'NOT_CONNECTED', port: 'queue' },
    ]);
    expect(list.body.error.message).toContain('queue');
    const replay = await admin.call('post', `${PATH}/${dead.documentId}/replay`).send({});
    expect([replay.status, replay.body.error.message]).toEqual([503, expect.stringContaining('任务队列')]);
    ports().connectPorts(before);
  });
});
