// The routes behind the page "Orders at Haier": who may, what they answer, and what they refuse.
import supertest from 'supertest';

import { startApp, type TestApp } from '../support/app';
import { createBuyer, createStaff, placePaidOrder, stockProduct } from '../support/factories/orders';
import * as desk from '../support/factories/haier-desk';
import {
  connectFake,
  type FakeSupplier,
  fakeSupplier,
  haierSteps,
  type PaidHaierOrder,
  stockEverything,
} from '../support/factories/haier-orders';
import { settleRefunds } from '../support/factories/money';
import { panelUser, type PanelUser } from '../support/factories/panel';
import { panelUserWho } from '../support/factories/panel-roles';
import { endSound } from '../support/sound';

let app: TestApp;
let supplier: FakeSupplier;
let staff: PanelUser;
/** An order of the shop's own goods. */
let own: string;
const people = {} as Record<desk.Permission, PanelUser>;
const steps = haierSteps(() => app);

beforeAll(async () => {
  app = await startApp();
  staff = await panelUser(app, 'merchant');
  for (const permission of desk.PERMISSIONS)
    people[permission] = await panelUserWho(app, [`plugin::haier-integration.${permission}`]);
  const product = await stockProduct(app, await createStaff(app), 5);
  own = (await placePaidOrder(app, await createBuyer(app), product)).order.documentId;
});
beforeEach(() => {
  supplier = fakeSupplier();
  connectFake(supplier);
  stockEverything();
});
afterAll(() => endSound(app));

const ask = (method: 'get' | 'post', path: string, body?: object, who = staff) =>
  desk.askOrders(who, method, path, body);
const press = (order: PaidHaierOrder, action: string, body?: object) =>
  ask('post', `/${order.id}/${action}`, body);
const list = (query: Record<string, string>) => desk.listOrders(staff, query);

async function pushed(): Promise<PaidHaierOrder> {
  const order = await steps.paid();
  await app.drain();
  return order;
}
async function refusedPush(message = '商品编码不存在'): Promise<PaidHaierOrder> {
  supplier.push = { kind: 'refused', message };
  const order = await pushed();
  supplier.push = { kind: 'pushed', haierOrderNo: null, wasThere: false };
  return order;
}
const NOBODY = 'nobody00000000000000000000';
describe('who may', () => {
  it.each(desk.ORDER_ROUTES)('%s %s: nobody 401, without %s 403', async (method, path, permission, body) => {
    const at = path.replace(':id', NOBODY);
    expect((await supertest(app.url)[method](`/haier-integration/orders${at}`)).status).toBe(401);
    for (const who of desk.PERMISSIONS) {
      const { status, code } = await ask(method, at, body, people[who]);
      const expected = who === permission ? (path === '' ? 200 : 404) : 403;
      expect([who, status, code]).toEqual([
        who,
        expected,
        expected === 200 ? undefined : expected === 404 ? 'NOT_FOUND' : 'FORBIDDEN',
      ]);
    }
  });

  it('a refused person has changed nothing, and asked nobody', async () => {
    const order = await pushed();
    const before = await steps.row(order.id);
    for (const [method, path, , body] of desk.ORDER_ROUTES)
      await ask(method, path.replace(':id', order.id), body, people.settings);
    expect(await steps.row(order.id)).toEqual(before);
    expect([supplier.cancels, supplier.reschedules, supplier.asked]).toEqual([[], [], []]);
  });

  it.each(desk.ORDER_ROUTES.filter(([, path]) => path !== ''))(
    '%s %s of an order of the shop’s own goods, or of none: not found',
    async (method, path, _permission, body) => {
      for (const id of [own, NOBODY, '1', 'a%20b', '..%2F..'])
        expect([id, (await ask(method, path.replace(':id', id), body)).status]).toEqual([id, 404]);
    },
  );
});

describe('the list', () => {
  it('has all of them by pages, newest first, and those that wait for a person', async () => {
    const failed = await refusedPush();
    const fine = await pushed();
    const all = await list({ pageSize: '1' });
    expect(all.data.map(({ id }) => id)).toEqual([fine.id]);
    expect(all.meta.pagination).toMatchObject({ page: 1, pageSize: 1, pageCount: all.meta.pagination.total });
    expect((await list({ page: '2', pageSize: '1' })).data[0]?.id).toBe(failed.id);
    const work = await list({ view: 'work-list', pageSize: '100' });
    expect(work.data.find(({ id }) => id === failed.id)?.work?.reason).toBe('push_failed');
    expect(work.data.map(({ id }) => id)).not.toContain(fine.id);
    expect(work.meta.workList).toBe(work.meta.pagination.total);
    const found = await list({ search: failed.number, haierStatus: 'push_failed' });
    expect(found.data.map(({ id }) => id)).toEqual([failed.id]);
    expect((await list({ search: failed.number, haierStatus: 'pushed' })).data).toEqual([]);
    expect(JSON.stringify(all)).not.toMatch(/13800138000|海尔路|欧阳收货/);
  });

  it.each(desk.BAD_ORDER_QUERIES)('refuses the query %j', async (query, field) => {
    const answer = await staff.call('get', '/haier-integration/orders').query(query);
    expect([answer.status, answer.body.error.details.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect(JSON.stringify(answer.body.error.details.errors)).toContain(field);
  });
});

describe('push again', () => {
  it('of what YLH refused is one push more, and none of what it has', async () => {
    const order = await refusedPush();
    expect((await ask('get', `/${order.id}`)).data).toMatchObject({
      haierStatus: 'push_failed',
      message: '商品编码不存在',
      work: { reason: 'push_failed' },
      actions: expect.arrayContaining(['push', 'refund', 'handled']),
    });
    supplier.pushes = [];
    const first = await press(order, 'push');
    expect([first.status, first.data.haierStatus]).toEqual([200, 'push_pending']);
    expect(await press(order, 'push')).toMatchObject({ status: 409, code: 'ORDER_STATE_CONFLICT' });
    await app.drain();
    expect(supplier.pushes.map(({ soId }) => soId)).toEqual([order.number]);
    expect(await steps.standing(order.id)).toBe('paid/pushed');
    expect(await press(order, 'push')).toMatchObject({ status: 409, code: 'ORDER_STATE_CONFLICT' });
    const by = (await app.strapi.db
      .connection('order_histories')
      .where({ order_id: (await steps.row(order.id)).id, event: 'haier:pushAgain' })
      .first()) as { actor_type: string; actor_id: string };
    expect([by.actor_type, by.actor_id]).toEqual(['staff', `admin:${staff.id}`]);
  });
});

describe('cancel', () => {
  it('asks YLH, and the money goes back on its yes', async () => {
    const order = await pushed();
    const answer = await press(order, 'cancel', { reason: '顾客不要了' });
    expect([answer.status, answer.data.haierStatus]).toEqual([200, 'cancel_pending']);
    await app.drain();
    expect(supplier.cancels).toMatchObject([{ soId: order.number, reason: '顾客不要了' }]);
    expect((await steps.refunds(order.id)).map(({ status }) => status)).toEqual(['requested']);
    expect(await press(order, 'cancel', { reason: '再催' })).toMatchObject({ status: 409 });
    await steps.receive(steps.delivery(order.number, 'cancel'));
    await settleRefunds(app);
    expect(await steps.standing(order.id)).toBe('refunded/cancelled');
  });

  it('of what YLH never had is refused with what may be done', async () => {
    const order = await refusedPush();
    const answer = await press(order, 'cancel', { reason: '不要了' });
    expect(answer).toMatchObject({ status: 409, code: 'ORDER_STATE_CONFLICT' });
    expect(answer.message).toMatch(/\p{Script=Han}/u);
  });
});

describe('reschedule', () => {
  it('books the day with YLH and keeps it', async () => {
    const order = await pushed();
    const day = desk.inDays(5);
    const answer = await press(order, 'reschedule', { distributionDate: day, installDate: day });
    expect([answer.status, answer.data.distributionDate, answer.data.installDate]).toEqual([200, day, day]);
    expect(supplier.reschedules).toEqual([
      { retailOrderNo: `SO.${order.number}`, distributionDate: day, installDate: day },
    ]);
    expect((await steps.row(order.id)).is_delivery_install).toBeTruthy();
  });

  it('says whose no it was, and keeps nothing', async () => {
    const order = await pushed();
    const body = { distributionDate: desk.inDays(5) };
    supplier.rescheduled = { kind: 'refused', message: '商品已出库' };
    const refused = await press(order, 'reschedule', body);
    expect(refused).toMatchObject({ status: 502, code: 'UPSTREAM_FAILED' });
    expect(refused.message).toContain('商品已出库');
    supplier.rescheduled = { kind: 'unknown', message: 'time-out' };
    expect(await press(order, 'reschedule', body)).toMatchObject({
      status: 503,
      code: 'UPSTREAM_UNAVAILABLE',
    });
    expect((await steps.row(order.id)).distribution_time).toBeNull();
  });
});

describe('refresh', () => {
  it('brings tracking, photos, and the order along with its goods', async () => {
    const order = await pushed();
    await steps.receive(steps.delivery(order.number, 'confirm'));
    supplier.numbers = [{ company: '日日顺', trackingNumber: 'RRS9' }];
    supplier.parcels = [
      {
        company: '日日顺',
        trackingNumber: 'RRS9',
        status: '已签收',
        traces: [{ at: new Date('2026-01-02T00:00:00Z'), status: '已签收' }],
      },
    ];
    supplier.images = [{ type: 'installation', url: 'https://pictures.test/9.jpg', uploadedAt: null }];
    const answer = await press(order, 'refresh');
    expect([answer.status, answer.data.status]).toEqual([200, 'completed']);
    expect(await steps.row(order.id)).toMatchObject({ tracking_number: 'RRS9', status: 'completed' });
    const path = `/orders/${order.id}`;
    const { token } = order.buyer;
    const [logistics, images] = [
      await app.api('get', `${path}/logistics`, token),
      await app.api('get', `${path}/delivery-images`, token),
    ];
    expect(logistics.body.data[0]).toMatchObject({ company: '日日顺', trackingNumber: 'RRS9' });
    expect(images.body.data).toEqual([
      { type: 'installation', url: 'https://pictures.test/9.jpg', uploadedAt: null },
    ]);
  });

  it('of an order without Haier’s number, or when Haier does not answer, is said in words', async () => {
    expect(await press(await refusedPush(), 'refresh')).toMatchObject({
      status: 409,
      code: 'ORDER_STATE_CONFLICT',
      message: expect.stringMatching(/海尔还没有该订单的单号/),
    });
    const order = await pushed();
    supplier.readLogistics = () => Promise.reject(new Error('socket hang up'));
    expect(await press(order, 'refresh')).toMatchObject({
      status: 503,
      code: 'UPSTREAM_UNAVAILABLE',
      message: expect.stringMatching(/海尔没有答复物流查询/),
    });
    expect(await steps.standing(order.id)).toBe('paid/pushed');
  });
});

describe('refund', () => {
  it('gives the money of an order back that YLH does not take, once', async () => {
    const order = await refusedPush();
    const answer = await press(order, 'refund', { reason: '海尔不发货' });
    expect([answer.status, answer.data.status]).toEqual([200, 'refunding']);
    expect(await press(order, 'refund', { reason: '再退' })).toMatchObject({
      status: 409,
      code: 'ORDER_STATE_CONFLICT',
    });
    await settleRefunds(app);
    expect((await steps.row(order.id)).status).toBe('refunded');
    expect(await steps.refunds(order.id)).toHaveLength(1);
    expect(supplier.cancels).toEqual([]);
  });

  it('of an order YLH has is not for this button: cancel asks first', async () => {
    const order = await pushed();
    expect(await press(order, 'refund', { reason: '不要了' })).toMatchObject({
      status: 409,
      code: 'ORDER_STATE_CONFLICT',
    });
  });
});

describe('mark handled', () => {
  it('takes an order off the work list, with a note or none, and only one that is on it', async () => {
    for (const body of [{ note: '已联系顾客' }, {}]) {
      const order = await pushed();
      await steps.receive(steps.delivery(order.number, 'confirm'));
      const quantities = [{ productCode: 'A', received: 0, returned: 0, rejected: 1 }];
      await steps.receive(steps.delivery(order.number, 'cancel', 'partly', { quantities }));
      expect(await steps.workOf(order.id)).toBe('partly_rejected');
      await app.advance(1_000);
      const answer = await press(order, 'handled', body);
      expect([answer.status, answer.data.work]).toEqual([200, null]);
      expect(await press(order, 'handled', body)).toMatchObject({ status: 409 });
    }
  });
});

describe('bad input', () => {
  let order: PaidHaierOrder | undefined;
  it.each(desk.BAD_ORDER_BODIES)('%s with %j is refused, and changes nothing', async (action, body) => {
    order ??= await pushed();
    const before = await steps.row(order.id);
    const answer = await press(order, action, body);
    expect([answer.status, answer.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect(answer.message).toMatch(/\p{Script=Han}/u);
    expect(answer.fields?.length).toBeGreaterThan(0);
    expect(await steps.row(order.id)).toEqual(before);
    expect([supplier.cancels, supplier.reschedules, supplier.asked]).toEqual([[], [], []]);
  });

  it('a list for a body, and a query nobody reads, are refused', async () => {
    const { id } = await pushed();
    const listed = await staff.call('post', `/haier-integration/orders/${id}/push`).send([1] as never);
    expect([listed.status, listed.body.error.details.code]).toEqual([400, 'VALIDATION_FAILED']);
    const query = await staff.call('post', `/haier-integration/orders/${id}/push?force=1`).send({});
    expect([query.status, query.body.error.details.code]).toEqual([400, 'VALIDATION_FAILED']);
  });
});
