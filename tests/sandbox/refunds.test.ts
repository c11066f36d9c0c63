import { startSandbox, type Sandbox } from '../../sandbox';
import { Merchant } from './support/merchant';

describe('refunds', () => {
  let sandbox: Sandbox;
  let merchant: Merchant;
  let numbers = 0;

  beforeAll(async () => {
    sandbox = await startSandbox();
    merchant = new Merchant(sandbox);
  });
  afterAll(() => sandbox.stop());

  const request = (outTradeNo: string, refund = 1_000, changes: Record<string, unknown> = {}) => ({
    out_trade_no: outTradeNo,
    out_refund_no: `REFUND-${(numbers += 1)}`,
    amount: { refund, total: 10_000, currency: 'CNY' },
    ...changes,
  });
  const minute = (): Promise<void> => sandbox.control.clock.advance(60_000);

  test('200 means accepted; it arrives a little later', async () => {
    const number = await merchant.paidOrder();
    const body = request(number);
    const accepted = await merchant.refund(body);
    expect(accepted).toMatchObject({
      status: 200,
      json: {
        status: 'PROCESSING',
        channel: 'ORIGINAL',
        amount: { total: 10_000, refund: 1_000, payer_refund: 1_000, currency: 'CNY' },
      },
    });
    expect(accepted.json.success_time).toBeUndefined();
    await sandbox.control.clock.advance(3_000);
    const { json } = await merchant.queryRefund(body.out_refund_no);
    expect(json).toMatchObject({ status: 'SUCCESS', success_time: expect.any(String) });
  });

  test('a partial refund makes the order REFUND, not unpaid', async () => {
    const number = await merchant.paidOrder();
    await merchant.refund(request(number, 1));
    expect((await merchant.query(number)).json).toMatchObject({
      trade_state: 'REFUND',
      amount: { total: 10_000 },
    });
  });

  const bad: [string, Record<string, unknown>, string][] = [
    ['both order numbers', { transaction_id: '4200' }, '/out_trade_no'],
    ['no order number', { out_trade_no: undefined }, '/out_trade_no'],
    ['mchid in the body', { mchid: '1' }, '/mchid'],
    ['attach', { attach: 'x' }, '/attach'],
    ['no currency', { amount: { refund: 1, total: 10_000 } }, '/amount/currency'],
    ['a refund of zero', { amount: { refund: 0, total: 10_000, currency: 'CNY' } }, '/amount/refund'],
    ['a bad refund number', { out_refund_no: 'a b' }, '/out_refund_no'],
    ['a null reason', { reason: null }, '/reason'],
    ['a long reason', { reason: 'r'.repeat(81) }, '/reason'],
    ['a notify address with a query', { notify_url: 'https://shop.example/n?x' }, '/notify_url'],
    [
      'accounts that do not add up',
      { amount: { refund: 5, total: 10_000, currency: 'CNY', from: [{ account: 'AVAILABLE', amount: 4 }] } },
      '/amount/from',
    ],
  ];
  test.each(bad)('%s is a PARAM_ERROR', async (_name, changes, field) => {
    const answer = await merchant.refund(request('TEST-00000000', 1, changes));
    expect(answer).toMatchObject({ status: 400, json: { code: 'PARAM_ERROR', detail: { field } } });
  });

  test('the sum of refunds stays within the total, those under way included', async () => {
    const number = await merchant.paidOrder();
    await merchant.refund(request(number, 6_000));
    await minute();
    const tooMuch = await merchant.refund(request(number, 4_001));
    expect(tooMuch).toMatchObject({ status: 400, json: { code: 'INVALID_REQUEST' } });
    expect((await merchant.refund(request(number, 4_000))).status).toBe(200);
  });

  test('a wrong total is INVALID_REQUEST', async () => {
    const number = await merchant.paidOrder();
    const body = request(number, 1, { amount: { refund: 1, total: 9_999, currency: 'CNY' } });
    expect(await merchant.refund(body)).toMatchObject({ status: 400, json: { code: 'INVALID_REQUEST' } });
  });

  test('the same number is the same refund with equal parameters, refused with others', async () => {
    const number = await merchant.paidOrder();
    const body = request(number, 9_000);
    const first = await merchant.refund(body);
    const again = await merchant.refund(body);
    expect(again.json.refund_id).toBe(first.json.refund_id);
    const changed = await merchant.refund({ ...body, amount: { ...body.amount, refund: 8_000 } });
    expect(changed).toMatchObject({ status: 400, json: { code: 'INVALID_REQUEST' } });
  });

  test('unpaid and unknown orders, and refunds never accepted, are 404 RESOURCE_NOT_EXISTS', async () => {
    const unpaid = merchant.order();
    await merchant.prepay(unpaid);
    for (const answer of [
      await merchant.refund(request(unpaid.out_trade_no)),
      await merchant.refund(request('UNKNOWN-ORDER')),
      await merchant.queryRefund('NEVER-SEEN'),
    ]) {
      expect(answer).toMatchObject({ status: 404, json: { code: 'RESOURCE_NOT_EXISTS' } });
    }
  });

  test('the refund query takes no mchid', async () => {
    const answer = await merchant.call('GET', `/v3/refund/domestic/refunds/R?mchid=${merchant.mchid}`);
    expect(answer).toMatchObject({ status: 400, json: { code: 'PARAM_ERROR' } });
  });

  test('two refunds of one order within a minute are 429, unless the rule is switched off', async () => {
    const number = await merchant.paidOrder();
    await merchant.refund(request(number));
    expect(await merchant.refund(request(number))).toMatchObject({
      status: 429,
      json: { code: 'FREQUENCY_LIMITED' },
    });
    sandbox.control.refunds.spacing(0);
    expect((await merchant.refund(request(number))).status).toBe(200);
    sandbox.control.refunds.spacing(60_000);
  });

  test('the fifty-first refund is refused', async () => {
    const number = await merchant.paidOrder();
    sandbox.control.refunds.spacing(0);
    for (let count = 0; count < 50; count += 1)
      expect((await merchant.refund(request(number, 1))).status).toBe(200);
    expect(await merchant.refund(request(number, 1))).toMatchObject({
      status: 400,
      json: { code: 'INVALID_REQUEST' },
    });
    sandbox.control.refunds.spacing(60_000);
  });

  test('after a year it is too late', async () => {
    const number = await merchant.paidOrder();
    await sandbox.control.clock.advance(366 * 86_400_000);
    expect(await merchant.refund(request(number))).toMatchObject({
      status: 403,
      json: { code: 'TRADE_OVERDUE' },
    });
  });

  test.each(['ABNORMAL', 'CLOSED'] as const)('a scripted %s comes after PROCESSING', async (outcome) => {
    const number = await merchant.paidOrder();
    sandbox.control.refunds.script({ outcome });
    const body = request(number);
    expect((await merchant.refund(body)).json.status).toBe('PROCESSING');
    await sandbox.control.clock.advance(3_000);
    expect((await merchant.queryRefund(body.out_refund_no)).json.status).toBe(outcome);
  });

  test('a closed refund frees its amount for a new number', async () => {
    const number = await merchant.paidOrder();
    const body = request(number, 10_000);
    sandbox.control.refunds.script({ outcome: 'CLOSED', outRefundNo: body.out_refund_no });
    await merchant.refund(body);
    await minute();
    expect((await merchant.query(number)).json.trade_state).toBe('SUCCESS');
    expect((await merchant.refund(request(number, 10_000))).status).toBe(200);
  });

  test('NOT_ENOUGH is refused and the same number works afterwards', async () => {
    const number = await merchant.paidOrder();
    const body = request(number);
    sandbox.control.refunds.script({ outcome: 'NOT_ENOUGH' });
    expect(await merchant.refund(body)).toMatchObject({ status: 403, json: { code: 'NOT_ENOUGH' } });
    expect((await merchant.refund(body)).json.status).toBe('PROCESSING');
  });

  test('a refund left PROCESSING waits for settle', async () => {
    const number = await merchant.paidOrder();
    const body = request(number);
    sandbox.control.refunds.script({ outcome: 'PROCESSING' });
    await merchant.refund(body);
    await sandbox.control.clock.advance(86_400_000);
    expect((await merchant.queryRefund(body.out_refund_no)).json.status).toBe('PROCESSING');
    expect(sandbox.control.refunds.settle(body.out_refund_no)).toEqual({ status: 'SUCCESS' });
    expect(() => sandbox.control.refunds.settle(body.out_refund_no)).toThrow('under way');
  });

  test('an abnormal refund ends as told, as if staff had settled it in the console', async () => {
    const number = await merchant.paidOrder();
    const body = request(number);
    sandbox.control.refunds.script({ outcome: 'ABNORMAL' });
    await merchant.refund(body);
    await sandbox.control.clock.advance(3_000);
    expect(() => sandbox.control.refunds.settle(body.out_refund_no)).toThrow('under way');
    expect(sandbox.control.refunds.settle(body.out_refund_no, 'SUCCESS')).toEqual({ status: 'SUCCESS' });
    expect((await merchant.queryRefund(body.out_refund_no)).json.status).toBe('SUCCESS');
  });
});
