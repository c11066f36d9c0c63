/** The whole life of Haier orders against the simulators: pushes over the wire, call-backs through the shop's own door. */
import { compiled, startApp, type TestApp } from '../support/app';
import { haierSteps, makeHaierProduct, type PaidHaierOrder } from '../support/factories/haier-orders';
import { createStaff } from '../support/factories/accounts';
import { settleRefunds } from '../support/factories/money';
import { endSound } from '../support/sound';

let app: TestApp;
const steps = haierSteps(() => app);
const ylh = () => app.sandbox.control.ylh;
const PATH = '/haier-integration/callback';

beforeAll(async () => {
  app = await startApp();
  ylh().callbacks.url(`${app.url}/api/v1${PATH}`);
});
afterEach(() => app.sandbox.control.clearFaults());
afterAll(() => endSound(app));

let serial = 0;
async function paid(): Promise<PaidHaierOrder> {
  const productCode = `WIRE${(serial += 1)}`;
  app.sandbox.control.haier.putProduct({ productCode });
  app.sandbox.control.haier.setStock({ productCode, pieces: 10 });
  const { documentId } = await makeHaierProduct(app, { productCode });
  return steps.paid({ product: documentId });
}
async function pushed(): Promise<PaidHaierOrder> {
  const order = await paid();
  await app.drain();
  expect(await steps.standing(order.id)).toBe('paid/pushed');
  return order;
}
const idle = () => app.sandbox.control.idle();
const sync = () =>
  steps.port().syncLogistics({ signal: new AbortController().signal, onProgress: () => undefined });
const inbox = (outcome?: string) =>
  app.strapi.db
    .connection('callback_inbox')
    .where({ source: 'ylh', ...(outcome === undefined ? {} : { outcome }) })
    .orderBy('id');
const answerOf = ({ reply }: { reply?: string }) =>
  JSON.parse(reply ?? '{}') as { success: boolean; code: string; data: object };

describe('the life of a Haier order over the wire', () => {
  it('paid, pushed, confirmed, shipped, completed, with its pictures', async () => {
    const { id, number } = await pushed();
    const there = ylh().order(number);
    expect(there).toMatchObject({ soId: number, repeats: 0, request: { detailAddress: '海尔路 1 号' } });
    expect((await steps.row(id)).haier_order_no).toBe(there.retailOrderNo);
    ylh().confirm(number);
    await idle();
    expect(await steps.standing(id)).toBe('paid/confirmed');
    const [attempt] = ylh().callbacks.list().at(-1)?.attempts ?? [];
    expect(answerOf(attempt ?? {})).toEqual({
      success: true,
      code: 'success',
      description: expect.any(String),
      timeStamp: expect.stringMatching(/^\d{14}$/),
      data: { statusCode: '200', message: expect.any(String), platformOrderNo: number },
    });
    await sync();
    expect(await steps.standing(id)).toBe('paid/confirmed');
    ylh().ship(number);
    expect((await sync()).failed).toEqual([]);
    expect(await steps.standing(id)).toBe('shipped/confirmed');
    ylh().deliver(number);
    await sync();
    expect(await steps.standing(id)).toBe('completed/confirmed');
    ylh().photograph(number);
    await sync();
    const images = (await steps.row(id)).delivery_images;
    expect(String(typeof images === 'string' ? images : JSON.stringify(images))).toContain('installation');
  });

  it('an answer that is lost on the way is one order all the same', async () => {
    const order = await paid();
    app.sandbox.control.addFault({
      host: 'ylh',
      kind: 'lose-answer',
      path: '^.*receive-hmm-retail-order$',
      times: 1,
    });
    for (let round = 0; round < 6 && (await steps.standing(order.id)) !== 'paid/pushed'; round += 1)
      await steps.later(0.5);
    expect(await steps.standing(order.id)).toBe('paid/pushed');
    expect(
      ylh()
        .orders()
        .filter(({ soId }) => soId === order.number),
    ).toEqual([expect.objectContaining({ repeats: expect.any(Number) })]);
  });

  it('refused: the money goes back; cancelled by Haier: the same', async () => {
    const [refused, cancelled] = [await pushed(), await pushed()];
    ylh().refuse(refused.number, { message: '超出配送范围' });
    ylh().cancel(cancelled.number);
    await idle();
    await settleRefunds(app);
    expect(await steps.standing(refused.id)).toBe('refunded/confirm_refused');
    expect(await steps.standing(cancelled.id)).toBe('refunded/cancelled');
    expect((await steps.row(refused.id)).haier_fail_message).toBe('超出配送范围');
  });

  it('cancel asked for: done and failed', async () => {
    const staff = await createStaff(app);
    const [done, failed] = [await pushed(), await pushed()];
    for (const { id } of [done, failed])
      await app.api('post', `/orders/${id}/refund`, staff.token).send({ reason: '不想要了' }).expect(202);
    await app.drain();
    expect(ylh().order(done.number).cancel).toMatchObject({ reason: '不想要了' });
    ylh().decideCancel(done.number, 'done');
    ylh().decideCancel(failed.number, 'failed', { message: '已出库' });
    await idle();
    await settleRefunds(app);
    expect(await steps.standing(done.id)).toBe('refunded/cancelled');
    expect(await steps.standing(failed.id)).toBe('paid/cancel_refused');
  });

  it('rejected at the door: quantities kept, staff decide', async () => {
    const { id, number } = await pushed();
    ylh().confirm(number);
    await idle();
    ylh().ship(number);
    await sync();
    ylh().reject(number, { itemList: 'json' });
    await idle();
    const { status, haier_quantities: quantities } = await steps.row(id);
    expect(status).toBe('shipped');
    expect(JSON.stringify(quantities)).toMatch(/rejected\W+1/);
    expect(await steps.workOf(id)).not.toBeNull();
  });
});

describe('a call-back', () => {
  it('mistake 9: that comes twenty times at once has one effect and adds nothing up', async () => {
    const { id, number } = await pushed();
    const { id: event } = ylh().confirm(number, { hold: true });
    const attempts = await ylh().callbacks.copies(event, 20);
    expect(attempts.map((attempt) => answerOf(attempt).code)).toEqual(attempts.map(() => 'success'));
    expect((await steps.historyOf(id)).filter((name) => name === 'haier:confirmed')).toHaveLength(1);
    const rows = (await inbox('applied').where('detail', 'like', `%${number}`)) as { deliveries: number }[];
    expect(rows.map(({ deliveries }) => Number(deliveries))).toEqual([20]);
  });

  it('mistake 8: with a blank ExtOrderNo is about the order it names and no other', async () => {
    // The first order whose number is blank: the old look-up would have found it.
    const other = await pushed();
    await app.strapi.db.connection('orders').where({ document_id: other.id }).update({ haier_order_no: '' });
    const { id, number } = await pushed();
    const { id: event } = ylh().refuse(number, { hold: true });
    expect(answerOf(await ylh().callbacks.send(event, 'blank-ext-order-no')).success).toBe(true);
    expect(await steps.standing(id)).toBe('refunding/confirm_refused');
    expect(await steps.standing(other.id)).toBe('paid/pushed');
    const blank = await ylh().callbacks.send(event, 'blank-platform-order-no');
    expect(answerOf(blank)).toMatchObject({ success: false, code: 'bad_data' });
  });

  it.each([
    ['wrong-signature', 'bad_signature'],
    ['missing-signature', 'bad_request'],
    ['other-secret', 'bad_signature'],
    ['empty-secret', 'bad_signature'],
    ['other-app-key', 'bad_app_key'],
    ['old-timestamp', 'expired'],
    ['future-timestamp', 'expired'],
    ['broken-timestamp', 'bad_request'],
    ['altered-data', 'bad_signature'],
    ['unknown-method', 'bad_data'],
    ['data-not-json', 'bad_data'],
    ['no-state', 'bad_data'],
    ['json-body', 'bad_request'],
    ['unknown-order', 'unknown_order'],
  ] as const)('mistake 11: %s is refused with %s and changes nothing', async (variant, code) => {
    const { id, number } = await pushed();
    const { id: event } = ylh().confirm(number, { hold: true });
    const before = await inbox().clearOrder().count({ total: '*' }).first();
    const attempt = await ylh().callbacks.send(event, variant);
    expect([attempt.status, answerOf(attempt)]).toEqual([
      200,
      expect.objectContaining({ success: false, code, data: {} }),
    ]);
    expect(await steps.standing(id)).toBe('paid/pushed');
    const after = await inbox().clearOrder().count({ total: '*' }).first();
    expect(Number(after?.total)).toBeGreaterThan(Number(before?.total));
  });

  it('that is honest is not refused for a blank field', async () => {
    const { id, number } = await pushed();
    const { id: event } = ylh().confirm(number, { hold: true });
    expect(answerOf(await ylh().callbacks.send(event, 'extra-blank-field')).success).toBe(true);
    expect(await steps.standing(id)).toBe('paid/confirmed');
  });

  it('too large, or of another shape, is answered 200 and leaves the shop well', async () => {
    const send = (body: string, type = 'application/x-www-form-urlencoded') =>
      app.api('post', PATH).set('Content-Type', type).send(body);
    expect((await send(`Data=${'x'.repeat(70_000)}`)).body).toMatchObject({ code: 'too_large' });
    for (const body of ['', 'a', '%', 'Data=%00', 'Data[]=1&Sign=2'])
      expect([await send(body)].map(({ status, body: answer }) => [status, answer.code])).toEqual([
        [200, 'bad_request'],
      ]);
  });

  it('mistake 11: without a secret is refused, and no log says what would have been right', async () => {
    const settings = compiled<
      typeof import('../../src/plugins/haier-integration/server/src/plugin-services')
    >('src/plugins/haier-integration/server/src/plugin-services').getService('settings');
    const read = settings.read.bind(settings);
    const { id, number } = await pushed();
    const { id: event } = ylh().confirm(number, { hold: true });
    const lines: string[] = [];
    const warn = jest.spyOn(app.strapi.log, 'warn').mockImplementation((line: unknown) => {
      lines.push(String(line));
      return app.strapi.log;
    });
    settings.read = async () => {
      const current = await read();
      return { ...current, callback: { ...current.callback, secret: '' } };
    };
    try {
      for (const variant of ['empty-secret', 'other-secret'] as const)
        expect(answerOf(await ylh().callbacks.send(event, variant))).toMatchObject({
          success: false,
          code: 'not_configured',
        });
    } finally {
      settings.read = read;
      warn.mockRestore();
    }
    expect(await steps.standing(id)).toBe('paid/pushed');
    expect(lines.join('\n')).not.toMatch(/[0-9A-F]{32}/);
  });
});

describe('two workers', () => {
  it('push one order once', async () => {
    const { createWorker } = compiled<typeof import('../../src/platform/outbox')>('src/platform/outbox');
    const { pushOrder } = compiled<typeof import('../../src/api/haier-order/services/pushing')>(
      'src/api/haier-order/services/pushing',
    );
    const orders = [await paid(), await paid(), await paid()];
    const worker = () =>
      createWorker({
        topics: {
          'haier.push': { lane: 'supplier', handle: ({ payload }) => pushOrder(Number(payload.orderId)) },
        },
        onDead: () => Promise.resolve(),
        log: app.strapi.log,
      });
    await Promise.all([worker().drain(), worker().drain()]);
    for (const { id, number } of orders) {
      expect(await steps.standing(id)).toBe('paid/pushed');
      expect(ylh().order(number).repeats).toBe(0);
      // As when a claim was lost: both are at it, and it is one order.
      const { id: orderId } = await steps.row(id);
      await Promise.all([pushOrder(orderId), pushOrder(orderId)]);
      expect((await steps.historyOf(id)).filter((name) => name === 'haier:pushed')).toHaveLength(1);
    }
  });
});
