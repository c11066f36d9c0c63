import { startApp, type TestApp } from '../support/app';
import {
  connectFake,
  type FakeSupplier,
  fakeSupplier,
  haierSteps,
  STAFF_ACTOR,
  stockEverything,
} from '../support/factories/haier-orders';
import { listen, messages } from '../support/factories/money';
import { createBuyer, placeOrder } from '../support/factories/orders';
import { endSound } from '../support/sound';

let app: TestApp;
let supplier: FakeSupplier;
const steps = haierSteps(() => app);

beforeAll(async () => {
  app = await startApp();
});
beforeEach(() => {
  supplier = fakeSupplier();
  connectFake(supplier);
  stockEverything();
});
afterAll(() => endSound(app));

describe('mistake 7: a push', () => {
  it('is of a paid order only', async () => {
    const buyer = await createBuyer(app);
    const { product } = await steps.paid({ buyer });
    await app.drain();
    supplier.pushes = [];
    const { documentId } = await placeOrder(app, buyer, product);
    const { id } = await steps.row(documentId);
    await app.strapi.db.connection.transaction(async (tx) => {
      await tx('outbox_messages').insert({
        document_id: `forged${id}`,
        topic: 'haier.push',
        payload: JSON.stringify({ orderId: id }),
        key: `order:${id}`,
        status: 'pending',
        attempts: 0,
        available_at: new Date(0),
        created_at: new Date(),
        updated_at: new Date(),
      });
    });
    await app.drain();
    expect(supplier.pushes).toEqual([]);
    expect(await steps.standing(documentId)).toBe('pending/none');
  });

  it('says what YLH asks for and nothing else, the same each time', async () => {
    const { id, number } = await steps.paid();
    await app.strapi.db
      .connection('orders')
      .where({ document_id: id })
      .update({ note: '  请周末送  ', snapshot_address: '山东省青岛市崂山区海尔路 1 号' });
    supplier.push = { kind: 'failed', message: '连不上' };
    await app.drain();
    supplier.push = { kind: 'pushed', haierOrderNo: null, wasThere: true };
    await steps.later(1);
    const [first, second, ...more] = supplier.pushes;
    expect(first).toEqual({
      soId: number,
      orderNumber: number,
      createdAt: expect.any(Date),
      consigneeName: '欧阳收货',
      consigneeMobile: '13800138000',
      province: '山东省',
      city: '青岛市',
      area: '崂山区',
      town: '中韩街道',
      detailAddress: '海尔路 1 号',
      remark: '请周末送',
      distributionDate: null,
      installDate: null,
      isGovernmentOrder: false,
      lines: [
        {
          productCode: expect.stringMatching(/^HR/),
          quantity: 1,
          retailPriceFen: 199_900,
          discountFen: 0,
          actualPriceFen: 199_900,
          isGift: false,
        },
      ],
    });
    expect(second).toEqual(first);
    expect(more).toEqual([]);
    expect(await steps.standing(id)).toBe('paid/pushed');
    expect((await steps.historyOf(id)).filter((event) => event === 'haier:pushed')).toHaveLength(1);
  });

  it('whose answer was lost is the same push again', async () => {
    const { id, number } = await steps.paid();
    supplier.push = { kind: 'unknown', message: 'time-out' };
    await app.drain();
    expect(await steps.standing(id)).toBe('paid/push_pending');
    supplier.push = { kind: 'pushed', haierOrderNo: null, wasThere: true };
    await steps.later(1);
    expect([...new Set(supplier.pushes.map(({ soId }) => soId))]).toEqual([number]);
    expect(await steps.standing(id)).toBe('paid/pushed');
  });

  it('is answered by a call-back before it is answered itself', async () => {
    const { id, number } = await steps.paid();
    supplier.push = async () => {
      await steps.receive(steps.delivery(number, 'confirm', 'done', { haierOrderNo: 'SO.EARLY' }));
      return { kind: 'pushed', haierOrderNo: 'SO.EARLY', wasThere: false };
    };
    await app.drain();
    expect(await steps.row(id)).toMatchObject({ haier_status: 'confirmed', haier_order_no: 'SO.EARLY' });
  });

  it('that throws is tried again and leaves nothing half done', async () => {
    const { id } = await steps.paid();
    supplier.push = () => Promise.reject(new Error('a defect'));
    await app.drain();
    expect(await steps.standing(id)).toBe('paid/push_pending');
    supplier.push = { kind: 'pushed', haierOrderNo: 'SO.AFTER', wasThere: false };
    await steps.later(1);
    expect(await steps.standing(id)).toBe('paid/pushed');
  });
});

describe('a push that does not succeed', () => {
  it('refused, stands in the work list at once with YLH’s words, until staff push it again', async () => {
    supplier.push = { kind: 'refused', message: '商品编码不存在' };
    const { id, number } = await steps.paid();
    const told = await listen(app);
    await app.drain();
    expect(await steps.port().find(id)).toMatchObject({
      haierStatus: 'push_failed',
      message: '商品编码不存在',
      work: { reason: 'push_failed' },
      actions: expect.arrayContaining(['push', 'refund']),
    });
    expect((await told.staff()).map(({ content }) => content)).toEqual([
      expect.stringMatching(/商品编码不存在/),
    ]);
    await steps.later(60);
    expect(supplier.pushes).toHaveLength(1);
    supplier.push = { kind: 'pushed', haierOrderNo: null, wasThere: false };
    await steps.port().push(id, STAFF_ACTOR);
    await expect(steps.port().push(id, STAFF_ACTOR)).rejects.toMatchObject({ code: 'ORDER_STATE_CONFLICT' });
    await app.drain();
    expect(await steps.standing(id)).toBe('paid/pushed');
    // Never taken, so it is still the first push.
    expect(supplier.pushes.at(-1)?.soId).toBe(number);
  });

  it.each(['failed', 'unknown'] as const)(
    '%s, is tried often, stands in the work list within four minutes, and goes on by itself for a day',
    async (kind) => {
      supplier.push = { kind, message: '易理货没有回答' };
      const { id } = await steps.paid();
      const { id: orderId } = await steps.row(id);
      await app.drain();
      let minutes = 0;
      while ((await steps.workOf(id)) === null && minutes < 10) {
        await steps.later(0.5);
        minutes += 0.5;
      }
      expect(minutes).toBeLessThanOrEqual(4);
      expect(await steps.workOf(id)).toBe('push_failed');
      expect(supplier.pushes.length).toBeGreaterThan(3);
      const before = supplier.pushes.length;
      await steps.later(16);
      expect(supplier.pushes).toHaveLength(before + 1);
      supplier.push = { kind: 'pushed', haierOrderNo: null, wasThere: kind === 'unknown' };
      await steps.later(16);
      expect([await steps.standing(id), await steps.workOf(id)]).toEqual(['paid/pushed', null]);
      expect((await messages(app, 'haier.push', { orderId })).map(({ status }) => status)).toEqual(['done']);
    },
  );

  it('for a day, is left to staff', async () => {
    supplier.push = { kind: 'failed', message: '易理货没有回答' };
    const { id } = await steps.paid();
    const { id: orderId } = await steps.row(id);
    await app.drain();
    await steps.later(5);
    await steps.later(24 * 60);
    const count = supplier.pushes.length;
    await steps.later(24 * 60);
    expect(supplier.pushes).toHaveLength(count);
    expect((await messages(app, 'haier.push', { orderId })).map(({ status }) => status)).toEqual(['done']);
    expect(await steps.workOf(id)).toBe('push_failed');
  });

  it('nobody has worked is overdue in the work list', async () => {
    const { id } = await steps.paid();
    await app.advance(3 * 60_000);
    expect(await steps.workOf(id)).toBeNull();
    await app.advance(2 * 60_000);
    expect(await steps.port().find(id)).toMatchObject({
      work: { reason: 'push_overdue' },
      actions: expect.arrayContaining(['push']),
    });
    expect(await steps.port().count()).toMatchObject({ workList: expect.any(Number) });
    await app.drain();
  });

  it('for want of a product code says so without asking YLH', async () => {
    const { id } = await steps.paid();
    await app.strapi.db.connection('orders').where({ document_id: id }).update({ product_code: null });
    await app.drain();
    expect(supplier.pushes).toEqual([]);
    expect(await steps.port().find(id)).toMatchObject({
      work: { reason: 'push_failed' },
      message: '订单缺少商品编码',
    });
  });
});

describe('the list of Haier orders', () => {
  it('is found by numbers and by names, and counts what there is', async () => {
    const { id, number } = await steps.paid();
    await app.drain();
    const list = (more: object) => steps.port().list({ view: 'all', page: 1, pageSize: 5, ...more });
    expect((await list({})).rows[0]?.id).toBe(id);
    for (const search of [number, number.slice(3), `so.${number}`.toLowerCase()])
      expect((await list({ search })).rows.map((row) => row.id)).toContain(id);
    expect((await list({ search: '100%' })).rows).toEqual([]);
    expect((await list({ haierStatus: 'pushed' })).rows.every((row) => row.haierStatus === 'pushed')).toBe(
      true,
    );
    const [row] = (await list({ search: number })).rows;
    expect(JSON.stringify(row)).not.toMatch(/13800138000|海尔路|收货人/);
    expect(row).toMatchObject({ district: '青岛市 崂山区', amountFen: 199_900, soId: number });
  });
});
