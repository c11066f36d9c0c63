import { startApp, type TestApp } from '../support/app';
import type { SignedInClient } from '../support/factories/accounts';
import { checkOut, during, listen, settleRefunds, whileWechatForgets } from '../support/factories/money';
import { type Buyer, createBuyer, createStaff, payAtWechat, startPaying } from '../support/factories/orders';
import { panelUser, type PanelUser } from '../support/factories/panel';
import { refundSteps } from '../support/factories/refund-steps';
import {
  ASK_PATH,
  type Named,
  shippingSteps,
  TOLD,
  UNTOLD,
  UPLOAD_PATH,
  uploadShipping,
} from '../support/factories/shipping-steps';
import { endSound } from '../support/sound';

let app: TestApp;
let buyer: Buyer;
let staff: SignedInClient;
let merchant: PanelUser;

beforeAll(async () => {
  app = await startApp();
  buyer = await createBuyer(app);
  staff = await createStaff(app);
  merchant = await panelUser(app, 'merchant');
});
afterAll(() => endSound(app));

const cast = () => ({ app, buyer, staff });
const { ask, act } = refundSteps(cast);
const { heard, stocked, ship, paid, paidTogether, uploadsOf, shipmentOf, statuses, markOf } =
  shippingSteps(cast);

describe('a payment of one order', () => {
  it('is told as one unified delivery, and staff see it on the order', async () => {
    const { order, payment } = await paid();
    const number = await ship(order, '顺丰');
    await app.drain();
    expect(shipmentOf(payment)).toMatchObject({
      deliveryMode: 1,
      logisticsType: 1,
      finished: true,
      finishCount: 1,
      parcels: [{ trackingNo: number, expressCompany: 'SF', contact: { receiver_contact: '138****8000' } }],
    });
    expect(shipmentOf(payment)?.parcels[0]?.itemDesc).toMatch(/.+\*1$/);
    expect([await statuses(payment), await markOf(order)]).toEqual([['done'], TOLD]);
    const file = await merchant.call('get', `/back-office/orders/${order.documentId}`);
    expect(file.body.data).toMatchObject({
      shippingUploadedAt: expect.stringMatching(/^\d{4}-/),
      shippingUploadNote: null,
    });
    const mine = await app.api('get', `/orders/${order.documentId}`, buyer.token);
    expect(mine.body.data).not.toHaveProperty('shippingUploadedAt');
  });

  it('is told again later when WeChat does not know the payment yet', async () => {
    const { order, payment } = await paid({ isHeard: false });
    await ship(order);
    await app.drain();
    expect([await statuses(payment), uploadsOf(payment).length]).toEqual([['pending'], 0]);
    await heard();
    await app.drain();
    expect([await statuses(payment), await markOf(order)]).toEqual([['done'], TOLD]);
  });

  it('that WeChat never learns of is given up, and staff are told', async () => {
    const { order, payment } = await paid();
    const told = await listen(app);
    await during(app, { host: 'api', path: ASK_PATH, kind: 'business', errcode: 10060001 }, async () => {
      await ship(order);
      for (let minute = 0; minute < 150 && (await statuses(payment))[0] !== 'dead'; minute += 1) {
        await app.advance(60_000);
        await app.drain();
      }
    });
    expect(await statuses(payment)).toEqual(['dead']);
    expect((await markOf(order)).note).toContain('10060001');
    expect((await told.staff()).filter(({ title }) => title.includes('发货'))).toHaveLength(1);
  });

  it('is told once, however often and however much at once it is told', async () => {
    const { order, payment } = await paid();
    await ship(order);
    await Promise.all([uploadShipping(payment.id), uploadShipping(payment.id), uploadShipping(payment.id)]);
    await app.drain();
    await uploadShipping(payment.id);
    expect([shipmentOf(payment)?.finishCount, shipmentOf(payment)?.parcels.length]).toEqual([1, 1]);
    expect([await statuses(payment), await markOf(order)]).toEqual([['done'], TOLD]);
  });

  it('of which the worker died after WeChat took it is found to be told', async () => {
    const { order, payment } = await paid();
    await ship(order);
    await app.drain();
    await app.strapi.db
      .connection('orders')
      .where({ document_id: order.documentId })
      .update({ shipping_uploaded_at: null });
    await uploadShipping(payment.id);
    expect([uploadsOf(payment).length, await markOf(order)]).toEqual([1, TOLD]);
  });

  it('of which the answer was lost is asked about, not told again', async () => {
    const { order, payment } = await paid();
    await during(app, { host: 'api', path: UPLOAD_PATH, kind: 'lose-answer', times: 1 }, async () => {
      await ship(order);
      await app.drain();
    });
    expect([await statuses(payment), await markOf(order)]).toEqual([['pending'], UNTOLD]);
    await app.advance(15_000);
    await app.drain();
    expect([await statuses(payment), await markOf(order), uploadsOf(payment).length]).toEqual([
      ['done'],
      TOLD,
      1,
    ]);
  });
});

describe('a payment of several orders', () => {
  it('is told parcel by parcel, and complete with the last', async () => {
    const { orders, payment } = await paidTogether(3);
    const numbers: string[] = [];
    for (const [place, order] of orders.entries()) {
      numbers.push(await ship(order));
      await app.drain();
      expect(shipmentOf(payment)).toMatchObject({ deliveryMode: 2, finished: place === 2 });
      expect(shipmentOf(payment)?.parcels.map(({ trackingNo }) => trackingNo)).toEqual(numbers);
      expect(await markOf(order)).toEqual(TOLD);
    }
    expect([shipmentOf(payment)?.finishCount, uploadsOf(payment).length]).toEqual([1, 3]);
  });

  it('is told in order, and what one message has told the next ones leave', async () => {
    const { orders, payment } = await paidTogether(2);
    await ship(orders[0]);
    await ship(orders[1]);
    expect((await statuses(payment)).length).toBe(2);
    await app.drain();
    expect([await statuses(payment), uploadsOf(payment).length]).toEqual([['done', 'done'], 1]);
    expect(shipmentOf(payment)).toMatchObject({ finished: true, finishCount: 1 });
  });

  it('is complete once the order that had not shipped is refunded', async () => {
    const { orders, payment } = await paidTogether(2);
    const number = await ship(orders[0]);
    const refund = (await ask(orders[1])).body.data as Named;
    await app.drain();
    expect(shipmentOf(payment)).toMatchObject({ finished: false });
    await act(refund.documentId, 'approve').expect(200);
    await settleRefunds(app);
    await app.drain();
    expect(shipmentOf(payment)).toMatchObject({
      finished: true,
      finishCount: 1,
      parcels: [{ trackingNo: number }],
    });
    expect(await markOf(orders[1])).toEqual(UNTOLD);
  });

  it('is complete at once when the other order was refunded before', async () => {
    const { orders, payment } = await paidTogether(2);
    await act(((await ask(orders[1])).body.data as Named).documentId, 'approve').expect(200);
    await settleRefunds(app);
    await ship(orders[0]);
    await app.drain();
    expect(shipmentOf(payment)).toMatchObject({ deliveryMode: 2, finished: true, finishCount: 1 });
    expect(uploadsOf(payment)).toHaveLength(1);
  });

  it('waits for an order whose refund staff turn down', async () => {
    const { orders, payment } = await paidTogether(2);
    const refund = (await ask(orders[1])).body.data as Named;
    await ship(orders[0]);
    await app.drain();
    await act(refund.documentId, 'reject', { reason: '已备货' }).expect(200);
    await ship(orders[1]);
    await app.drain();
    expect(shipmentOf(payment)).toMatchObject({ finished: true, finishCount: 1 });
    expect(shipmentOf(payment)?.parcels).toHaveLength(2);
  });

  it('of which one was paid before is told of the others alone', async () => {
    const items = [await stocked(2), await stocked()];
    const { checkoutNumber, orders } = await checkOut(
      app,
      buyer,
      items.map((item) => ({ product: item, quantity: 1 })),
    );
    const [first, second] = orders as Named[] as [Named, Named];
    const own = await startPaying(app, buyer, { order: first.documentId });
    const all = await whileWechatForgets(app, own.data.paymentNumber, () =>
      startPaying(app, buyer, { checkoutNumber }),
    );
    await payAtWechat(app, buyer, own.payParams);
    await payAtWechat(app, buyer, all.payParams);
    await heard();
    const numbers = [await ship(first), await ship(second)];
    await app.drain();
    const told = [own, all].map(({ data }) => {
      const shipment = shipmentOf({ payment_number: data.paymentNumber });
      return [
        shipment?.deliveryMode,
        shipment?.finished,
        shipment?.parcels.map(({ trackingNo }) => trackingNo),
      ];
    });
    expect(told).toEqual([
      [1, true, [numbers[0]]],
      [2, true, [numbers[1]]],
    ]);
    await settleRefunds(app);
  });

  it('stays open for a carrier WeChat does not know; staff are told once', async () => {
    const { orders, payment } = await paidTogether(2);
    const told = await listen(app);
    await ship(orders[0], '老王物流');
    await app.drain();
    await ship(orders[1]);
    await app.drain();
    expect([await statuses(payment), shipmentOf(payment)?.finished]).toEqual([['done', 'done'], false]);
    expect([(await markOf(orders[0])).note, await markOf(orders[1])]).toEqual([
      '微信的物流公司中没有“老王物流”',
      TOLD,
    ]);
    expect((await told.staff()).map(({ title }) => title)).toEqual(['微信发货信息未能录入，请处理']);
  });
});
