import { startApp, type TestApp } from '../support/app';
import {
  atWechat,
  during,
  listen,
  messages,
  paymentRow,
  PREPAY_PATH,
  row,
  rows,
  settleRefunds,
  transactionPath,
} from '../support/factories/money';
import { payingSteps } from '../support/factories/paying-steps';
import {
  type Buyer,
  createBuyer,
  createStaff,
  payAtWechat,
  placeOrder,
  readOrder,
  readStock,
  startPaying,
  stockProduct,
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

const stocked = (onHand = 1, more: Record<string, unknown> = {}) => stockProduct(app, staff, onHand, more);
const cancel = (order: { documentId: string }) =>
  app.api('post', `/orders/${order.documentId}/cancel`, buyer.token).send({});
const { pay, paymentsOf, later } = payingSteps(() => ({ app, buyer }));

describe('the deadline', () => {
  it.each([
    ['WeChat is down', { kind: 'refuse-connection' }],
    ['WeChat refuses our signature', { kind: 'business', status: 401, code: 'SIGN_ERROR' }],
    ['WeChat refuses our rights', { kind: 'business', status: 403, code: 'NO_AUTH' }],
    ['WeChat finds us too fast', { kind: 'business', status: 429, code: 'RATELIMIT_EXCEEDED' }],
    ['something on the way answers 404', { kind: 'status', status: 404, body: '' }],
  ] as const)(
    'when %s for an hour: stock stays locked, nothing is lost, all is settled after',
    async (_name, fault) => {
      const [unpaidProduct, paidProduct] = [await stocked(), await stocked()];
      const unpaid = await placeOrder(app, buyer, unpaidProduct);
      const paid = await placeOrder(app, buyer, paidProduct);
      await startPaying(app, buyer, { order: unpaid.documentId });
      const { payParams } = await startPaying(app, buyer, { order: paid.documentId });
      await payAtWechat(app, buyer, payParams, 'hold');
      await during(app, { host: 'pay', ...fault }, async () => {
        for (const minutes of [31, 30, 30]) await later(minutes);
        for (const order of [unpaid, paid]) {
          const { id } = await row(app, 'orders', { document_id: order.documentId });
          expect(await messages(app, 'order.expire', { orderId: id })).toEqual([
            { status: 'pending', attempts: 0 },
          ]);
        }
        expect(await readOrder(app, buyer, unpaid.documentId)).toMatchObject({ status: 'pending' });
        expect(await readStock(app, staff, unpaidProduct)).toMatchObject({ locked: 1 });
      });
      // A line that kept failing is not tried again for some seconds of real time.
      await new Promise((resolve) => setTimeout(resolve, 5_100));
      await later(1);
      await later(30);
      expect(await readOrder(app, buyer, unpaid.documentId)).toMatchObject({ status: 'cancelled' });
      expect(await readStock(app, staff, unpaidProduct)).toMatchObject({ locked: 0 });
      expect(await readOrder(app, buyer, paid.documentId)).toMatchObject({ status: 'paid' });
      expect(await rows(app, 'outbox_messages', { status: 'dead' })).toEqual([]);
    },
  );
});

describe('a close whose outcome is unknown', () => {
  it('is asked about before anything is given away', async () => {
    const product = await stocked();
    const order = await placeOrder(app, buyer, product);
    const { data } = await startPaying(app, buyer, { order: order.documentId });
    const path = `${transactionPath(data.paymentNumber)}/close`;
    await during(app, { host: 'pay', path, kind: 'lose-answer' }, () => cancel(order).expect(200));
    expect(await readStock(app, staff, product)).toMatchObject({ locked: 1 });
    await app.drain();
    expect((await paymentRow(app, data.documentId)).status).toBe('closed');
    expect(await readStock(app, staff, product)).toMatchObject({ locked: 0 });
  });

  it('that WeChat refuses for our rights leaves the stock locked', async () => {
    const product = await stocked();
    const order = await placeOrder(app, buyer, product);
    const { data } = await startPaying(app, buyer, { order: order.documentId });
    const path = `${transactionPath(data.paymentNumber)}/close`;
    await during(app, { host: 'pay', path, kind: 'business', status: 403, code: 'NO_AUTH' }, () =>
      cancel(order).expect(200),
    );
    expect(await readStock(app, staff, product)).toMatchObject({ locked: 1 });
    await app.drain();
    expect(await readStock(app, staff, product)).toMatchObject({ locked: 0 });
  });
});

describe('a payment that begins while its order is being cancelled', () => {
  it('is ended too', async () => {
    const order = await placeOrder(app, buyer, await stocked());
    const first = await startPaying(app, buyer, { order: order.documentId });
    const path = `${transactionPath(first.data.paymentNumber)}/close`;
    app.sandbox.control.addFault({ host: 'pay', path, kind: 'delay', ms: 1_500, times: 1 });
    const cancelling = cancel(order).then((answer) => answer);
    await new Promise((resolve) => setTimeout(resolve, 500));
    // The first number dies by another hand, so that a second may be written while the cancel waits.
    await app.strapi.db
      .connection('payments')
      .where({ document_id: first.data.documentId })
      .update({ status: 'closed' });
    const second = await startPaying(app, buyer, { order: order.documentId });
    expect((await cancelling).status).toBe(200);
    expect((await paymentRow(app, second.data.documentId)).status).toBe('closed');
    expect(atWechat(app, second.data.paymentNumber)?.state).toBe('CLOSED');
    expect(app.sandbox.control.pay({ payParams: second.payParams, openid: buyer.openid }).paid).toBe(false);
  });

  it('and reaches WeChat only after it was ended is closed there', async () => {
    const product = await stocked();
    const order = await placeOrder(app, buyer, product);
    app.sandbox.control.addFault({ host: 'pay', path: PREPAY_PATH, kind: 'delay', ms: 1_500, times: 1 });
    const starting = pay(order).then((answer) => answer);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await cancel(order).expect(200);
    const late = await starting;
    expect([late.status, late.body.error?.details.code]).toEqual([409, 'PAYMENT_CONFLICT']);
    const [payment] = await paymentsOf(order);
    expect([payment?.status, payment?.prepay_id]).toEqual(['closed', null]);
    expect(atWechat(app, String(payment?.payment_number))?.state).toBe('CLOSED');
  });
});

describe('money that does not fit its payment', () => {
  const disputed = async () => {
    const order = await placeOrder(app, buyer, await stocked(1, { price: 12.5 }));
    const { data, payParams } = await startPaying(app, buyer, { order: order.documentId });
    await app.strapi.db
      .connection('payments')
      .where({ document_id: data.documentId })
      .update({ payer_open_id: 'somebody else' });
    const told = await listen(app);
    await payAtWechat(app, buyer, payParams);
    await app.drain();
    return { order, payment: data, told };
  };

  it('is held, told once, looked at again, and bars another payment of the order', async () => {
    const { order, payment, told } = await disputed();
    expect((await paymentRow(app, payment.documentId)).status).toBe('disputed');
    await later(31);
    expect((await told.staff()).map(({ title }) => title)).toEqual(['支付结果与记录不符，请核对']);
    const { id } = await paymentRow(app, payment.documentId);
    const checks = await messages(app, 'payment.check', { paymentId: id });
    expect(checks).toContainEqual({ status: 'pending', attempts: 0 });
    const work = (await merchant.call('get', '/back-office/work-list')).body.data;
    expect(work.paymentsToCheck).toBe(1);
    // Corrected by hand, it settles as usual, late as it is.
    await app.strapi.db
      .connection('payments')
      .where({ document_id: payment.documentId })
      .update({ payer_open_id: buyer.openid });
    const path = `/back-office/payments/${payment.documentId}/sync`;
    expect((await merchant.call('post', path).send({})).body.data.status).toBe('succeeded');
    expect(await readOrder(app, buyer, order.documentId)).toMatchObject({ status: 'paid' });
  });

  it('is sent back by staff, once', async () => {
    const { order, payment } = await disputed();
    const barred = await pay(order);
    expect([barred.status, barred.body.error.message]).toEqual([
      409,
      '该订单的一笔支付正在核对，核对完成前不能再次付款',
    ]);
    const path = `/back-office/payments/${payment.documentId}/return`;
    const returned = await merchant.call('post', path).send({});
    expect([returned.status, returned.body.data.status]).toEqual([200, 'succeeded']);
    expect((await merchant.call('post', path).send({})).status).toBe(409);
    await settleRefunds(app);
    const { id } = await paymentRow(app, payment.documentId);
    expect(await rows(app, 'refunds', { payment_id: id })).toEqual([
      expect.objectContaining({
        kind: 'surplus',
        status: 'succeeded',
        decided_by: `staff:admin:${merchant.id}`,
      }),
    ]);
    expect(await readOrder(app, buyer, order.documentId)).toMatchObject({ status: 'pending' });
    expect((await pay(order)).status).toBe(201);
  });

  it('that WeChat does not have after all is closed at the deadline', async () => {
    const order = await placeOrder(app, buyer, await stocked());
    const { data } = await startPaying(app, buyer, { order: order.documentId });
    await app.strapi.db
      .connection('payments')
      .where({ document_id: data.documentId })
      .update({ status: 'disputed' });
    const path = `/back-office/payments/${data.documentId}/return`;
    expect((await merchant.call('post', path).send({})).status).toBe(409);
    await later(31);
    expect((await paymentRow(app, data.documentId)).status).toBe('closed');
    expect(await readOrder(app, buyer, order.documentId)).toMatchObject({ status: 'cancelled' });
  });
});
