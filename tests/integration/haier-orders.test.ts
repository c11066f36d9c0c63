import { startApp, type TestApp } from '../support/app';
import {
  connectFake,
  type FakeSupplier,
  fakeSupplier,
  haierSteps,
  STAFF_ACTOR,
  stockEverything,
} from '../support/factories/haier-orders';
import { createStaff } from '../support/factories/accounts';
import { listen, settleRefunds } from '../support/factories/money';
import { panelUser } from '../support/factories/panel';
import { endSound } from '../support/sound';

let app: TestApp;
let supplier: FakeSupplier;
const steps = haierSteps(() => app);
const sync = () =>
  steps.port().syncLogistics({ signal: new AbortController().signal, onProgress: () => undefined });

beforeAll(async () => {
  app = await startApp();
});
beforeEach(() => {
  supplier = fakeSupplier();
  connectFake(supplier);
  stockEverything();
});
afterAll(() => endSound(app));

describe('a paid Haier order', () => {
  it('tells the panel that Haier ships it, until Haier has let it go', async () => {
    const merchant = await panelUser(app, 'merchant');
    const { id, number } = await steps.paid();
    const isHaiers = async () =>
      (await merchant.call('get', `/back-office/orders/${id}`)).body.data.isShippedByHaier;
    expect(await isHaiers()).toBe(true);
    await app.drain();
    expect(await isHaiers()).toBe(true);
    await steps.receive(steps.delivery(number, 'confirm', 'failed', { failMessage: '无货' }));
    expect(await steps.standing(id)).toMatch(/confirm_refused$/);
    expect(await isHaiers()).toBe(false);
    await app.drain();
    await settleRefunds(app);
  });

  it('is pushed, confirmed, shipped when the goods move and completed when they have arrived', async () => {
    const { id, number, buyer } = await steps.paid();
    expect(await steps.standing(id)).toBe('paid/push_pending');
    await app.drain();
    expect(await steps.standing(id)).toBe('paid/pushed');
    expect(supplier.pushes).toEqual([
      expect.objectContaining({ soId: number, orderNumber: number, area: '崂山区', town: '中韩街道' }),
    ]);
    const confirmed = steps.delivery(number, 'confirm', 'done', { haierOrderNo: `SO.${number}` });
    expect(await steps.receive(confirmed)).toBe('applied');
    expect(await steps.standing(id)).toBe('paid/confirmed');

    // Mistake 7: accepted is not shipped, and a number is not a journey.
    supplier.numbers = [{ company: '日日顺', trackingNumber: 'RRS1' }];
    await sync();
    expect(await steps.standing(id)).toBe('paid/confirmed');
    const traces = [{ at: new Date('2026-01-01T00:00:00Z'), status: '已出库' }];
    supplier.parcels = [{ company: '日日顺', trackingNumber: 'RRS1', status: '运输中', traces }];
    expect(await sync()).toMatchObject({ changed: 1, failed: [] });
    expect(await steps.row(id)).toMatchObject({
      status: 'shipped',
      shipping_company: '日日顺',
      tracking_number: 'RRS1',
    });
    supplier.images = [{ type: 'delivery', url: 'https://pictures.test/1.jpg', uploadedAt: null }];
    traces.push({ at: new Date('2026-01-02T00:00:00Z'), status: '已签收' });
    await sync();
    expect(await steps.standing(id)).toBe('completed/confirmed');

    const logistics = await app.api('get', `/orders/${id}/logistics`, buyer.token);
    expect(logistics.body.data[0].traces.map((step: { status: string }) => step.status)).toEqual([
      '已签收',
      '已出库',
    ]);
    const pictures = await app.api('get', `/orders/${id}/delivery-images`, buyer.token);
    expect(pictures.body.data).toEqual([
      { type: 'delivery', url: 'https://pictures.test/1.jpg', uploadedAt: null },
    ]);
    supplier.asked = [];
    await sync();
    expect(supplier.asked).not.toContain(`SO.${number}`);
    expect(await steps.historyOf(id)).toEqual(['haier:promisePush', 'haier:pushed', 'haier:confirmed']);
  });

  it('is nobody else’s to follow', async () => {
    const { id } = await steps.paid();
    const { buyer: stranger } = await steps.paid();
    for (const part of ['logistics', 'delivery-images'])
      expect((await app.api('get', `/orders/${id}/${part}`, stranger.token)).status).toBe(404);
    const distributionDate = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
    const moved = await app
      .api('post', `/orders/${id}/reschedule`, stranger.token)
      .send({ distributionDate });
    expect(moved.status).toBe(404);
    expect((await app.api('get', `/orders/${id}/logistics`)).status).toBe(401);
  });
});

describe('another day', () => {
  const day = (ahead: number) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);

  it('is booked by the owner or by staff of an order Haier has, and kept', async () => {
    const { id, number, buyer } = await steps.paid();
    const staff = await createStaff(app);
    const book = (token: string, body: object) =>
      app.api('post', `/orders/${id}/reschedule`, token).send(body);
    const early = await book(buyer.token, { distributionDate: day(5) });
    expect([early.status, early.body.error.details.code]).toEqual([409, 'ORDER_STATE_CONFLICT']);
    await app.drain();
    for (const body of [
      { distributionDate: day(-2) },
      { distributionDate: '2026-02-30' },
      { distributionDate: day(5), installDate: day(4) },
      { distributionDate: day(400) },
      {},
    ])
      expect((await book(buyer.token, body)).status).toBe(400);
    expect(supplier.reschedules).toEqual([]);
    const booked = await book(buyer.token, { distributionDate: day(5), installDate: day(5) });
    expect([booked.status, booked.body.data]).toEqual([
      200,
      expect.objectContaining({ distributionDate: day(5), installDate: day(5), isDeliveryInstall: true }),
    ]);
    expect(supplier.reschedules).toEqual([
      { retailOrderNo: `SO.${number}`, distributionDate: day(5), installDate: day(5) },
    ]);
    const { distribution_time: time } = await steps.row(id);
    expect(new Date(time as string | number).toISOString()).toBe(`${day(5)}T15:59:59.000Z`);

    supplier.rescheduled = { kind: 'refused', message: '已出库' };
    const refused = await book(staff.token, { distributionDate: day(6) });
    expect([refused.status, refused.body.error.message]).toEqual([502, expect.stringContaining('已出库')]);
    supplier.rescheduled = { kind: 'unknown', message: 'time-out' };
    expect((await book(staff.token, { distributionDate: day(6) })).status).toBe(503);
    expect((await steps.port().find(id))?.distributionDate).toBe(day(5));
  });
});

describe('mistake 10: who has paid gets goods or money, and is told', () => {
  it.each([
    ['confirm', 'failed', 'confirm_refused'],
    ['out_of_stock', 'done', 'out_of_stock'],
    ['cancel', 'done', 'cancelled'],
  ] as const)('%s %s: the money goes back by itself', async (event, state, haierStatus) => {
    const { id, number } = await steps.paid();
    await app.drain();
    const told = await listen(app);
    const failMessage = '库存不足';
    expect(await steps.receive(steps.delivery(number, event, state, { failMessage }))).toBe('applied');
    expect(await steps.standing(id)).toBe(`refunding/${haierStatus}`);
    expect(await steps.refunds(id)).toEqual([
      expect.objectContaining({ status: 'approved', kind: 'full', decided_by: 'system:haier' }),
    ]);
    expect((await told.shopper())[0]?.content).toMatch(/款项将原路退回/);
    expect((await told.staff())[0]?.content).toMatch(/库存不足.*款项已自动退回/);
    await settleRefunds(app);
    expect(await steps.standing(id)).toBe(`refunded/${haierStatus}`);
    expect(await steps.workOf(id)).toBeNull();
  });

  it('under the policy hold it waits for staff, who give it back or push it again', async () => {
    supplier.policy = 'hold';
    const first = await steps.paid();
    const second = await steps.paid();
    await app.drain();
    const told = await listen(app);
    for (const { number } of [first, second])
      await steps.receive(steps.delivery(number, 'confirm', 'failed', { failMessage: '超区' }));
    expect(await steps.standing(first.id)).toBe('paid/confirm_refused');
    expect((await told.shopper()).map(({ content }) => content)[0]).toMatch(/尽快与您联系/);
    expect(await steps.port().find(first.id)).toMatchObject({
      work: { reason: 'confirm_refused' },
      message: '超区',
      actions: ['push', 'refresh', 'refund', 'handled'],
    });
    await steps.port().refund(first.id, { reason: '无货' }, STAFF_ACTOR);
    await settleRefunds(app);
    expect(await steps.standing(first.id)).toBe('refunded/confirm_refused');

    await steps.port().push(second.id, STAFF_ACTOR);
    await app.drain();
    expect(await steps.standing(second.id)).toBe('paid/pushed');
    // The refused so id is used up: the same one would pass for a push that is there already.
    expect(supplier.pushes.at(-1)).toMatchObject({ soId: `${second.number}-2`, orderNumber: second.number });
    expect(await steps.receive(steps.delivery(second.number, 'confirm', 'done'))).toBe('applied');
    expect(await steps.standing(second.id)).toBe('paid/confirmed');
  });

  it('a refusal in the same words after another push is another one', async () => {
    supplier.policy = 'hold';
    const { id, number } = await steps.paid();
    await app.drain();
    const refusal = steps.delivery(number, 'confirm', 'failed', { failMessage: '超区' });
    expect(await steps.receive(refusal)).toBe('applied');
    expect(await steps.receive(refusal)).toBe('repeated');
    await steps.port().push(id, STAFF_ACTOR);
    await app.drain();
    expect(await steps.receive(refusal)).toBe('applied');
    expect(await steps.standing(id)).toBe('paid/confirm_refused');
  });

  it('rejected at the door, the quantities are kept and staff decide', async () => {
    const { id, number } = await steps.paid();
    await app.drain();
    await steps.receive(steps.delivery(number, 'confirm'));
    const quantities = [{ productCode: 'A', received: 0, returned: 0, rejected: 1 }];
    await steps.receive(steps.delivery(number, 'cancel', 'done', { quantities }));
    expect(await steps.standing(id)).toBe('paid/cancelled');
    expect(await steps.workOf(id)).toBe('cancelled');
    await steps.port().refund(id, { reason: '拒收退款' }, STAFF_ACTOR);
    await settleRefunds(app);
    expect(await steps.standing(id)).toBe('refunded/cancelled');
  });

  it('State 2 waits in the work list until staff have dealt with it', async () => {
    const { id, number } = await steps.paid();
    await app.drain();
    await steps.receive(steps.delivery(number, 'confirm'));
    const quantities = [{ productCode: 'A', received: 0, returned: 0, rejected: 1 }];
    await steps.receive(steps.delivery(number, 'cancel', 'partly', { quantities }));
    expect(await steps.standing(id)).toBe('paid/confirmed');
    expect(await steps.workOf(id)).toBe('partly_rejected');
    const list = await steps.port().list({ view: 'work-list', page: 1, pageSize: 100 });
    expect(list.rows.map((row) => row.id)).toContain(id);
    await app.advance(1_000);
    await steps.port().markHandled(id, { note: '已联系顾客' }, STAFF_ACTOR);
    expect(await steps.workOf(id)).toBeNull();
    expect((await steps.historyOf(id)).slice(-2)).toEqual(['haier:partlyRejected', 'haier:handled']);
  });
});
