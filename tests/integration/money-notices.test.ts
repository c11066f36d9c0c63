import { createHash, randomUUID } from 'node:crypto';

import { compiled, startApp, type TestApp } from '../support/app';
import { atWechat, listen, paymentRow, row, rows, settleRefunds } from '../support/factories/money';
import {
  type Buyer,
  createBuyer,
  createStaff,
  payAtWechat,
  placeOrder,
  placePaidOrder,
  readOrder,
  startPaying,
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

const stocked = (onHand = 1, more: Record<string, unknown> = {}) => stockProduct(app, staff, onHand, more);
const lastInbox = async (): Promise<number> =>
  Number(
    ((await app.strapi.db.connection('callback_inbox').max({ id: 'id' }).first()) as { id: number })?.id ?? 0,
  );
const inboxSince = async (id: number) => (await rows(app, 'callback_inbox')).filter((entry) => entry.id > id);
const post = (body: string | Buffer) =>
  app.api('post', '/payments/notify/wechat').set('Content-Type', 'text/plain').send(body);
const digest = (body: string | Buffer) => `unverified:${createHash('sha256').update(body).digest('hex')}`;

/** A payment that WeChat has and we have not been told of. */
async function paidUnheard() {
  const order = await placeOrder(app, buyer, await stocked());
  const { data, payParams } = await startPaying(app, buyer, { order: order.documentId });
  const { notificationId } = await payAtWechat(app, buyer, payParams, 'hold');
  return { order, payment: data, notification: notificationId ?? '' };
}

describe('a notification nobody vouches for', () => {
  it.each([
    'wrong-signature',
    'missing-signature',
    'wrong-serial',
    'old-timestamp',
    'signtest',
    'altered-body',
  ] as const)('(%s) is refused, leaves a row of its own, and moves nothing', async (variant) => {
    const { order, payment, notification } = await paidUnheard();
    const [before, told] = [await lastInbox(), await listen(app)];
    const attempt = await app.sandbox.control.notifications.send(notification, variant);
    expect([attempt.status, JSON.parse(attempt.reply ?? '{}').code]).toEqual([401, 'FAIL']);
    const [entry, ...others] = await inboxSince(before);
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ source: 'wechat_pay', outcome: 'rejected', deliveries: 1 });
    expect(Boolean(entry?.verified)).toBe(false);
    expect(entry?.event_id).toMatch(/^unverified:[0-9a-f]{64}$/);
    expect(entry?.detail).toMatch(variant === 'wrong-serial' ? /^unknown serial; \d+ bytes$/ : /^signature/);
    expect((await readOrder(app, buyer, order.documentId)).status).toBe('pending');
    expect((await paymentRow(app, payment.documentId)).status).toBe('pending');
    expect(await told.staff()).toEqual([]);
    // The real one still counts: rubbish has not taken its place.
    await app.sandbox.control.notifications.resend(notification);
    expect((await readOrder(app, buyer, order.documentId)).status).toBe('paid');
  });

  it('of 64 KB leaves its digest, its size and no more than a beginning, as does what is too large', async () => {
    const body = Buffer.alloc(64 * 1024, 'x').toString();
    expect((await post(body)).status).toBe(401);
    const entry = await row(app, 'callback_inbox', { event_id: digest(body) });
    expect([String(entry.raw_body).length, entry.detail]).toEqual([1024, 'unknown serial; 65536 bytes']);
    for (const large of [`${body}x`, Buffer.alloc(3 * 1024 * 1024, 'y').toString()]) {
      const refused = await post(large);
      expect([refused.status, JSON.parse(refused.text)]).toEqual([
        413,
        { code: 'FAIL', message: 'too large' },
      ]);
      const noted = await row(app, 'callback_inbox', { event_id: digest(large) });
      expect([noted.outcome, noted.raw_body, noted.detail]).toEqual([
        'rejected',
        large.slice(0, 1024),
        `too large; ${large.length} bytes`,
      ]);
    }
    expect((await post('\u0000rubbish')).status).toBe(401);
    expect(String((await row(app, 'callback_inbox', { event_id: digest('\u0000rubbish') })).raw_body)).toBe(
      'rubbish',
    );
  });

  it('in floods leaves a bounded number of rows, forgotten after a week', async () => {
    const now = new Date(
      (await app.strapi.db.connection('callback_inbox').max({ at: 'received_at' }).first())?.at as string,
    );
    await app.advance(61_000);
    const at =
      app.strapi.db.dialect.client === 'postgres' ? new Date(now.getTime() + 61_000) : now.getTime() + 61_000;
    const { id: _id, ...copy } = (await rows(app, 'callback_inbox')).at(-1) ?? { id: 0 };
    await app.strapi.db.connection('callback_inbox').insert(
      Array.from({ length: 120 }, (_, place) => ({
        ...copy,
        document_id: `flood${String(place).padStart(20, '0')}`,
        event_id: `unverified:flood-${place}`,
        verified: false,
        received_at: at,
      })),
    );
    const before = await lastInbox();
    expect((await post(`one too many ${randomUUID()}`)).status).toBe(401);
    expect(await inboxSince(before)).toEqual([]);
    await app.advance(61_000);
    expect((await post(`another ${randomUUID()}`)).status).toBe(401);
    expect(await inboxSince(before)).toHaveLength(1);

    const verified = (await rows(app, 'callback_inbox')).filter((entry) => Boolean(entry.verified)).length;
    await app.advance(8 * 24 * 3_600_000);
    const { removeExpired } = compiled<typeof import('../../src/housekeeping')>('src/housekeeping');
    await removeExpired({ signal: new AbortController().signal });
    const left = await rows(app, 'callback_inbox');
    expect([left.length, left.every((entry) => Boolean(entry.verified))]).toEqual([verified, true]);
    buyer = await createBuyer(app);
    staff = await createStaff(app);
  });
});

describe('a notification of WeChat’s that does not fit', () => {
  it.each(['other-mchid', 'other-appid', 'other-amount', 'other-currency', 'other-openid'] as const)(
    '(%s) is acknowledged, shown to staff, and settles nothing until WeChat itself has been asked',
    async (variant) => {
      const { order, payment, notification } = await paidUnheard();
      const [before, told] = [await lastInbox(), await listen(app)];
      const attempt = await app.sandbox.control.notifications.send(notification, variant);
      expect(attempt.status).toBe(200);
      const [entry] = await inboxSince(before);
      expect(entry).toMatchObject({ outcome: 'mismatch', event_id: JSON.parse(String(entry?.raw_body)).id });
      expect((await readOrder(app, buyer, order.documentId)).status).toBe('pending');
      expect((await paymentRow(app, payment.documentId)).status).toBe('disputed');
      const notices = await told.staff();
      expect(notices).toEqual([
        expect.objectContaining({
          title: '支付结果与记录不符，请核对',
          content: expect.stringContaining(payment.paymentNumber),
        }),
      ]);
      // Our own question gets an answer that fits.
      await app.drain();
      expect((await readOrder(app, buyer, order.documentId)).status).toBe('paid');
      expect(await told.staff()).toHaveLength(1);
    },
  );

  it.each([
    ['other-order', 'unknown_payment', /没有对应的支付单：NOBODYS-ORDER-0001/],
    ['other-event', 'unexpected_event', /通知类型不符：TRANSACTION.UNHEARD_OF/],
    ['no-content', 'unreadable', /内容无法识别/],
  ] as const)('(%s) is acknowledged, recorded, and told to staff', async (variant, outcome, content) => {
    const { order, notification } = await paidUnheard();
    const [before, told] = [await lastInbox(), await listen(app)];
    expect((await app.sandbox.control.notifications.send(notification, variant)).status).toBe(200);
    expect(await inboxSince(before)).toEqual([expect.objectContaining({ outcome, deliveries: 1 })]);
    expect(await told.staff()).toEqual([
      expect.objectContaining({
        title: '收到无法对应的微信支付通知，请核对',
        content: expect.stringMatching(content),
      }),
    ]);
    expect((await readOrder(app, buyer, order.documentId)).status).toBe('pending');
    await app.sandbox.control.notifications.resend(notification);
    expect((await readOrder(app, buyer, order.documentId)).status).toBe('paid');
  });

  it('is counted, not applied, when it comes again', async () => {
    const { order, notification } = await paidUnheard();
    await app.sandbox.control.notifications.copies(notification, 10);
    const entry = await row(app, 'callback_inbox', { event_id: notification });
    expect([entry.outcome, entry.deliveries]).toEqual(['settled', 10]);
    const history = await app.api('get', `/orders/${order.documentId}/history`, buyer.token);
    expect(history.body.data.map(({ event }: { event: string }) => event)).toEqual(['place', 'pay']);
  });
});

describe('a notification about a refund', () => {
  const refunded = async () => {
    const { order, payment } = await placePaidOrder(app, buyer, await stocked(1, { price: 10 }));
    const asked = await app
      .api('post', `/orders/${order.documentId}/refund`, staff.token)
      .send({ reason: '缺货' });
    expect(asked.status).toBe(202);
    return { order, payment, refund: asked.body.data as { documentId: string; refundNumber: string } };
  };
  const noticeOf = (refundNumber: string) =>
    app.sandbox.control.notifications.list().find(({ outRefundNo }) => outRefundNo === refundNumber)?.id ??
    '';

  it('nobody here has made is recorded and told to staff', async () => {
    const { refund } = await refunded();
    await settleRefunds(app);
    await app.strapi.db
      .connection('refunds')
      .where({ document_id: refund.documentId })
      .update({ refund_number: `${refund.refundNumber}X`, request: null });
    await app.strapi.db.connection('callback_inbox').where({ source: 'wechat_refund' }).delete();
    const [before, told] = [await lastInbox(), await listen(app)];
    await app.sandbox.control.notifications.resend(noticeOf(refund.refundNumber));
    expect(await inboxSince(before)).toEqual([expect.objectContaining({ outcome: 'unknown_refund' })]);
    expect((await told.staff()).map(({ content }) => content).join()).toContain(refund.refundNumber);
  });

  it('of another merchant, or of another payment, concludes nothing', async () => {
    const { refund, order } = await refunded();
    app.sandbox.control.refunds.script({ outcome: 'PROCESSING', outRefundNo: refund.refundNumber, times: 1 });
    await settleRefunds(app);
    app.sandbox.control.clock.signatures('machine');
    await app.advance(600_000);
    app.sandbox.control.refunds.settle(refund.refundNumber);
    await app.sandbox.control.idle();
    app.sandbox.control.clock.signatures('virtual');
    for (const [variant, outcome] of [
      ['other-mchid', 'other_merchant'],
      ['other-order', 'mismatch'],
      ['other-amount', 'mismatch'],
    ] as const) {
      const before = await lastInbox();
      await app.sandbox.control.notifications.send(noticeOf(refund.refundNumber), variant);
      expect(await inboxSince(before)).toEqual([expect.objectContaining({ outcome })]);
      expect((await readOrder(app, buyer, order.documentId)).status).toBe('refunding');
    }
    await app.sandbox.control.notifications.resend(noticeOf(refund.refundNumber));
    expect((await readOrder(app, buyer, order.documentId)).status).toBe('refunded');
  });

  it('that comes before its payment’s makes us ask about the payment', async () => {
    const { order, payment } = await paidUnheard();
    const { wechatPay } = compiled<typeof import('../../src/platform/wechat/pay')>('src/platform/wechat/pay');
    const total = atWechat(app, payment.paymentNumber)?.totalFen ?? 0;
    // Somebody gives a part back in WeChat's console; the shop hears of that first.
    await wechatPay().refund(
      JSON.stringify({
        out_trade_no: payment.paymentNumber,
        out_refund_no: `CONSOLE${Date.now()}`,
        notify_url: `${app.url}/api/v1/payments/notify/wechat-refund`,
        amount: { refund: 1, total, currency: 'CNY' },
      }),
    );
    const told = await listen(app);
    await app.advance(5_000);
    await app.sandbox.control.idle();
    expect((await readOrder(app, buyer, order.documentId)).status).toBe('pending');
    expect((await told.staff()).map(({ content }) => content).join()).toContain('没有对应的退款单');
    await app.drain();
    expect((await readOrder(app, buyer, order.documentId)).status).toBe('paid');
  });

  it('out of order changes nothing that is final', async () => {
    const { refund, order } = await refunded();
    await settleRefunds(app);
    expect((await readOrder(app, buyer, order.documentId)).status).toBe('refunded');
    const { applyRefundAnswer } = compiled<typeof import('../../src/api/payment/services/refund-answers')>(
      'src/api/payment/services/refund-answers',
    );
    const { wechatPay } = compiled<typeof import('../../src/platform/wechat/pay')>('src/platform/wechat/pay');
    const { id } = await row(app, 'refunds', { document_id: refund.documentId });
    const answer = await wechatPay().findRefund(refund.refundNumber);
    if (answer === undefined) throw new Error('WeChat has forgotten the refund');
    for (const status of ['PROCESSING', 'ABNORMAL', 'CLOSED', 'SUCCESS'] as const)
      expect(await applyRefundAnswer(id, { ...answer, status })).toBe('already_final');
    expect((await row(app, 'refunds', { id })).status).toBe('succeeded');
  });
});
