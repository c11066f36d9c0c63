import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { startSandbox, type Sandbox } from '../../sandbox';
import { Merchant, type Answer } from './support/merchant';

describe('bills', () => {
  let sandbox: Sandbox;
  let merchant: Merchant;
  const DAY = '2031-03-05';

  beforeAll(async () => {
    sandbox = await startSandbox();
    merchant = new Merchant(sandbox);
    await sandbox.control.clock.set(`${DAY}T12:00:00+08:00`);
    const number = await merchant.paidOrder({ description: '空调, 1.5匹', amount: { total: 10_050 } });
    sandbox.control.refunds.script({ outcome: 'ABNORMAL' });
    await refund(number, 'BILL-R1', 50, 10_050);
    await sandbox.control.clock.advance(60_000);
    await refund(number, 'BILL-R2', 1_000, 10_050);
  });
  afterAll(() => sandbox.stop());

  function refund(outTradeNo: string, outRefundNo: string, fen: number, total: number): Promise<Answer> {
    const amount = { refund: fen, total, currency: 'CNY' };
    return merchant.refund({ out_trade_no: outTradeNo, out_refund_no: outRefundNo, amount });
  }

  const apply = (query: string): Promise<Answer> => merchant.call('GET', `/v3/bill/tradebill?${query}`);

  async function download(order: Answer): Promise<string> {
    const { pathname, search } = new URL(String(order.json.download_url));
    const file = await merchant.call('GET', pathname + search);
    expect(file.status).toBe(200);
    expect(file.headers['wechatpay-signature']).toBeUndefined();
    const plain = gunzipSync(file.raw);
    expect(createHash('sha1').update(plain).digest('hex')).toBe(order.json.hash_value);
    return plain.toString('utf8');
  }

  test('a bill is never made for today, and not before ten o’clock for yesterday', async () => {
    expect(await apply(`bill_date=${DAY}`)).toMatchObject({ status: 400, json: { code: 'INVALID_REQUEST' } });
    await sandbox.control.clock.set('2031-03-06T09:59:00+08:00');
    expect(await apply(`bill_date=${DAY}`)).toMatchObject({
      status: 400,
      json: { code: 'STATEMENT_CREATING' },
    });
    await sandbox.control.clock.set('2031-03-06T10:00:00+08:00');
    expect(await apply(`bill_date=${DAY}`)).toMatchObject({ status: 200, json: { hash_type: 'SHA1' } });
  });

  test('bad days, types and parameters are refused', async () => {
    for (const query of [
      'bill_date=2031-02-30',
      'bill_date=20310305',
      'bill_type=ALL',
      `bill_date=${DAY}&bill_type=X`,
      `bill_date=${DAY}&x=1`,
    ]) {
      expect(await apply(query)).toMatchObject({ status: 400, json: { code: 'PARAM_ERROR' } });
    }
    expect(await apply('bill_date=2030-11-01')).toMatchObject({
      status: 400,
      json: { code: 'INVALID_REQUEST' },
    });
    expect(await apply('bill_date=2031-03-01')).toMatchObject({
      status: 400,
      json: { code: 'NO_STATEMENT_EXIST' },
    });
  });

  test('the trade bill: BOM, backticks, yuan, no comma inside a value', async () => {
    const text = await download(await apply(`bill_date=${DAY}&bill_type=ALL&tar_type=GZIP`));
    expect(text.charCodeAt(0)).toBe(0xfeff);
    const [head = '', ...lines] = text.slice(1).trimEnd().split('\r\n');
    const columns = head.split(',');
    expect(columns).toHaveLength(27);
    const rows = lines.slice(0, -2).map((line) => {
      const cells = line.split(',');
      expect(cells).toHaveLength(27);
      expect(cells.every((cell) => cell.startsWith('`'))).toBe(true);
      return Object.fromEntries(columns.map((column, index) => [column, cells[index]?.slice(1)]));
    });
    expect(rows).toMatchObject([
      { 交易状态: 'SUCCESS', 订单金额: '100.50', 商品名称: '空调\\  1.5匹', 申请退款金额: '0.00' },
      { 交易状态: 'REFUND', 商户退款单号: 'BILL-R1', 退款状态: 'CHANGE', 申请退款金额: '0.50' },
      { 交易状态: 'REFUND', 商户退款单号: 'BILL-R2', 退款状态: 'SUCCESS', 申请退款金额: '10.00' },
    ]);
    expect(lines.at(-2)).toContain('总交易单数');
    expect(lines.at(-1)).toMatch(/^`3,`100\.50,`10\.50,/);
  });

  test('columns differ by type', async () => {
    const success = await download(await apply(`bill_date=${DAY}&bill_type=SUCCESS&tar_type=GZIP`));
    expect(success).not.toContain('退款单号');
    const refunds = await download(await apply(`bill_date=${DAY}&bill_type=REFUND&tar_type=GZIP`));
    expect(refunds.split('\r\n')[0]).toContain('退款成功时间');
  });

  test('the fund-flow bill adds up', async () => {
    const order = await merchant.call(
      'GET',
      `/v3/bill/fundflowbill?bill_date=${DAY}&account_type=BASIC&tar_type=GZIP`,
    );
    const lines = (await download(order)).trimEnd().split('\r\n');
    expect(lines).toHaveLength(1 + 3 + 2);
    expect(lines[1]).toContain('`收入,`100.50,`100.50');
    expect(lines.at(-1)).toMatch(/^`3,`1,`100\.50,`2,/);
    const fees = await merchant.call('GET', `/v3/bill/fundflowbill?bill_date=${DAY}&account_type=FEES`);
    expect(fees).toMatchObject({ status: 400, json: { code: 'NO_STATEMENT_EXIST' } });
  });

  test('a download address needs a signature and dies after five minutes', async () => {
    const order = await apply(`bill_date=${DAY}&tar_type=GZIP`);
    const { pathname, search } = new URL(String(order.json.download_url));
    const anonymous = await merchant.call('GET', pathname + search, undefined, {
      headers: { Authorization: undefined },
    });
    expect(anonymous.status).toBe(401);
    await sandbox.control.clock.advance(301_000);
    const late = await merchant.call('GET', pathname + search);
    expect(late).toMatchObject({ status: 400, json: { code: 'INVALID_REQUEST' } });
  });
});
