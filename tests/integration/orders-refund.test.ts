import { startApp, type TestApp } from '../support/app';
import {
  type Buyer,
  createBuyer,
  createStaff,
  placePaidOrder,
  readOrder,
  readStock,
  stockProduct,
} from '../support/factories/orders';
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

const stocked = (onHand: number, more: Record<string, unknown> = {}) =>
  stockProduct(app, staff, onHand, more);

describe('a refund', () => {
  const settleRefunds = async () => {
    await app.drain();
    await app.advance(10_000);
    await app.sandbox.control.idle();
  };

  it('of everything ends a paid order and gives its stock back', async () => {
    const product = await stocked(2);
    const { order } = await placePaidOrder(app, buyer, product, 2);
    const asked = await app
      .api('post', `/orders/${order.documentId}/refund`, buyer.token)
      .send({ reason: '买错了' });
    expect([asked.status, asked.body.data.status]).toEqual([202, 'requested']);
    expect((await readOrder(app, buyer, order.documentId)).status).toBe('refunding');
    const approved = await app
      .api('post', `/refunds/${asked.body.data.documentId}/approve`, staff.token)
      .send({});
    expect(approved.body.data.status).toBe('approved');
    await settleRefunds();
    expect((await readOrder(app, buyer, order.documentId)).status).toBe('refunded');
    expect(await readStock(app, staff, product)).toEqual({ onHand: 2, locked: 0, stock: 2 });
    const twice = await app
      .api('post', `/refunds/${asked.body.data.documentId}/approve`, staff.token)
      .send({});
    expect([twice.status, twice.body.error.details.code]).toEqual([409, 'PAYMENT_CONFLICT']);
  });

  it('of a part gives money back and leaves the order; more than is left is refused', async () => {
    const product = await stocked(1, { price: 100 });
    const { order } = await placePaidOrder(app, buyer, product);
    const path = `/orders/${order.documentId}/refund`;
    const part = await app.api('post', path, buyer.token).send({ reason: '补差价', amount: 30.5 });
    expect(part.status).toBe(202);
    await app.api('post', `/refunds/${part.body.data.documentId}/approve`, staff.token).send({}).expect(200);
    await settleRefunds();
    expect((await readOrder(app, buyer, order.documentId)).status).toBe('paid');
    const much = await app.api('post', path, buyer.token).send({ reason: 'x', amount: 70 });
    expect([much.status, much.body.error.details.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect((await app.api('post', path, buyer.token).send({ reason: 'x', amount: 69.5 })).status).toBe(202);
    expect((await readOrder(app, buyer, order.documentId)).status).toBe('refunding');
  });

  it('that staff reject leaves the order where it was', async () => {
    const { order } = await placePaidOrder(app, buyer, await stocked(1));
    const asked = await app
      .api('post', `/orders/${order.documentId}/refund`, buyer.token)
      .send({ reason: 'x' });
    const rejected = await app
      .api('post', `/refunds/${asked.body.data.documentId}/reject`, staff.token)
      .send({ reason: '已发货' });
    expect(rejected.body.data).toMatchObject({ status: 'rejected', decisionReason: '已发货' });
    expect((await readOrder(app, buyer, order.documentId)).status).toBe('paid');
  });

  it('of a shipped order restocks only what staff say is back', async () => {
    const product = await stocked(2);
    for (const isGoodsReturned of [false, true]) {
      const { order } = await placePaidOrder(app, buyer, product);
      await app
        .api('post', `/orders/${order.documentId}/ship`, staff.token)
        .send({ company: '顺丰', trackingNumber: '1' })
        .expect(200);
      const asked = await app
        .api('post', `/orders/${order.documentId}/refund`, buyer.token)
        .send({ reason: 'x' });
      await app
        .api('post', `/refunds/${asked.body.data.documentId}/approve`, staff.token)
        .send({ isGoodsReturned })
        .expect(200);
      await settleRefunds();
      expect((await readOrder(app, buyer, order.documentId)).status).toBe('refunded');
    }
    expect(await readStock(app, staff, product)).toEqual({ onHand: 1, locked: 0, stock: 1 });
  });
});
