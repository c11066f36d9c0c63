import { startApp, type TestApp } from '../support/app';
import { during, listen, messages, REFUNDS_PATH, row, settleRefunds } from '../support/factories/money';
import { refundSteps } from '../support/factories/refund-steps';
import { type Buyer, createBuyer, createStaff } from '../support/factories/orders';
import { endSound } from '../support/sound';

let app: TestApp;
let buyer: Buyer;
let staff: Awaited<ReturnType<typeof createStaff>>;
beforeAll(async () => {
  app = await startApp();
  buyer = await createBuyer(app);
  staff = await createStaff(app);
});
afterAll(() => endSound(app));

const { read, statusOf, posts, settleUnheard, hurry, approved } = refundSteps(() => ({ app, buyer, staff }));

describe('a refund whose submission goes wrong', () => {
  it.each([
    ['a lost answer', { kind: 'lose-answer' }],
    ['429', { kind: 'business', status: 429, code: 'FREQUENCY_LIMITED', processFirst: true }],
    ['500', { kind: 'business', status: 500, code: 'SYSTEM_ERROR', processFirst: true }],
  ] as const)('because of %s is asked about before it is sent again', async (_name, fault) => {
    const { id, number, order } = await approved();
    await during(app, { host: 'pay', method: 'POST', path: REFUNDS_PATH, ...fault }, () => app.drain());
    expect((await read(id)).status).toBe('approved');
    await app.advance(20_000);
    await settleRefunds(app);
    expect([(await read(id)).status, await statusOf(order)]).toEqual(['succeeded', 'refunded']);
    expect(posts(number)).toHaveLength(1);
  });

  it('because WeChat is down for an hour is sent with the same bytes, and never given up', async () => {
    const { id, number } = await approved();
    const { id: refundId } = await row(app, 'refunds', { document_id: id });
    await during(app, { host: 'pay', path: REFUNDS_PATH, kind: 'refuse-connection' }, async () => {
      for (let minutes = 0; minutes < 60; minutes += 15) {
        await app.drain();
        await app.advance(15 * 60_000);
      }
    });
    expect(await messages(app, 'refund.submit', { refundId })).toEqual([{ status: 'pending', attempts: 0 }]);
    await settleRefunds(app);
    expect((await read(id)).status).toBe('succeeded');
    const bodies = new Set(posts(number).map(({ body }) => body));
    expect(bodies.size).toBe(1);
  });

  it('while it is processing at WeChat is asked about until the line is back', async () => {
    app.sandbox.control.refunds.script({ outcome: 'PROCESSING', times: 1 });
    const { id, number } = await approved();
    const { id: refundId } = await row(app, 'refunds', { document_id: id });
    await settleRefunds(app);
    expect((await read(id)).status).toBe('processing');
    await during(app, { host: 'pay', path: REFUNDS_PATH, kind: 'refuse-connection' }, async () => {
      for (let minutes = 0; minutes < 60; minutes += 20) {
        await app.advance(20 * 60_000);
        await app.drain();
      }
    });
    expect(await messages(app, 'refund.check', { refundId })).toEqual([{ status: 'pending', attempts: 0 }]);
    await settleUnheard(number, 'SUCCESS');
    await hurry('refund.check');
    await app.drain();
    expect((await read(id)).status).toBe('succeeded');
  });

  it.each([
    [401, 'SIGN_ERROR', '微信支付暂不受理退款'],
    [403, 'NO_AUTH', '微信支付暂不受理退款'],
    [403, 'RULE_LIMIT', '微信支付暂不受理退款'],
    [400, 'SOMETHING_NEW', '微信支付暂不受理退款'],
    [403, 'NOT_ENOUGH', '商户余额不足，退款等待中'],
  ])('with %i %s waits, tells staff once, and goes on by itself', async (status, code, title) => {
    const { id, order, number } = await approved();
    const told = await listen(app);
    const fault = {
      host: 'pay',
      method: 'POST',
      path: REFUNDS_PATH,
      kind: 'business',
      status,
      code,
    } as const;
    await during(app, fault, async () => {
      await app.drain();
      await app.advance(11 * 60_000);
      await app.drain();
    });
    expect([(await read(id)).status, await statusOf(order)]).toEqual(['approved', 'refunding']);
    expect((await told.staff()).filter((notice) => notice.title === title)).toHaveLength(1);
    await app.advance(11 * 60_000);
    await settleRefunds(app);
    expect((await read(id)).status).toBe('succeeded');
    expect(new Set(posts(number).map(({ body }) => body)).size).toBe(1);
  });

  it('with a refusal for good asks first, and believes what WeChat has rather than what it said', async () => {
    const { id, order } = await approved();
    const fault = { host: 'pay', method: 'POST', path: REFUNDS_PATH, kind: 'business' } as const;
    await during(app, { ...fault, code: 'INVALID_REQUEST', processFirst: true }, () => app.drain());
    expect((await read(id)).status).toBe('processing');
    await settleRefunds(app);
    expect(await statusOf(order)).toBe('refunded');
    const gone = await approved();
    await during(app, { ...fault, status: 403, code: 'USER_ACCOUNT_ABNORMAL' }, () => app.drain());
    expect([(await read(gone.id)).status, await statusOf(gone.order)]).toEqual(['failed', 'paid']);
  });

  it('because the answer is about something else concludes nothing, and goes on asking', async () => {
    app.sandbox.control.refunds.script({ outcome: 'PROCESSING', times: 1 });
    const { id, number } = await approved({ amount: 30 });
    const { id: refundId } = await row(app, 'refunds', { document_id: id });
    await settleRefunds(app);
    await app.strapi.db.connection('refunds').where({ id: refundId }).update({ amount: 29 });
    const told = await listen(app);
    for (const minutes of [2, 31, 31]) {
      await app.advance(minutes * 60_000);
      await app.drain();
    }
    expect((await read(id)).status).toBe('processing');
    expect((await told.staff()).map(({ title }) => title)).toEqual(['退款结果与记录不符，请核对']);
    expect(await messages(app, 'refund.check', { refundId })).toEqual([{ status: 'pending', attempts: 0 }]);
    await app.strapi.db.connection('refunds').where({ id: refundId }).update({ amount: 30 });
    app.sandbox.control.refunds.settle(number, 'SUCCESS');
    await app.sandbox.control.idle();
    expect((await read(id)).status).toBe('succeeded');
  });
});
