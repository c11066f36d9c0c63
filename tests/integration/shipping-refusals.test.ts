import { compiled, startApp, type TestApp } from '../support/app';
import type { SignedInClient } from '../support/factories/accounts';
import { during, listen, makeFree, settleRefunds } from '../support/factories/money';
import { type Buyer, createBuyer, createStaff, placeOrder } from '../support/factories/orders';
import { panelUser, type PanelUser } from '../support/factories/panel';
import { refundSteps } from '../support/factories/refund-steps';
import {
  ASK_PATH,
  type Named,
  shippingSteps,
  TOLD,
  UNTOLD,
  UPLOAD_PATH,
  UPLOAD_TOPIC,
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
const { stocked, ship, paid, uploadsOf, statuses, markOf } = shippingSteps(cast);

describe('when WeChat says no', () => {
  it('for good, staff read why and find it in the dead list; the order has shipped all the same', async () => {
    const { order, payment } = await paid();
    const told = await listen(app);
    await during(app, { host: 'api', path: UPLOAD_PATH, kind: 'business', errcode: 10060014 }, async () => {
      await ship(order);
      await app.drain();
    });
    expect([await statuses(payment), uploadsOf(payment).length]).toEqual([['dead'], 1]);
    expect((await markOf(order)).note).toMatch(/^微信拒绝了发货信息：.*10060014/);
    expect(await told.staff()).toEqual([
      { title: '微信发货信息未能录入，请处理', content: expect.stringContaining('10060014') },
    ]);
    const { document_id: id } = (await app.strapi.db
      .connection('outbox_messages')
      .where({ topic: UPLOAD_TOPIC, status: 'dead' })
      .orderBy('id', 'desc')
      .first()) as { document_id: string };
    await merchant.call('post', `/back-office/messages/${id}/replay`).send({}).expect(204);
    await app.drain();
    expect([await statuses(payment), await markOf(order)]).toEqual([['done'], TOLD]);
  });

  it('because the money has gone back, it ends quietly', async () => {
    const { order, payment } = await paid();
    await ship(order);
    await act(((await ask(order)).body.data as Named).documentId, 'approve', {
      isGoodsReturned: true,
    }).expect(200);
    const told = await listen(app);
    await during(app, { host: 'api', path: UPLOAD_PATH, kind: 'business', errcode: 10060004 }, () =>
      app.drain(),
    );
    expect([await statuses(payment), (await markOf(order)).note]).toEqual([
      ['done'],
      '微信支付单已退款或已结算，无需录入发货信息',
    ]);
    await settleRefunds(app);
    await uploadShipping(payment.id);
    expect((await told.staff()).filter(({ title }) => title.includes('发货'))).toEqual([]);
  });

  it.each([
    ['is busy', -1, 15_000],
    ['has a fault of its own', 10060012, 15_000],
    ['counts our minute', 45011, 15_000],
    ['has counted our day', 45009, 3_600_000],
    ['does not let our address in', 40164, 600_000],
    ['takes no token of ours', 42001, 600_000],
  ])('because it %s (%i), it is told later', async (_why, errcode, waitMs) => {
    const { order, payment } = await paid();
    await during(app, { host: 'api', path: UPLOAD_PATH, kind: 'business', errcode }, async () => {
      await ship(order);
      await app.drain();
    });
    expect([await statuses(payment), await markOf(order)]).toEqual([['pending'], UNTOLD]);
    await app.advance(waitMs);
    await app.drain();
    expect([await statuses(payment), await markOf(order)]).toEqual([['done'], TOLD]);
  });

  it('of our account, staff hear of it once', async () => {
    const told = await listen(app);
    const orders = [await paid(), await paid()];
    await during(app, { host: 'api', path: ASK_PATH, kind: 'business', errcode: 48001 }, async () => {
      for (const { order } of orders) await ship(order);
      await app.drain();
      await app.advance(600_000);
      await app.drain();
    });
    expect((await told.staff()).map(({ title }) => title)).toEqual(['微信小程序接口拒绝了请求：48001']);
    await app.advance(600_000);
    await app.drain();
    for (const { order } of orders) expect(await markOf(order)).toEqual(TOLD);
  });
});

describe('nothing is sent', () => {
  it('of an order that cost nothing', async () => {
    const gift = await stocked(3);
    await makeFree(app, gift);
    const order = await placeOrder(app, buyer, gift);
    const before = (await app.strapi.db.connection('outbox_messages').where({ topic: UPLOAD_TOPIC })).length;
    await ship(order);
    expect(await app.strapi.db.connection('outbox_messages').where({ topic: UPLOAD_TOPIC })).toHaveLength(
      before,
    );
    await app.drain();
    expect(await markOf(order)).toEqual(UNTOLD);
  });

  it('without a mini-program', async () => {
    const { order, payment } = await paid();
    const settings = compiled<typeof import('../../config/environment')>('config/environment').settings();
    const { wechatLogin } = settings;
    await ship(order);
    try {
      settings.wechatLogin = undefined;
      await app.drain();
    } finally {
      settings.wechatLogin = wechatLogin;
    }
    expect([await statuses(payment), (await markOf(order)).note, uploadsOf(payment).length]).toEqual([
      ['done'],
      '未配置微信小程序，未录入发货信息',
      0,
    ]);
  });
});
