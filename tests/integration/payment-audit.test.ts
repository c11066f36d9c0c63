import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { compiled, type TestApp } from '../support/app';
import { DIST, PROJECT_ROOT } from '../support/boot';
import { settleRefunds } from '../support/factories/money';
import {
  type Buyer,
  createBuyer,
  createStaff,
  placePaidOrder,
  stockProduct,
} from '../support/factories/orders';
import { panelUser } from '../support/factories/panel';
import { runNode } from '../support/hostile-process';
import { type Line, type LogWorld, startLogWorld } from '../support/log-world';

let world: LogWorld;
let app: TestApp;
let buyer: Buyer;
let staff: Awaited<ReturnType<typeof createStaff>>;

beforeAll(async () => {
  world = await startLogWorld();
  ({ app } = world);
  buyer = await createBuyer(app);
  staff = await createStaff(app);
});
afterAll(() => world?.stop());

const lines = (name: string): Promise<Line[]> => world.lines(name);

describe('the payment audit of a shop', () => {
  const audit = async (payment: string): Promise<Line[]> =>
    (await lines('payment-audit.log')).filter((line) => line.payment === payment || line.about === payment);
  const events = (all: Line[]): unknown[] => all.map(({ event }) => event);

  it('has each change of a payment and its refund, with who and how much in fen', async () => {
    const product = await stockProduct(app, staff, 3, { price: 19.9 });
    const { order, payment } = await placePaidOrder(app, buyer, product);
    expect(events(await audit(payment.paymentNumber))).toEqual([
      'payment.created',
      'payment.succeeded',
      'notice.accepted',
    ]);
    const [, settled] = await audit(payment.paymentNumber);
    expect(settled).toMatchObject({
      amountFen: 1990,
      status: 'succeeded',
      order: order.orderNumber,
      requestId: expect.any(String),
    });
    const merchant = await panelUser(app, 'merchant');
    const asked = await app
      .api('post', `/orders/${order.documentId}/refund`, buyer.token)
      .send({ reason: '不想要了' });
    const { documentId, refundNumber } = asked.body.data as { documentId: string; refundNumber: string };
    await merchant.call('post', `/back-office/refunds/${documentId}/approve`).send({}).expect(200);
    await settleRefunds(app);
    const refund = (await lines('payment-audit.log')).filter((line) => line.refund === refundNumber);
    expect(events(refund)).toEqual([
      'refund.created',
      'refund.approved',
      'refund.submitting',
      'refund.processing',
      'refund.succeeded',
    ]);
    expect(refund.every(({ amountFen }) => amountFen === 1990)).toBe(true);
    expect(refund[1]).toMatchObject({ user: expect.stringMatching(/^admin:\d+$/) });
    expect(refund[2]).toMatchObject({ job: expect.stringMatching(/^refund\.submit#\d+$/) });
    const pressed = (await lines('payment-audit.log')).filter(
      ({ event }) => event === 'staff.approve-refund',
    );
    expect(pressed).toEqual([
      expect.objectContaining({ subject: documentId, by: expect.stringMatching(/^admin:/) }),
    ]);
  });

  it('has nothing of what was rolled back', async () => {
    const { inTransaction } = compiled<typeof import('../../src/platform/database')>('src/platform/database');
    const store = compiled<typeof import('../../src/api/payment/payment-store')>(
      'src/api/payment/payment-store',
    );
    const before = (await lines('payment-audit.log')).length;
    await expect(
      inTransaction(async (tx) => {
        const payment = await store.lockPayment(tx, 1);
        await store.changePayment(tx, payment, {}, { event: 'never' });
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    expect(await lines('payment-audit.log')).toHaveLength(before);
  });

  it('has notifications that were refused', async () => {
    await app
      .api('post', '/payments/notify/wechat')
      .set('Content-Type', 'text/plain')
      .send('rubbish')
      .expect(401);
    expect((await lines('payment-audit.log')).at(-1)).toMatchObject({
      event: 'notice.refused',
      source: 'wechat_pay',
      reason: expect.any(String),
    });
  });

  it('is written by its one writer: no other code changes payments, refunds or their logs', () => {
    const services = join(PROJECT_ROOT, 'src/api/payment/services');
    for (const name of readdirSync(services)) {
      const code = readFileSync(join(services, name), 'utf8');
      expect([name, code.match(/logs: logged|UID, tx, \w+\.id, \{[^}]*status/g)]).toEqual([name, null]);
    }
  });

  const check = async (...args: string[]) => {
    const child = runNode(
      'import(process.argv[1]).then((m) => m.main(process.argv.slice(2)))',
      [join(PROJECT_ROOT, 'scripts/lib/audit-log-command.mjs'), ...args],
      { SHOP_DIST: DIST, LOG_DIR: world.folder },
    );
    return { code: await child.ended, output: child.output() };
  };
  const anchored = async (): Promise<number> => {
    const keys = 'shop_payment-audit_%';
    const [anchor] = await app.strapi.db.connection('strapi_core_store_settings').where('key', 'like', keys);
    return anchor === undefined ? 0 : (JSON.parse(anchor.value as string) as { lines: number }).lines;
  };

  it('is found whole by npm run audit:log, and a change, a gap and a missing end are found', async () => {
    const whole = world.text('payment-audit.log');
    const all = whole.split('\n').filter(Boolean);
    for (let turn = 0; turn < 100 && (await anchored()) < all.length; turn += 1)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await check()).toEqual({ code: 0, output: expect.stringMatching(/审计日志完好.*1 个锚点/) });
    const spoil = async (lines: string[]) => {
      writeFileSync(join(world.folder, 'payment-audit.log'), `${lines.join('\n')}\n`);
      return check();
    };
    const paid = all.findIndex((line) => line.includes('"event":"payment.succeeded"'));
    const changed = all.map((line, at) =>
      at === paid ? line.replace(/"amountFen":\d+/, '"amountFen":1') : line,
    );
    expect(await spoil(changed)).toEqual({
      code: 1,
      output: expect.stringContaining(`第 ${paid + 1} 行被改动`),
    });
    expect(await spoil(all.filter((_, at) => at !== 2))).toMatchObject({
      code: 1,
      output: expect.stringMatching(/缺少第 3–3 行/),
    });
    expect(await spoil(all.slice(0, -2))).toMatchObject({
      code: 1,
      output: expect.stringMatching(/末尾缺少第/),
    });
    writeFileSync(join(world.folder, 'payment-audit.log'), whole);
    expect(await check(join(world.folder, 'nowhere'))).toMatchObject({ code: 2 });
    expect(await check('--everything')).toMatchObject({ code: 2 });
  });
});
