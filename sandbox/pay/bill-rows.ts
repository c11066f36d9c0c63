import { DAY_MS, toBillTime } from '../beijing-time';
import { present, type Refund, type Transaction } from '../state';
import type { World } from '../world';

export type BillType = 'ALL' | 'SUCCESS' | 'REFUND';

export interface Period {
  startMs: number;
  endMs: number;
}

const FEE_PER_THOUSAND = 6;
const BOM = '\uFEFF';

const REFUND_TIMES = ['退款申请时间', '退款成功时间'];
const REFUND_COLUMNS = ['微信退款单号', '商户退款单号', '退款金额', '充值券退款金额', '退款类型', '退款状态'];
const HEAD =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额'.split(
    ',',
  );
const TAIL = '商品名称,商户数据包,手续费,费率,订单金额'.split(',');

/** Columns differ by bill type; readers must go by the names in the first row (APIv3, trade bill). */
const COLUMNS: Record<BillType, readonly string[]> = {
  ALL: [...HEAD, ...REFUND_COLUMNS, ...TAIL, '申请退款金额', '费率备注'],
  SUCCESS: [...HEAD, ...TAIL, '费率备注'],
  REFUND: [...HEAD, ...REFUND_TIMES, ...REFUND_COLUMNS, ...TAIL, '申请退款金额', '费率备注'],
};

/** Fen as yuan with two decimals, by digits and never by floating point. */
export function yuan(fen: number): string {
  const digits = String(Math.abs(fen)).padStart(3, '0');
  return `${fen < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** WeChat Pay's fee on an amount, in fen. */
export function feeFen(fen: number): number {
  return Math.round((fen * FEE_PER_THOUSAND) / 1000);
}

/** Assembles a bill file: UTF-8 with BOM, every value behind a backtick, then a summary of one row. */
export function billFile(
  columns: readonly string[],
  rows: string[][],
  summary: Record<string, string>,
): string {
  // A comma inside a value would start a new column; WeChat Pay writes backslash-space instead.
  const line = (values: string[]): string =>
    values.map((value) => `\`${value.replaceAll(',', '\\ ')}`).join(',');
  const summaryLines = [Object.keys(summary).join(','), line(Object.values(summary))];
  return `${BOM}${[columns.join(','), ...rows.map(line), ...summaryLines].join('\r\n')}\r\n`;
}

function within(at: number | undefined, period: Period): at is number {
  return at !== undefined && at >= period.startMs && at < period.endMs;
}

/** Payments of a period, oldest first. */
export function paymentsIn(world: World, period: Period): (Transaction & { paidAt: number })[] {
  return present(world.state.transactions)
    .filter((known): known is Transaction & { paidAt: number } => within(known.paidAt, period))
    .sort((a, b) => a.paidAt - b.paidAt);
}

/** Refunds applied for in a period, with their payment, oldest first. */
export function refundsIn(world: World, period: Period): { refund: Refund; payment: Transaction }[] {
  return present(world.state.refunds)
    .filter((refund) => within(refund.createdAt, period))
    .sort((a, b) => a.createdAt - b.createdAt)
    .flatMap((refund) => {
      const payment = world.state.transactions[refund.outTradeNo];
      return payment ? [{ refund, payment }] : [];
    });
}

/** The bill shows the state at its day's end and is never corrected; its words are not those of the API. */
function refundStateAt(refund: Refund, endMs: number): string {
  if (refund.settledAt === undefined || refund.settledAt >= endMs) return 'PROCESSING';
  return { SUCCESS: 'SUCCESS', ABNORMAL: 'CHANGE', CLOSED: 'FAIL', PROCESSING: 'PROCESSING' }[refund.status];
}

function baseCells(world: World, payment: Transaction, at: number, state: string): Record<string, string> {
  return {
    交易时间: toBillTime(at),
    公众账号ID: world.identity.appId,
    商户号: world.identity.mchId,
    特约商户号: '0',
    设备号: payment.deviceId ?? '',
    微信订单号: payment.transactionId ?? '',
    商户订单号: payment.outTradeNo,
    用户标识: payment.openid,
    交易类型: 'JSAPI',
    交易状态: state,
    付款银行: 'OTHERS',
    货币种类: 'CNY',
    代金券金额: '0.00',
    充值券退款金额: '0.00',
    商品名称: payment.description,
    商户数据包: payment.attach ?? '',
    费率: '0.60%',
    费率备注: '',
  };
}

function paymentCells(world: World, payment: Transaction & { paidAt: number }): Record<string, string> {
  return {
    ...baseCells(world, payment, payment.paidAt, 'SUCCESS'),
    应结订单金额: yuan(payment.totalFen),
    微信退款单号: '0',
    商户退款单号: '0',
    退款金额: '0.00',
    手续费: yuan(feeFen(payment.totalFen)),
    订单金额: yuan(payment.totalFen),
    申请退款金额: '0.00',
  };
}

function refundCells(
  world: World,
  { refund, payment }: { refund: Refund; payment: Transaction },
  endMs: number,
) {
  const state = refundStateAt(refund, endMs);
  const cells: Record<string, string> = {
    ...baseCells(world, payment, refund.createdAt, 'REFUND'),
    应结订单金额: '0.00',
    退款申请时间: toBillTime(refund.createdAt),
    退款成功时间: state === 'SUCCESS' ? toBillTime(refund.settledAt ?? refund.createdAt) : '',
    微信退款单号: refund.refundId,
    商户退款单号: refund.outRefundNo,
    退款金额: yuan(refund.refundFen),
    退款类型: 'ORIGINAL',
    退款状态: state,
    手续费: yuan(-feeFen(refund.refundFen)),
    订单金额: '0.00',
    申请退款金额: yuan(refund.refundFen),
  };
  return cells;
}

/** The trade bill of one Beijing day, or undefined when nothing happened on it (APIv3, trade bill). */
export function tradeBill(world: World, startMs: number, type: BillType): string | undefined {
  const period = { startMs, endMs: startMs + DAY_MS };
  const payments = type === 'REFUND' ? [] : paymentsIn(world, period);
  const refunds = type === 'SUCCESS' ? [] : refundsIn(world, period);
  if (payments.length + refunds.length === 0) return undefined;
  const cells = [
    ...payments.map((payment) => paymentCells(world, payment)),
    ...refunds.map((refund) => refundCells(world, refund, period.endMs)),
  ];
  const columns = COLUMNS[type];
  const paid = payments.reduce((sum, payment) => sum + payment.totalFen, 0);
  const refunded = refunds.reduce((sum, { refund }) => sum + refund.refundFen, 0);
  const fees =
    payments.reduce((sum, payment) => sum + feeFen(payment.totalFen), 0) -
    refunds.reduce((sum, { refund }) => sum + feeFen(refund.refundFen), 0);
  return billFile(
    columns,
    cells.map((row) => columns.map((column) => row[column] ?? '')),
    {
      总交易单数: String(cells.length),
      应结订单总金额: yuan(paid),
      退款总金额: yuan(refunded),
      充值券退款总金额: '0.00',
      手续费总金额: yuan(fees),
      订单总金额: yuan(paid),
      申请退款总金额: yuan(refunded),
    },
  );
}
