import { DAY_MS, toBillTime } from '../beijing-time';
import type { World } from '../world';
import { billFile, feeFen, paymentsIn, refundsIn, yuan, type Period } from './bill-rows';

const COLUMNS =
  '记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号'.split(
    ',',
  );

interface Movement {
  at: number;
  /** WeChat Pay's number of the business behind it, and the merchant's voucher. */
  platformNo: string;
  voucher: string;
  name: string;
  kind: string;
  /** Fen; positive is income. */
  amountFen: number;
}

function movementsIn(world: World, period: Period): Movement[] {
  const incomes = paymentsIn(world, period).flatMap((payment) => {
    const base = { at: payment.paidAt, platformNo: payment.transactionId ?? '', voucher: payment.outTradeNo };
    return [
      { ...base, name: '交易', kind: '交易', amountFen: payment.totalFen },
      { ...base, name: '交易', kind: '扣除交易手续费', amountFen: -feeFen(payment.totalFen) },
    ];
  });
  const refunds = refundsIn(world, { startMs: 0, endMs: period.endMs })
    // Money leaves when the refund arrives, which may be on a later day than it was asked for.
    .filter(({ refund }) => refund.status === 'SUCCESS' && (refund.settledAt ?? Infinity) < period.endMs)
    .filter(({ refund }) => (refund.settledAt ?? 0) >= period.startMs)
    .map(({ refund }) => ({
      at: refund.settledAt ?? refund.createdAt,
      platformNo: refund.refundId,
      voucher: refund.outRefundNo,
      name: '退款',
      kind: '退款',
      amountFen: feeFen(refund.refundFen) - refund.refundFen,
    }));
  return [...incomes, ...refunds].filter((movement) => movement.amountFen !== 0).sort((a, b) => a.at - b.at);
}

/** The basic account's fund-flow bill of one Beijing day, or undefined when no money moved (APIv3, fund-flow bill). */
export function fundFlowBill(world: World, startMs: number): string | undefined {
  const movements = movementsIn(world, { startMs, endMs: startMs + DAY_MS });
  if (movements.length === 0) return undefined;
  let balance = movementsIn(world, { startMs: 0, endMs: startMs }).reduce(
    (sum, { amountFen }) => sum + amountFen,
    0,
  );
  const rows = movements.map((movement, index) => {
    balance += movement.amountFen;
    return [
      toBillTime(movement.at),
      movement.platformNo,
      `${movement.platformNo}${index}`,
      movement.name,
      movement.kind,
      movement.amountFen > 0 ? '收入' : '支出',
      yuan(Math.abs(movement.amountFen)),
      yuan(balance),
      'system',
      '',
      movement.voucher,
    ];
  });
  const incomes = movements.filter((movement) => movement.amountFen > 0);
  const expenses = movements.filter((movement) => movement.amountFen < 0);
  const sum = (some: Movement[]): string =>
    yuan(Math.abs(some.reduce((total, { amountFen }) => total + amountFen, 0)));
  return billFile(COLUMNS, rows, {
    资金流水总笔数: String(rows.length),
    收入笔数: String(incomes.length),
    收入金额: sum(incomes),
    支出笔数: String(expenses.length),
    支出金额: sum(expenses),
  });
}
