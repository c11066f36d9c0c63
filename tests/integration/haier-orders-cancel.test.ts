import { startApp, type TestApp } from '../support/app';
import { createStaff, type SignedInClient } from '../support/factories/accounts';
import {
  connectFake,
  type FakeSupplier,
  fakeSupplier,
  haierSteps,
  makeHaierProduct,
  type PaidHaierOrder,
  STAFF_ACTOR,
  stockEverything,
} from '../support/factories/haier-orders';
import { listen, makeFree, messages, settleRefunds } from '../support/factories/money';
import { createBuyer, placeOrder } from '../support/factories/orders';
import { endSound } from '../support/sound';

let app: TestApp;
let staff: SignedInClient;
let supplier: FakeSupplier;
const steps = haierSteps(() => app);

beforeAll(async () => {
  app = await startApp();
  staff = await createStaff(app);
});
beforeEach(() => {
  supplier = fakeSupplier();
  connectFake(supplier);
  stockEverything();
});
afterAll(() => endSound(app));

const ask = (order: PaidHaierOrder, body: object = {}) =>
  app.api('post', `/orders/${order.id}/refund`, order.buyer.token).send({ reason: '不想要了', ...body });
const decide = (refund: string, what: 'approve' | 'reject', body: object = {}) =>
  app.api('post', `/refunds/${refund}/${what}`, staff.token).send(body);

/** An order Haier has confirmed, and whose refund staff have agreed to. */
async function agreed(): Promise<PaidHaierOrder & { refund: string }> {
  const order = await steps.paid();
  await app.drain();
  await steps.receive(steps.delivery(order.number, 'confirm'));
  const refund = (await ask(order).expect(202)).body.data.documentId as string;
  const answer = await decide(refund, 'approve').expect(200);
  expect(answer.body.data).toMatchObject({ status: 'requested', decidedAt: expect.any(String) });
  return { ...order, refund };
}

describe('a refund of an order Haier has', () => {
  it('waits for the cancel, and goes back on Haier’s yes', async () => {
    const order = await agreed();
    expect(await steps.standing(order.id)).toBe('refunding/cancel_pending');
    const again = await decide(order.refund, 'approve');
    expect([again.status, again.body.error.details.code]).toEqual([409, 'PAYMENT_CONFLICT']);
    await app.drain();
    expect(supplier.cancels).toEqual([expect.objectContaining({ soId: order.number, reason: '不想要了' })]);
    expect((await steps.refunds(order.id)).map(({ status }) => status)).toEqual(['requested']);
    const yes = steps.delivery(order.number, 'cancel', 'done');
    expect(await steps.receive(yes)).toBe('applied');
    expect(await steps.receive(yes)).toBe('repeated');
    await settleRefunds(app);
    expect(await steps.standing(order.id)).toBe('refunded/cancelled');
    // Mistake 9: a late confirmation overwrites no cancel.
    const late = steps.delivery(order.number, 'confirm', 'done', { haierOrderNo: `SO.${order.number}` });
    expect(await steps.receive(late)).toBe('ignored');
    expect(await steps.standing(order.id)).toBe('refunded/cancelled');
    expect(await steps.workOf(order.id)).toBeNull();
  });

  it('is rejected with Haier’s words when Haier keeps the order', async () => {
    const order = await agreed();
    await app.drain();
    const told = await listen(app);
    await steps.receive(steps.delivery(order.number, 'cancel', 'failed', { failMessage: '已出库' }));
    expect(await steps.standing(order.id)).toBe('paid/cancel_refused');
    expect(await steps.refunds(order.id)).toEqual([
      expect.objectContaining({ status: 'rejected', decision_reason: expect.stringContaining('已出库') }),
    ]);
    expect((await told.staff())[0]?.content).toContain('已出库');
    expect((await told.shopper())[0]?.content).toContain('已出库');
    expect(await steps.workOf(order.id)).toBe('cancel_refused');
    // Staff may give the money back all the same, without asking once more.
    supplier.cancels = [];
    await steps.port().refund(order.id, { reason: '照顾顾客' }, STAFF_ACTOR);
    await settleRefunds(app);
    expect([await steps.standing(order.id), supplier.cancels]).toEqual(['refunded/cancel_refused', []]);
  });

  it('is no longer wanted by Haier either: out of stock is as good as a cancel', async () => {
    const order = await agreed();
    await steps.receive(steps.delivery(order.number, 'out_of_stock'));
    await settleRefunds(app);
    expect(await steps.standing(order.id)).toBe('refunded/cancelled');
  });

  it('is rejected at once when YLH refuses to hear of it', async () => {
    supplier.cancel = { kind: 'refused', message: '订单已发货' };
    const order = await agreed();
    await app.drain();
    expect(await steps.standing(order.id)).toBe('paid/cancel_refused');
  });

  it('asked of YLH until it has heard it; the no to a repeat decides nothing', async () => {
    supplier.cancel = { kind: 'unknown', message: 'time-out' };
    const order = await agreed();
    await app.drain();
    await steps.later(1);
    expect(supplier.cancels.length).toBeGreaterThan(1);
    supplier.cancel = { kind: 'refused', message: '重复取消' };
    await steps.later(20);
    expect(await steps.standing(order.id)).toBe('refunding/cancel_pending');
    const { id } = await steps.row(order.id);
    expect((await messages(app, 'haier.cancel', { orderId: id })).map(({ status }) => status)).toEqual([
      'done',
    ]);
    await steps.receive(steps.delivery(order.number, 'cancel', 'done'));
    await settleRefunds(app);
    expect(await steps.standing(order.id)).toBe('refunded/cancelled');
  });

  it('whose verdict never comes stands in the work list after a day, and staff refund without it', async () => {
    const order = await agreed();
    await app.drain();
    expect(await steps.workOf(order.id)).toBeNull();
    await steps.later(24 * 60 + 1);
    expect(await steps.port().find(order.id)).toMatchObject({
      work: { reason: 'cancel_overdue' },
      actions: expect.arrayContaining(['cancel', 'refund']),
    });
    supplier.cancels = [];
    await steps.port().cancel(order.id, { reason: '再问一次' }, STAFF_ACTOR);
    await app.drain();
    expect(supplier.cancels).toHaveLength(1);
    await steps.port().refund(order.id, { reason: '不再等待' }, STAFF_ACTOR);
    await settleRefunds(app);
    expect(await steps.standing(order.id)).toBe('refunded/cancel_pending');
    await steps.receive(steps.delivery(order.number, 'cancel', 'done'));
    expect(await steps.standing(order.id)).toBe('refunded/cancelled');
    expect(await steps.refunds(order.id)).toHaveLength(1);
  });
});

describe('a refund of an order Haier certainly does not have', () => {
  it('goes back at once, and the order is not pushed any more', async () => {
    const order = await steps.paid();
    const started = await app
      .api('post', `/orders/${order.id}/refund`, staff.token)
      .send({ reason: '缺货' })
      .expect(202);
    expect(started.body.data.status).toBe('approved');
    expect(await steps.standing(order.id)).toBe('refunding/cancelled');
    await settleRefunds(app);
    expect([await steps.standing(order.id), supplier.pushes, supplier.cancels]).toEqual([
      'refunded/cancelled',
      [],
      [],
    ]);
  });

  it('as when it was refused, but not when the answer was lost', async () => {
    supplier.push = { kind: 'refused', message: '编码不存在' };
    const refused = await steps.paid();
    await app.drain();
    supplier.push = { kind: 'unknown', message: 'time-out' };
    const lost = await steps.paid();
    await app.drain();
    for (const { id } of [refused, lost])
      await app.api('post', `/orders/${id}/refund`, staff.token).send({ reason: '缺货' }).expect(202);
    expect(await steps.standing(refused.id)).toBe('refunding/cancelled');
    expect(await steps.standing(lost.id)).toBe('refunding/cancel_pending');
    await app.drain();
    expect(supplier.cancels.map(({ soId }) => soId)).toEqual([lost.number]);
    await steps.receive(steps.delivery(lost.number, 'cancel', 'done'));
    await settleRefunds(app);
    expect(await steps.standing(lost.id)).toBe('refunded/cancelled');
  });

  it('also when the push is under way and comes to nothing', async () => {
    const order = await steps.paid();
    supplier.push = async () => {
      await app.api('post', `/orders/${order.id}/refund`, staff.token).send({ reason: '缺货' });
      expect(await steps.standing(order.id)).toBe('refunding/cancel_pending');
      return { kind: 'failed', message: '连不上' };
    };
    await app.drain();
    expect(supplier.cancels).toEqual([]);
    await settleRefunds(app);
    expect(await steps.standing(order.id)).toBe('refunded/cancelled');
  });

  it('and a push that got through meanwhile is cancelled', async () => {
    const order = await steps.paid();
    supplier.push = async () => {
      await app.api('post', `/orders/${order.id}/refund`, staff.token).send({ reason: '缺货' });
      return { kind: 'pushed', haierOrderNo: 'SO.MEANWHILE', wasThere: false };
    };
    await app.drain();
    expect(await steps.row(order.id)).toMatchObject({
      haier_status: 'cancel_pending',
      haier_order_no: 'SO.MEANWHILE',
    });
    expect(supplier.cancels.map(({ soId }) => soId)).toEqual([order.number]);
    await steps.receive(steps.delivery(order.number, 'cancel', 'done'));
    await settleRefunds(app);
    expect(await steps.standing(order.id)).toBe('refunded/cancelled');
  });

  it('while nobody has decided it waits, and goes on when the wish is rejected', async () => {
    const order = await steps.paid();
    const refund = (await ask(order).expect(202)).body.data.documentId as string;
    await app.drain();
    expect([await steps.standing(order.id), supplier.pushes]).toEqual(['refunding/push_pending', []]);
    await decide(refund, 'reject', { reason: '已备货' }).expect(200);
    await steps.later(6);
    expect(await steps.standing(order.id)).toBe('paid/pushed');
  });
});

describe('other refunds', () => {
  it('of a part ask nobody', async () => {
    const order = await steps.paid();
    await app.drain();
    const refund = (await ask(order, { amount: 100 }).expect(202)).body.data.documentId as string;
    expect((await decide(refund, 'approve').expect(200)).body.data.status).toBe('approved');
    await settleRefunds(app);
    expect([await steps.standing(order.id), supplier.cancels]).toEqual(['paid/pushed', []]);
  });

  it('of delivered goods ask nobody', async () => {
    const order = await steps.paid();
    await app.drain();
    supplier.parcels = [
      { company: 'C', trackingNumber: 'N', status: '已签收', traces: [{ at: null, status: '已签收' }] },
    ];
    await steps.port().refresh(order.id, STAFF_ACTOR);
    expect(await steps.standing(order.id)).toBe('completed/pushed');
    await app.api('post', `/orders/${order.id}/refund`, staff.token).send({ reason: '退货' }).expect(202);
    await settleRefunds(app);
    expect([await steps.standing(order.id), supplier.cancels]).toEqual(['refunded/pushed', []]);
  });

  it('of an order that cost nothing wait for Haier too', async () => {
    const buyer = await createBuyer(app);
    const { documentId: product } = await makeHaierProduct(app);
    await makeFree(app, product);
    const order = await placeOrder(app, buyer, product);
    expect([order.status, order.haierStatus]).toEqual(['paid', 'push_pending']);
    await app.drain();
    const asked = await app
      .api('post', `/orders/${order.documentId}/refund`, staff.token)
      .send({ reason: '缺货' })
      .expect(202);
    expect(asked.body.data.status).toBe('requested');
    expect(await steps.standing(order.documentId)).toBe('paid/cancel_pending');
    await app.drain();
    await steps.receive(steps.delivery(order.orderNumber, 'cancel', 'done'));
    expect(await steps.standing(order.documentId)).toBe('refunded/cancelled');
  });
});
