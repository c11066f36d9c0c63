import { startApp, type TestApp } from '../support/app';
import { checkOut, during, listen, REFUNDS_PATH, refundsOf, settleRefunds } from '../support/factories/money';
import { refundSteps } from '../support/factories/refund-steps';
import {
  type Buyer,
  createBuyer,
  createStaff,
  payAtWechat,
  placeOrder,
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
afterAll(() => endSound(app));

const { stocked, ask, act, read, numberOf, posts, statusOf, settleUnheard, hurry, approved } = refundSteps(
  () => ({
    app,
    buyer,
    staff,
  }),
);

/** WeChat takes a refund, says no, and knows nothing of it when asked: the books are wrong, until it succeeds. */
async function giveUpWrongly(number: string): Promise<void> {
  const refuse = { host: 'pay', kind: 'business', code: 'INVALID_REQUEST', processFirst: true } as const;
  const forget = { host: 'pay', kind: 'business', status: 404, code: 'RESOURCE_NOT_EXISTS' } as const;
  await during(app, { ...refuse, method: 'POST', path: REFUNDS_PATH }, () =>
    during(app, { ...forget, method: 'GET', path: `${REFUNDS_PATH}/${number}` }, () => app.drain()),
  );
}

describe('a refund that is abnormal at WeChat', () => {
  const abnormal = async () => {
    app.sandbox.control.refunds.script({ outcome: 'ABNORMAL', times: 1 });
    const made = await approved();
    await settleRefunds(app);
    return made;
  };

  it('still counts, waits for staff, and is booked when the money arrives after all', async () => {
    const told = await listen(app);
    const { order, product, id, number } = await abnormal();
    expect([(await read(id)).status, await statusOf(order)]).toEqual(['abnormal', 'refunding']);
    expect((await told.staff()).map(({ title }) => title)).toContain('退款异常，请在微信商户平台处理');
    const work = (await merchant.call('get', '/back-office/work-list')).body.data;
    expect(work.refundsToMend).toBe(1);
    expect((await act(id, 'retry')).body.error.details.code).toBe('PAYMENT_CONFLICT');
    // Staff settle it in WeChat's console, and WeChat notifies.
    app.sandbox.control.refunds.settle(number, 'SUCCESS');
    await app.sandbox.control.idle();
    expect([(await read(id)).status, await statusOf(order)]).toEqual(['succeeded', 'refunded']);
    expect(await readStock(app, staff, product)).toMatchObject({ locked: 0 });
  });

  it('is found by the query, and by staff who ask again', async () => {
    const [byQuery, byStaff] = [await abnormal(), await abnormal()];
    for (const { number } of [byQuery, byStaff]) await settleUnheard(number, 'SUCCESS');
    expect((await read(byStaff.id)).status).toBe('abnormal');
    const answer = await merchant.call('post', `/back-office/refunds/${byStaff.id}/sync`).send({});
    expect([answer.status, answer.body.data.status]).toEqual([200, 'succeeded']);
    expect(await statusOf(byStaff.order)).toBe('refunded');
    await hurry('refund.check');
    await app.drain();
    expect([(await read(byQuery.id)).status, await statusOf(byQuery.order)]).toEqual([
      'succeeded',
      'refunded',
    ]);
  });
});

describe('a refund that WeChat closes', () => {
  const closed = async () => {
    app.sandbox.control.refunds.script({ outcome: 'CLOSED', times: 1 });
    const made = await approved();
    await settleRefunds(app);
    return made;
  };

  it('puts the order back, and staff try it again under a new number, once', async () => {
    const told = await listen(app);
    const { order, id, number } = await closed();
    expect([(await read(id)).status, await statusOf(order)]).toEqual(['failed', 'paid']);
    expect((await told.staff()).map(({ title }) => title)).toContain('退款失败，请处理');
    const history = await app.api('get', `/orders/${order.documentId}/history`, buyer.token);
    expect(history.body.data[history.body.data.length - 1]).toMatchObject({
      event: 'refundFailed',
      reason: '微信支付已关闭该退款（CLOSED）',
    });
    expect((await app.api('post', `/refunds/${id}/retry`, buyer.token).send({})).status).toBe(403);
    await app.advance(60_000);
    const twice = await Promise.all([act(id, 'retry'), act(id, 'retry')]);
    expect(twice.map(({ status }) => status).sort()).toEqual([200, 409]);
    const again = twice.find(({ status }) => status === 200)?.body.data;
    expect(again).toMatchObject({ status: 'approved', amount: 100, kind: 'full' });
    expect(again.refundNumber).not.toBe(number);
    expect(await statusOf(order)).toBe('refunding');
    await settleRefunds(app);
    expect([(await read(again.documentId)).status, await statusOf(order)]).toEqual(['succeeded', 'refunded']);
    const file = (await merchant.call('get', `/back-office/orders/${order.documentId}`)).body.data;
    expect(file.refunds.map(({ status, isRetried }: Record<string, unknown>) => [status, isRetried])).toEqual(
      [
        ['succeeded', false],
        ['failed', true],
      ],
    );
  });

  it('and was surplus goes back all the same, from the panel', async () => {
    const product = await stocked(1, { price: 20 });
    const order = await placeOrder(app, buyer, product);
    const { payParams } = await startPaying(app, buyer, { order: order.documentId });
    await app.strapi.db
      .connection('orders')
      .where({ document_id: order.documentId })
      .update({ actual_amount: 15, discount_amount: 5 });
    app.sandbox.control.refunds.script({ outcome: 'CLOSED', times: 1 });
    await payAtWechat(app, buyer, payParams);
    await settleRefunds(app);
    const [failed] = await refundsOf(app, buyer, order.documentId);
    expect(failed).toMatchObject({ kind: 'surplus', status: 'failed' });
    await app.advance(60_000);
    const path = `/back-office/refunds/${String(failed?.documentId)}/retry`;
    expect((await merchant.call('post', path).send({})).body.data).toMatchObject({ kind: 'surplus' });
    await settleRefunds(app);
    const refunds = await refundsOf(app, buyer, order.documentId);
    expect(refunds.map(({ status }) => status).sort()).toEqual(['failed', 'succeeded']);
  });

  it('and succeeds later after all is booked, and ends the order that had gone back', async () => {
    const { order, product, id, number } = await approved();
    await giveUpWrongly(number);
    expect([(await read(id)).status, await statusOf(order)]).toEqual(['failed', 'paid']);
    await app.advance(10_000);
    await app.sandbox.control.idle();
    expect([(await read(id)).status, await statusOf(order)]).toEqual(['succeeded', 'refunded']);
    expect(await readStock(app, staff, product)).toEqual({ onHand: 5, locked: 0, stock: 5 });
    const history = await app.api('get', `/orders/${order.documentId}/history`, staff.token);
    expect(
      history.body.data
        .slice(-3)
        .map(({ event, actor }: { event: string; actor: { type: string } }) => [event, actor.type]),
    ).toEqual([
      ['refundFailed', 'system'],
      ['requestRefund', 'system'],
      ['refundSucceeded', 'settlement'],
    ]);
  });

  it('and succeeds while staff try it again: the money of the other orders is not touched', async () => {
    const products = [await stocked(1, { price: 100 }), await stocked(1, { price: 100 })];
    const { checkoutNumber, orders } = await checkOut(
      app,
      buyer,
      products.map((product) => ({ product, quantity: 1 })),
    );
    const { payParams } = await startPaying(app, buyer, { checkoutNumber });
    await payAtWechat(app, buyer, payParams);
    const [first, second] = orders as unknown as [{ documentId: string }, { documentId: string }];
    const asked = await ask(first);
    const id = asked.body.data.documentId as string;
    await act(id, 'approve').expect(200);
    await giveUpWrongly(await numberOf(id));
    const again = await act(id, 'retry');
    expect(again.status).toBe(200);
    const { documentId: retryId, refundNumber } = again.body.data as Record<string, string>;
    await app.advance(10_000);
    await app.sandbox.control.idle();
    expect([(await read(id)).status, await statusOf(first)]).toEqual(['succeeded', 'refunded']);
    await settleRefunds(app);
    expect(posts(String(refundNumber))).toEqual([]);
    expect((await read(String(retryId))).status).toBe('failed');
    expect(await statusOf(second)).toBe('paid');
    // What cannot go back any more cannot be tried again either.
    expect((await act(String(retryId), 'retry')).status).toBe(409);
  });
});
