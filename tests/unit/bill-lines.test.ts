import { Readable } from 'node:stream';

import {
  BillDamagedError,
  type BillLine,
  readLines,
  readTradeBill,
} from '../../src/platform/wechat/bill-lines';

const NAMES =
  '交易时间,公众账号ID,微信订单号,商户订单号,交易状态,微信退款单号,商户退款单号,退款状态,商品名称,订单金额,申请退款金额';
const SUMMARY = '总交易单数,应结订单总金额,退款总金额,订单总金额,申请退款总金额';
const PAID = '`2031-03-05 23:59:59,`wx1,`4200,`P-1,`SUCCESS,`0,`0,`,`空调\\  1.5匹,`100.50,`0.00';
const REFUNDED = '`2031-03-05 08:00:00,`wx1,`4200,`P-1,`REFUND,`5030,`R-1,`PROCESSING,`空调,`0.00,`10.05';
const bill = (rows: string[], summary = `\`${rows.length},\`100.50,\`10.05,\`100.50,\`10.05`): string =>
  `\uFEFF${[NAMES, ...rows, SUMMARY, summary].join('\r\n')}\r\n`;

/** The text in pieces of `size` characters, as a network would cut it. */
const pieces = (text: string, size = 7): AsyncIterable<string> =>
  Readable.from(text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? []);

async function read(text: string, size?: number): Promise<BillLine[]> {
  const lines: BillLine[] = [];
  for await (const line of readTradeBill(pieces(text, size))) lines.push(line);
  return lines;
}

describe('the text of a trade bill', () => {
  it.each([1, 2, 7, 10_000])('is read by the names of its columns, in pieces of %d', async (size) => {
    expect(await read(bill([PAID, REFUNDED]), size)).toEqual([
      {
        kind: 'payment',
        at: new Date('2031-03-05T15:59:59Z'),
        outTradeNo: 'P-1',
        transactionId: '4200',
        tradeState: 'SUCCESS',
        amountFen: 10_050,
        outRefundNo: null,
        refundId: null,
        refundState: null,
        refundFen: 0,
      },
      {
        kind: 'refund',
        at: new Date('2031-03-05T00:00:00Z'),
        outTradeNo: 'P-1',
        transactionId: '4200',
        tradeState: 'REFUND',
        amountFen: 0,
        outRefundNo: 'R-1',
        refundId: '5030',
        refundState: 'PROCESSING',
        refundFen: 1_005,
      },
    ]);
  });

  it('may have its columns in another order, LF alone, no BOM and no last line end', async () => {
    const turned = (line: string, mark: string) => line.split(`,${mark}`).reverse();
    const row = `\`${turned(PAID.slice(1), '`').join(',`')}`;
    const text = [turned(NAMES, '').join(','), row, SUMMARY, '`1,`100.50,`0.00,`100.50,`0.00'].join('\n');
    expect(await read(text)).toMatchObject([{ outTradeNo: 'P-1', amountFen: 10_050 }]);
  });

  it('takes a comma inside a value for a part of it', async () => {
    const [line] = await read(bill([PAID.replace('空调\\  1.5匹', '空调, 1.5匹'), REFUNDED]));
    expect(line).toMatchObject({ outTradeNo: 'P-1', amountFen: 10_050 });
  });

  it.each([
    ['nothing at all', ''],
    ['no summary', `${NAMES}\r\n${PAID}\r\n`],
    ['a summary without its row', `${NAMES}\r\n${PAID}\r\n${SUMMARY}\r\n`],
    ['a row cut short', bill([PAID.slice(0, 60), REFUNDED])],
    ['a row too long', bill([`${PAID},\`1`, REFUNDED])],
    ['a column missing', bill([PAID]).replace('商户退款单号', '别的')],
    ['fewer rows than its summary counts', bill([PAID, REFUNDED], '`3,`100.50,`10.05,`100.50,`10.05')],
    ['another sum of payments', bill([PAID, REFUNDED], '`2,`100.50,`10.05,`100.51,`10.05')],
    ['another sum of refunds', bill([PAID, REFUNDED], '`2,`100.50,`10.05,`100.50,`10.00')],
    ['an amount with three places', bill([PAID.replace('100.50', '100.505'), REFUNDED])],
    ['an amount in words', bill([PAID.replace('100.50', '一百'), REFUNDED])],
    ['a day that is none', bill([PAID.replace('2031-03-05', '2031-13-05'), REFUNDED])],
    ['a row after its summary', `${bill([PAID, REFUNDED])}${PAID}\r\n`],
  ])('with %s is not believed', async (_name, text) => {
    await expect(read(text)).rejects.toThrow(BillDamagedError);
  });

  it('ends a line that never ends', async () => {
    const endless = Readable.from(
      (function* () {
        for (;;) yield 'x'.repeat(4_096);
      })(),
    );
    const reading = (async () => {
      for await (const line of readLines(endless as AsyncIterable<string>)) expect(line).toBeUndefined();
    })();
    await expect(reading).rejects.toThrow('a line without end');
  });
});
