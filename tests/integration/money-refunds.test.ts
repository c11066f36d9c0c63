import { startApp, type TestApp } from '../support/app';
import { checkOut, makeFree, paymentRow, row, rows, settleRefunds } from '../support/factories/money';
import { refundSteps } from '../support/factories/refund-steps';
import {
  type Buyer,
  createBuyer,
  createStaff,
  payAtWechat,
  placeOrder,
  placePaidOrder,
  readStock,
  startPaying,
} from '../support/factories/orders';
import { panelUser, type PanelUser } from '../support/factories/panel';
import { endSound } from '../support/sound';

let app: TestApp;
let buyer: Buyer;
let staff: Awaited<ReturnType<typeof createStaff>>;
let merchant: PanelUser;

beforeAll(async () => {
  app = await startApp();
  buyer = await createBuyer(app);
  staff = await createStaff(app);
  merchant = await panelUser(app, 'merchant');
});
// One test has WeChat pay a refund out twice, which nobody can undo but people.
afterAll(() => endSound(app, ['refund.sum', 'refund.of-order']));

const { stocked, ask, act, read, statusOf, posts, approved } = refundSteps(() => ({ app, buyer, staff }));

describe('refunds of one payment', () => {
  it('go to WeChat a minute apart, of one order of a checkout without touching the other', async () => {
    const [a, b] = [await stocked(2, { price: 40 }), await stocked(2, { price: 60 })];
    const { checkoutNumber, orders } = await checkOut(app, buyer, [
      { product: a, quantity: 1 },
      { product: b, quantity: 1 },
    ]);
    const { data, payParams } = await startPaying(app, buyer, { checkoutNumber });
    await payAtWechat(app, buyer, payParams);
    const [first, second] = orders as [(typeof orders)[0], (typeof orders)[0]];
    const one = (await ask(first)).body.data;
    expect(one.amount).toBe(first.actualAmount);
    await act(one.documentId, 'approve').expect(200);
    await settleRefunds(app);
    expect([await statusOf(first), await statusOf(second)]).toEqual(['refunded', 'paid']);
    const other = (await ask(second)).body.data;
    await act(other.documentId, 'approve').expect(200);
    await app.drain();
    expect(posts(other.refundNumber)).toHaveLength(0);
    await app.advance(60_000);
    await settleRefunds(app);
    expect([await statusOf(second), posts(other.refundNumber).length]).toEqual(['refunded', 1]);
    const { id } = await paymentRow(app, data.documentId);
    const refunds = await rows(app, 'refunds', { payment_id: id });
    expect(refunds.reduce((sum, refund) => sum + Number(refund.amount), 0)).toBe(100);
  });

  it('in parts leave the stock alone until all is back', async () => {
    const { order, product, id } = await approved({ quantity: 2, amount: 50.5 });
    expect((await read(id)).kind).toBe('partial');
    await settleRefunds(app);
    expect(await readStock(app, staff, product)).toMatchObject({ onHand: 5, locked: 2 });
    expect(await statusOf(order)).toBe('paid');
    const more = await ask(order, { amount: 149.51 });
    expect([more.status, more.body.error.details.code]).toEqual([400, 'VALIDATION_FAILED']);
    const rest = (await ask(order)).body.data;
    expect(rest).toMatchObject({ amount: 149.5, kind: 'full' });
    await act(rest.documentId, 'approve').expect(200);
    await app.advance(60_000);
    await settleRefunds(app);
    expect(await statusOf(order)).toBe('refunded');
    expect(await readStock(app, staff, product)).toEqual({ onHand: 5, locked: 0, stock: 5 });
  });

  it('are counted: WeChat takes fifty, and each order must keep one', async () => {
    const { order } = await approved({ amount: 1 });
    await settleRefunds(app);
    const { id, ...copy } = (await rows(app, 'refunds')).at(-1) as Record<string, unknown> & { id: number };
    expect(id).toBeGreaterThan(0);
    const copies = Array.from({ length: 48 }, (_, place) => ({
      ...copy,
      amount: 0.01,
      document_id: `refundcopy${String(place).padStart(14, '0')}`,
      refund_number: `${String(copy.refund_number)}-${place}`,
      request: null,
    }));
    await app.strapi.db.connection('refunds').insert(copies);
    const part = await ask(order, { amount: 1 });
    expect([part.status, part.body.error.details.code]).toEqual([409, 'PAYMENT_CONFLICT']);
    expect((await ask(order)).status).toBe(202);
  });

  it('take another number when theirs is taken', async () => {
    const { order } = await placePaidOrder(app, buyer, await stocked());
    const taken = await row(app, 'refunds', { id: 1 });
    const { createNumber } = jest.requireActual<typeof import('../../src/domain/order-number')>(
      '../../src/domain/order-number',
    );
    const crypto = jest.requireActual<{ randomInt: (limit: number) => number }>('node:crypto');
    const now = (await import('../support/app')).compiled<typeof import('../../src/platform/clock')>(
      'src/platform/clock',
    ).clock;
    const numbers = [0, 1, 2].map((seconds) =>
      createNumber('R', new Date(now.now().getTime() + seconds * 1000), () => 7),
    );
    await app.strapi.db.connection('refunds').insert(
      numbers.map((refund_number, place) => {
        const { id: _id, ...copy } = taken;
        return {
          ...copy,
          refund_number,
          request: null,
          document_id: `numbertaken${String(place).padStart(13, '0')}`,
        };
      }),
    );
    const real = crypto.randomInt;
    let drawn = 0;
    crypto.randomInt = (limit) => ((drawn += 1) <= 8 ? 7 : real(limit));
    try {
      const asked = await ask(order);
      expect([asked.status, drawn]).toEqual([202, 16]);
    } finally {
      crypto.randomInt = real;
    }
  });
});

describe('deciding a refund', () => {
  it('is done once, by whichever of two members of staff comes first', async () => {
    const { order } = await placePaidOrder(app, buyer, await stocked());
    const id = (await ask(order)).body.data.documentId as string;
    const second = await ask(order);
    expect([second.status, second.body.error.message]).toEqual([409, expect.any(String)]);
    const answers = await Promise.all([
      act(id, 'approve'),
      act(id, 'reject', { reason: '已发货' }),
      merchant.call('post', `/back-office/refunds/${id}/approve`).send({}),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  });

  it('under way at WeChat bars a second request', async () => {
    const { order, id, number } = await approved({ amount: 10 });
    app.sandbox.control.refunds.script({ outcome: 'PROCESSING', outRefundNo: number, times: 1 });
    await settleRefunds(app);
    expect((await read(id)).status).toBe('processing');
    expect((await ask(order, { amount: 10 })).body.error.details.code).toBe('PAYMENT_CONFLICT');
    app.sandbox.control.refunds.settle(number);
    await app.sandbox.control.idle();
    expect((await ask(order, { amount: 10 })).status).toBe(202);
  });
});

describe('a refund that staff start', () => {
  it('is decided with the asking, in part or as a whole', async () => {
    const { order } = await placePaidOrder(app, buyer, await stocked(1, { price: 80 }));
    const part = await ask(order, { amount: 5, reason: '运费补偿' }, staff.token);
    expect([part.status, part.body.data]).toEqual([
      202,
      expect.objectContaining({ status: 'approved', kind: 'partial', amount: 5 }),
    ]);
    await settleRefunds(app);
    await app.advance(60_000);
    const whole = await merchant
      .call('post', `/back-office/orders/${order.documentId}/refund`)
      .send({ reason: '缺货' });
    expect([whole.status, whole.body.data.status]).toEqual([200, 'refunding']);
    expect(whole.body.data.refunds[0]).toMatchObject({
      amount: 75,
      status: 'approved',
      decidedBy: `staff:admin:${merchant.id}`,
    });
    await settleRefunds(app);
    expect(await statusOf(order)).toBe('refunded');
    const none = await ask(order, {}, staff.token);
    expect([none.status, none.body.error.details.code]).toEqual([409, 'ORDER_STATE_CONFLICT']);
  });

  it('is bound to what was paid; shoppers cannot say that goods are back', async () => {
    const { order } = await placePaidOrder(app, buyer, await stocked(1, { price: 80 }));
    for (const body of [{ amount: 80.01 }, { amount: 0 }, { amount: -1 }, { amount: 1.001 }])
      expect((await ask(order, body, staff.token)).body.error.details.code).toBe('VALIDATION_FAILED');
    expect((await ask(order, { isGoodsReturned: true })).body.error.details.code).toBe('VALIDATION_FAILED');
    const stranger = await createBuyer(app);
    expect((await ask(order, {}, stranger.token)).status).toBe(404);
    expect(await statusOf(order)).toBe('paid');
  });

  it('ends an order that cost nothing, and gives its stock back', async () => {
    const product = await stocked(3, { price: 10 });
    await makeFree(app, product);
    const order = await placeOrder(app, buyer, product);
    expect((await ask(order)).body.error.details.code).toBe('PAYMENT_CONFLICT');
    const ended = await ask(order, { reason: '活动取消' }, staff.token);
    expect([ended.status, ended.body.data]).toEqual([
      202,
      expect.objectContaining({ amount: 0, status: 'succeeded', payment: null }),
    ]);
    expect(await statusOf(order)).toBe('refunded');
    expect(await readStock(app, staff, product)).toEqual({ onHand: 3, locked: 0, stock: 3 });
  });
});

describe('who sees and does what, and when', () => {
  it('staff who also shop see their own refunds apart', async () => {
    const { order } = await placePaidOrder(app, buyer, await stocked());
    await ask(order).expect(202);
    const all = await app.api('get', '/refunds', staff.token);
    const mine = await app.api('get', '/refunds?scope=mine', staff.token);
    expect(all.body.data.length).toBeGreaterThan(0);
    expect([mine.status, mine.body.data]).toEqual([200, []]);
    expect((await app.api('get', '/refunds?scope=ours', staff.token)).status).toBe(400);
    expect((await app.api('get', '/refunds?scope=all', buyer.token)).body.data.length).toBeLessThanOrEqual(
      all.body.data.length,
    );
  });

  it('an order cancelled without a reason says who cancelled it', async () => {
    const product = await stocked(2);
    const [own, theirs] = [await placeOrder(app, buyer, product), await placeOrder(app, buyer, product)];
    const cancel = (order: { documentId: string }, token: string) =>
      app.api('post', `/orders/${order.documentId}/cancel`, token).send({}).expect(200);
    expect((await cancel(own, buyer.token)).body.data.cancelReason).toBe('用户取消');
    expect((await cancel(theirs, staff.token)).body.data.cancelReason).toBe('商家取消');
  });

  it('a shopper’s window closes some days after completion, staff’s does not', async () => {
    const { order } = await placePaidOrder(app, buyer, await stocked());
    await app
      .api('post', `/orders/${order.documentId}/ship`, staff.token)
      .send({ company: '顺丰', trackingNumber: '1' })
      .expect(200);
    await app.advance(9 * 24 * 3_600_000);
    await app.drain();
    expect(await statusOf(order)).toBe('shipped');
    await app.advance(25 * 3_600_000);
    await app.drain();
    expect(await statusOf(order)).toBe('completed');
    const history = await app.api('get', `/orders/${order.documentId}/history`, staff.token);
    expect(history.body.data.at(-1)).toMatchObject({ event: 'autoComplete', actor: { type: 'system' } });
    const fresh = (await import('../support/factories/accounts')).signInShopper;
    const again = await fresh(app, { openid: buyer.openid });
    const colleague = await createStaff(app);
    await app.advance(6.9 * 24 * 3_600_000);
    const inTime = await fresh(app, { openid: buyer.openid });
    expect(again.user.documentId).toBe(inTime.user.documentId);
    const part = await ask(order, { amount: 1 }, inTime.token);
    expect(part.status).toBe(202);
    const staffNow = await createStaff(app);
    await app
      .api('post', `/refunds/${part.body.data.documentId}/reject`, staffNow.token)
      .send({})
      .expect(200);
    await app.advance(0.2 * 24 * 3_600_000);
    const tooLate = await fresh(app, { openid: buyer.openid });
    const refused = await ask(order, { amount: 1 }, tooLate.token);
    expect([refused.status, refused.body.error.message]).toEqual([409, '已超过可申请退款的期限']);
    const later = await createStaff(app);
    expect((await ask(order, { amount: 1 }, later.token)).status).toBe(202);
    expect(colleague.user.isStaff).toBe(true);
  });
});
