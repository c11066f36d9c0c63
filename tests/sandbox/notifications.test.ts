import { createDecipheriv, createVerify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { RETRY_DELAYS_MS, startSandbox, type Sandbox, type Variant } from '../../sandbox';
import { Merchant } from './support/merchant';
import { startReceiver, type Received, type Receiver } from './support/receiver';

describe('notifications', () => {
  let sandbox: Sandbox;
  let merchant: Merchant;
  let receiver: Receiver;

  beforeAll(async () => {
    sandbox = await startSandbox();
    merchant = new Merchant(sandbox);
  });
  afterAll(() => sandbox.stop());
  beforeEach(async () => {
    await sandbox.control.reset();
    receiver = await startReceiver();
  });
  afterEach(() => receiver.close());

  async function payOrder(notify: 'send' | 'hold' = 'send'): Promise<string> {
    const body = merchant.order({ notify_url: receiver.url });
    await merchant.prepay(body);
    const { notificationId } = sandbox.control.payByNumber(body.out_trade_no, { notify });
    return notificationId ?? '';
  }

  function isAuthentic({ headers, body }: Received): boolean {
    const key = readFileSync(sandbox.env.WECHAT_PAY_PUBLIC_KEY_PATH ?? '');
    const message = `${String(headers['wechatpay-timestamp'])}\n${String(headers['wechatpay-nonce'])}\n${body}\n`;
    const verifier = createVerify('RSA-SHA256').update(message);
    return verifier.verify(key, String(headers['wechatpay-signature'] ?? ''), 'base64');
  }

  function contentOf({ body }: Received): Record<string, unknown> {
    const { resource } = JSON.parse(body) as { resource: Record<string, string> };
    const sealed = Buffer.from(resource.ciphertext ?? '', 'base64');
    const key = Buffer.from(sandbox.env.WECHAT_PAY_API_V3_KEY ?? '');
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(resource.nonce ?? ''));
    decipher.setAAD(Buffer.from(resource.associated_data ?? '')).setAuthTag(sealed.subarray(-16));
    return JSON.parse(
      decipher.update(sealed.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8'),
    ) as Record<string, unknown>;
  }

  const last = (): Received => receiver.received.at(-1) ?? { headers: {}, body: '{}' };
  const view = (id: string) => sandbox.control.notifications.list().find((candidate) => candidate.id === id);

  test('a payment is announced by itself, signed and encrypted', async () => {
    const id = await payOrder();
    await sandbox.control.idle();
    expect(receiver.received).toHaveLength(1);
    expect(isAuthentic(last())).toBe(true);
    expect(JSON.parse(last().body)).toMatchObject({
      id,
      event_type: 'TRANSACTION.SUCCESS',
      resource_type: 'encrypt-resource',
      resource: { original_type: 'transaction', algorithm: 'AEAD_AES_256_GCM' },
    });
    expect(id).toHaveLength(36);
    expect(contentOf(last())).toMatchObject({ trade_state: 'SUCCESS', amount: { total: 10_000 } });
    expect(view(id)).toMatchObject({ delivered: true, attempts: [{ kind: 'scheduled', status: 204 }] });
  });

  test('it is repeated on the real timetable with the same id and a new signature, then given up', async () => {
    receiver.status = 500;
    const id = await payOrder();
    await sandbox.control.idle();
    for (const [index, delayMs] of RETRY_DELAYS_MS.entries()) {
      await sandbox.control.clock.advance(delayMs - 1_000);
      expect(receiver.received).toHaveLength(index + 1);
      await sandbox.control.clock.advance(1_000);
      expect(receiver.received).toHaveLength(index + 2);
    }
    await sandbox.control.clock.advance(7 * 86_400_000);
    expect(receiver.received).toHaveLength(16);
    expect(receiver.received.every(isAuthentic)).toBe(true);
    expect(new Set(receiver.received.map(({ headers }) => headers['wechatpay-nonce'])).size).toBe(16);
    expect(new Set(receiver.received.map(({ body }) => (JSON.parse(body) as { id: string }).id))).toEqual(
      new Set([id]),
    );
    expect(view(id)).toMatchObject({ delivered: false });
  });

  test.each([201, 302, 400, 404])('an answer of %i is no acknowledgement', async (status) => {
    receiver.status = status;
    const id = await payOrder();
    await sandbox.control.idle();
    expect(view(id)).toMatchObject({ delivered: false, nextAttemptAt: expect.any(String) });
    receiver.status = 200;
    await sandbox.control.clock.advance(15_000);
    expect(view(id)).toMatchObject({ delivered: true });
    expect(receiver.received).toHaveLength(2);
  });

  test('no answer within five seconds of sandbox time is a failure', async () => {
    receiver.silent = true;
    const id = await payOrder();
    while (receiver.received.length === 0) await new Promise(setImmediate);
    await sandbox.control.clock.advance(5_000);
    expect(view(id)?.attempts).toMatchObject([{ error: 'no answer within 5 s' }]);
    receiver.silent = false;
    await sandbox.control.clock.advance(15_000);
    expect(view(id)).toMatchObject({ delivered: true });
  });

  test('a shop that is down is tried again', async () => {
    await receiver.close();
    const id = await payOrder();
    await sandbox.control.idle();
    expect(view(id)?.attempts[0]?.error).toContain('ECONNREFUSED');
    expect(view(id)?.nextAttemptAt).toBeDefined();
  });

  test('nothing but loopback is ever called', async () => {
    const body = merchant.order({ notify_url: 'https://shop.example/notify' });
    await merchant.prepay(body);
    const { notificationId } = sandbox.control.payByNumber(body.out_trade_no);
    await sandbox.control.idle();
    expect(view(notificationId ?? '')?.attempts[0]?.error).toContain('not loopback');
  });

  test('a held one waits, can be sent, and many copies arrive at once', async () => {
    const id = await payOrder('hold');
    await sandbox.control.clock.advance(3_600_000);
    expect(receiver.received).toHaveLength(0);
    const copies = await sandbox.control.notifications.copies(id, 8);
    expect(copies.map(({ status }) => status)).toEqual(Array(8).fill(204));
    await sandbox.control.notifications.resend(id);
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
    expect(receiver.received).toHaveLength(9);
    await expect(sandbox.control.notifications.resend('nobody')).rejects.toThrow('no notification');
  });

  test.each<[Variant, (call: Received) => void]>([
    ['wrong-signature', (call) => expect(isAuthentic(call)).toBe(false)],
    ['missing-signature', ({ headers }) => expect(headers['wechatpay-signature']).toBeUndefined()],
    [
      'wrong-serial',
      ({ headers }) => expect(headers['wechatpay-serial']).not.toBe(sandbox.env.WECHAT_PAY_PUBLIC_KEY_ID),
    ],
    [
      'old-timestamp',
      (call) => {
        expect(isAuthentic(call)).toBe(true);
        const age =
          sandbox.control.clock.now().getTime() / 1000 - Number(call.headers['wechatpay-timestamp']);
        expect(age).toBeGreaterThan(300);
      },
    ],
    ['signtest', ({ headers }) => expect(headers['wechatpay-signature']).toMatch(/^WECHATPAY\/SIGNTEST\//)],
    [
      'altered-body',
      (call) => {
        expect(isAuthentic(call)).toBe(false);
        expect(contentOf(call)).toMatchObject({ trade_state: 'SUCCESS' });
      },
    ],
  ])('%s keeps the id and spoils the proof', async (variant, check) => {
    const id = await payOrder('hold');
    await sandbox.control.notifications.send(id, variant);
    expect(JSON.parse(last().body)).toMatchObject({ id });
    check(last());
    expect(view(id)).toMatchObject({ delivered: false, attempts: [{ kind: variant }] });
  });

  test.each<[Variant, object]>([
    ['other-mchid', { mchid: '1900000001' }],
    ['other-appid', { appid: 'wx0000000000000000' }],
    ['other-amount', { amount: { total: 10_001 } }],
    ['other-currency', { amount: { currency: 'USD' } }],
    ['other-openid', { payer: { openid: 'oSomebodyElse000000000000000' } }],
    ['other-order', { out_trade_no: 'NOBODYS-ORDER-0001' }],
    ['no-content', { nothing: 'of use' }],
  ])('%s is properly signed under an id of its own', async (variant, content) => {
    const id = await payOrder('hold');
    await sandbox.control.notifications.send(id, variant);
    expect(isAuthentic(last())).toBe(true);
    expect(contentOf(last())).toMatchObject(content);
    expect((JSON.parse(last().body) as { id: string }).id).not.toBe(id);
  });

  test('other-event tells of something nobody has heard of', async () => {
    const id = await payOrder('hold');
    await sandbox.control.notifications.send(id, 'other-event');
    expect(isAuthentic(last())).toBe(true);
    expect(JSON.parse(last().body)).toMatchObject({ event_type: 'TRANSACTION.UNHEARD_OF' });
  });

  test.each(['SUCCESS', 'ABNORMAL', 'CLOSED'] as const)(
    'a refund that ends %s is announced',
    async (outcome) => {
      const number = await merchant.paidOrder();
      sandbox.control.refunds.script({ outcome });
      const amount = { refund: 500, total: 10_000, currency: 'CNY' };
      await merchant.refund({ out_trade_no: number, out_refund_no: 'R1', notify_url: receiver.url, amount });
      expect(receiver.received).toHaveLength(0);
      await sandbox.control.clock.advance(3_000);
      expect(JSON.parse(last().body)).toMatchObject({
        event_type: `REFUND.${outcome}`,
        resource: { original_type: 'refund' },
      });
      const content = contentOf(last());
      expect(content).toMatchObject({ out_refund_no: 'R1', refund_status: outcome });
      expect(content.status).toBeUndefined();
      expect(content.amount).toEqual({ total: 10_000, refund: 500, payer_total: 10_000, payer_refund: 500 });
    },
  );

  test('signatures can follow the machine clock while the sandbox clock is moved', async () => {
    sandbox.control.clock.signatures('machine');
    await sandbox.control.clock.advance(86_400_000);
    const body = merchant.order({ notify_url: receiver.url });
    const refused = await merchant.prepay(body);
    expect(refused).toMatchObject({ status: 401 });
    const answer = await merchant.prepay(body, { timestamp: Math.floor(Date.now() / 1000) });
    expect(Math.abs(Number(answer.headers['wechatpay-timestamp']) - Date.now() / 1000)).toBeLessThan(5);
    sandbox.control.clock.signatures('virtual');
  });
});
