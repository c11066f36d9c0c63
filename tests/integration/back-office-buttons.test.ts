import { startApp, type TestApp } from '../support/app';
import { makeProduct, type Made } from '../support/factories/catalogue';
import { type Buyer, createBuyer, placeOrder, placePaidOrder, readOrder } from '../support/factories/orders';
import { insertRaw, panelUser, type PanelUser, rowsOf } from '../support/factories/panel';

describe('the buttons of the panel', () => {
  let app: TestApp;
  let merchant: PanelUser;
  let stranger: PanelUser;
  let buyer: Buyer;
  let fridge: Made;

  beforeAll(async () => {
    app = await startApp();
    merchant = await panelUser(app, 'merchant');
    stranger = await panelUser(app, 'noRights');
    buyer = await createBuyer(app);
    fridge = await makeProduct(app, { name: '冰箱', stock: 50 });
  });
  afterAll(() => app?.stop());

  const stockOf = async (): Promise<{ onHand: number; locked: number; stock: number }> => {
    const { onHand, locked, stock } = (await merchant.call('get', `/back-office/stock/${fridge.documentId}`))
      .body.data;
    return { onHand, locked, stock };
  };
  const askForRefund = async (order: string): Promise<string> => {
    const answer = await app.api('post', `/orders/${order}/refund`, buyer.token).send({ reason: '不想要了' });
    expect(answer.status).toBe(202);
    return answer.body.data.documentId as string;
  };

  describe('every button', () => {
    const NOBODY = 'nobody0000000000000000000';
    it.each([
      ['get', '/back-office/work-list'],
      ['get', `/back-office/orders/${NOBODY}`],
      ['post', `/back-office/orders/${NOBODY}/ship`],
      ['post', `/back-office/orders/${NOBODY}/cancel`],
      ['get', `/back-office/refunds/${NOBODY}`],
      ['post', `/back-office/refunds/${NOBODY}/approve`],
      ['post', `/back-office/refunds/${NOBODY}/reject`],
      ['post', `/back-office/refunds/${NOBODY}/retry`],
      ['post', `/back-office/refunds/${NOBODY}/sync`],
      ['post', `/back-office/orders/${NOBODY}/refund`],
      ['post', `/back-office/payments/${NOBODY}/sync`],
      ['post', `/back-office/payments/${NOBODY}/return`],
      ['get', `/back-office/stock/${NOBODY}`],
      ['post', `/back-office/stock/${NOBODY}/adjust`],
      ['post', `/back-office/messages/${NOBODY}/replay`],
      ['post', `/back-office/messages/${NOBODY}/replay-topic`],
    ] as const)('%s %s asks for a sign-in to the panel and its own permission', async (method, path) => {
      expect((await merchant.call(method, path).set('Authorization', '')).status).toBe(401);
      // A shopper's token is none of the panel's.
      expect((await merchant.call(method, path).set('Authorization', `Bearer ${buyer.token}`)).status).toBe(
        401,
      );
      expect((await stranger.call(method, path).send({})).status).toBe(403);
    });

    it.each([
      ['get', `/back-office/orders/${NOBODY}`, undefined],
      ['post', `/back-office/orders/${NOBODY}/ship`, { company: '顺丰', trackingNumber: 'SF1' }],
      ['post', `/back-office/orders/${NOBODY}/cancel`, { reason: '缺货' }],
      ['get', `/back-office/refunds/${NOBODY}`, undefined],
      ['post', `/back-office/refunds/${NOBODY}/approve`, {}],
      ['post', `/back-office/refunds/${NOBODY}/reject`, { reason: '不符合' }],
      ['post', `/back-office/refunds/${NOBODY}/retry`, {}],
      ['post', `/back-office/refunds/${NOBODY}/sync`, {}],
      ['post', `/back-office/orders/${NOBODY}/refund`, { reason: '缺货' }],
      ['post', `/back-office/payments/${NOBODY}/sync`, {}],
      ['post', `/back-office/payments/${NOBODY}/return`, {}],
      ['get', `/back-office/stock/${NOBODY}`, undefined],
      ['post', `/back-office/stock/${NOBODY}/adjust`, { delta: 1, reason: '到货' }],
      ['post', `/back-office/messages/${NOBODY}/replay`, {}],
      ['post', `/back-office/messages/${NOBODY}/replay-topic`, {}],
      ['get', '/back-office/orders/1%27%20or%201=1', undefined],
    ] as const)('%s %s says plainly that there is no such row', async (method, path, body) => {
      const answer = await merchant.call(method, path).send(body);
      expect([answer.status, answer.body.error.details.code]).toEqual([404, 'NOT_FOUND']);
    });
  });

  describe('ship', () => {
    it('sends a paid order on its way, in the name of the panel user', async () => {
      const { order } = await placePaidOrder(app, buyer, fridge.documentId);
      const before = await stockOf();
      const file = await merchant.call('get', `/back-office/orders/${order.documentId}`);
      expect(file.body.data).toMatchObject({
        status: 'paid',
        allowed: expect.arrayContaining(['ship']),
        isShippedByHaier: false,
      });
      const shipped = await merchant
        .call('post', `/back-office/orders/${order.documentId}/ship`)
        .send({ company: '顺丰速运', trackingNumber: 'SF100' });
      expect(shipped.status).toBe(200);
      expect(shipped.body.data).toMatchObject({
        status: 'shipped',
        shippingCompany: '顺丰速运',
        trackingNumber: 'SF100',
      });
      expect(shipped.body.data.history[0]).toMatchObject({
        event: 'ship',
        actorType: 'staff',
        actorName: '商户',
      });
      expect(await stockOf()).toEqual({
        onHand: before.onHand - 1,
        locked: before.locked - 1,
        stock: before.stock,
      });
      expect(await readOrder(app, buyer, order.documentId)).toMatchObject({
        status: 'shipped',
        trackingNumber: 'SF100',
      });
      const history = (await rowsOf(app, 'api::order.order-history')) as {
        event: string;
        actor_id: string;
      }[];
      expect(history.filter(({ event }) => event === 'ship').at(-1)?.actor_id).toBe(`admin:${merchant.id}`);
    });

    it('refuses an order that is not paid, and says what may be done', async () => {
      const order = await placeOrder(app, buyer, fridge.documentId);
      const answer = await merchant
        .call('post', `/back-office/orders/${order.documentId}/ship`)
        .send({ company: '顺丰', trackingNumber: 'SF101' });
      expect([answer.status, answer.body.error.details]).toMatchObject([
        409,
        { code: 'ORDER_STATE_CONFLICT', status: 'pending', allowed: ['cancel'] },
      ]);
      expect(await readOrder(app, buyer, order.documentId)).toMatchObject({ status: 'pending' });
    });

    it.each([
      ['no body', {}],
      ['an empty carrier', { company: ' ', trackingNumber: 'SF1' }],
      ['a number of a parcel that is none', { company: '顺丰', trackingNumber: 1 }],
      ['a carrier without end', { company: '顺'.repeat(101), trackingNumber: 'SF1' }],
      ['a status', { company: '顺丰', trackingNumber: 'SF1', status: 'completed' }],
    ])('refuses %s', async (_name, body) => {
      const { order } = await placePaidOrder(app, buyer, fridge.documentId);
      const answer = await merchant.call('post', `/back-office/orders/${order.documentId}/ship`).send(body);
      expect([answer.status, answer.body.error.details.code]).toEqual([400, 'VALIDATION_FAILED']);
      expect(await readOrder(app, buyer, order.documentId)).toMatchObject({ status: 'paid' });
    });
  });

  describe('cancel', () => {
    it('ends an unpaid order and gives its stock back', async () => {
      const before = await stockOf();
      const order = await placeOrder(app, buyer, fridge.documentId, 3);
      expect(await stockOf()).toEqual({ ...before, locked: before.locked + 3, stock: before.stock - 3 });
      const cancelled = await merchant
        .call('post', `/back-office/orders/${order.documentId}/cancel`)
        .send({ reason: '顾客来电' });
      expect(cancelled.body.data).toMatchObject({ status: 'cancelled', allowed: [] });
      expect(await stockOf()).toEqual(before);
      const again = await merchant
        .call('post', `/back-office/orders/${order.documentId}/cancel`)
        .send({ reason: '再来一次' });
      expect(again.status).toBe(409);
      expect(await stockOf()).toEqual(before);
    });

    it('wants a reason', async () => {
      const order = await placeOrder(app, buyer, fridge.documentId);
      expect(
        (await merchant.call('post', `/back-office/orders/${order.documentId}/cancel`).send({})).status,
      ).toBe(400);
      expect(await readOrder(app, buyer, order.documentId)).toMatchObject({ status: 'pending' });
    });
  });

  describe('decide a refund', () => {
    it('approves once, and not twice', async () => {
      const { order } = await placePaidOrder(app, buyer, fridge.documentId);
      const refund = await askForRefund(order.documentId);
      const file = await merchant.call('get', `/back-office/orders/${order.documentId}`);
      expect(file.body.data.refunds).toMatchObject([
        { documentId: refund, status: 'requested', reason: '不想要了' },
      ]);
      const approved = await merchant
        .call('post', `/back-office/refunds/${refund}/approve`)
        .send({ isGoodsReturned: false });
      expect([approved.status, approved.body.data.status, approved.body.data.decidedBy]).toEqual([
        200,
        'approved',
        `staff:admin:${merchant.id}`,
      ]);
      expect((await merchant.call('post', `/back-office/refunds/${refund}/approve`).send({})).status).toBe(
        409,
      );
      expect(
        (await merchant.call('post', `/back-office/refunds/${refund}/reject`).send({ reason: '晚了' }))
          .status,
      ).toBe(409);
    });

    it('rejects, and the order goes back to where it was', async () => {
      const { order } = await placePaidOrder(app, buyer, fridge.documentId);
      const refund = await askForRefund(order.documentId);
      const rejected = await merchant
        .call('post', `/back-office/refunds/${refund}/reject`)
        .send({ reason: '商品已拆封' });
      expect(rejected.body.data).toMatchObject({ status: 'rejected', decisionReason: '商品已拆封' });
      expect((await merchant.call('get', `/back-office/orders/${order.documentId}`)).body.data.status).toBe(
        'paid',
      );
    });

    it('refuses what is no decision', async () => {
      const { order } = await placePaidOrder(app, buyer, fridge.documentId);
      const refund = await askForRefund(order.documentId);
      const answer = await merchant
        .call('post', `/back-office/refunds/${refund}/approve`)
        .send({ isGoodsReturned: 'yes', amount: 1 });
      expect(answer.status).toBe(400);
      expect((await merchant.call('get', `/back-office/refunds/${refund}`)).body.data.status).toBe(
        'requested',
      );
    });
  });

  it('the work list counts what waits', async () => {
    const before = (await merchant.call('get', '/back-office/work-list')).body.data;
    const { order } = await placePaidOrder(app, buyer, fridge.documentId);
    await insertRaw('api::outbox.outbox-message', {
      topic: 'test.dead',
      payload: {},
      status: 'dead',
      attempts: 12,
      availableAt: new Date(),
    });
    const rare = await makeProduct(app, { name: '最后一台', stock: 1 });
    await makeProduct(app, { name: '已下架', stock: 0, isActive: false });
    const work = (await merchant.call('get', '/back-office/work-list')).body.data;
    expect(work).toMatchObject({
      ordersToShip: before.ordersToShip + 1,
      deadMessages: before.deadMessages + 1,
      lowStock: before.lowStock + 1,
    });
    expect(work.lowStockProducts).toContainEqual({
      documentId: rare.documentId,
      name: '最后一台',
      available: 1,
    });
    expect(JSON.stringify(work)).not.toContain('已下架');
    await askForRefund(order.documentId);
    const after = (await merchant.call('get', '/back-office/work-list')).body.data;
    expect(after).toMatchObject({
      ordersToShip: work.ordersToShip - 1,
      refundsToDecide: work.refundsToDecide + 1,
    });
    expect(after.notices[0]).toMatchObject({ type: 'refund' });
  });
});
