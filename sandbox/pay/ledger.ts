import { randomInt } from 'node:crypto';
import { beijingDay, DAY_MS } from '../beijing-time';
import { present, type Refund, type SandboxState, type Transaction } from '../state';

/** WeChat Pay closes an order by itself when nobody paid it for this long. */
const AUTO_CLOSE_MS = 7 * DAY_MS;

export type TradeState = 'SUCCESS' | 'REFUND' | 'NOTPAY' | 'CLOSED';

export const TRADE_STATE_TEXT: Record<TradeState, string> = {
  SUCCESS: '支付成功',
  REFUND: '转入退款',
  NOTPAY: '订单未支付',
  CLOSED: '订单已关闭',
};

/** The transaction of a number, if there is one. */
export function findTransaction(state: SandboxState, outTradeNo: string): Transaction | undefined {
  return Object.hasOwn(state.transactions, outTradeNo) ? state.transactions[outTradeNo] : undefined;
}

/** The refund of a number, if there is one. */
export function findRefund(state: SandboxState, outRefundNo: string): Refund | undefined {
  return Object.hasOwn(state.refunds, outRefundNo) ? state.refunds[outRefundNo] : undefined;
}

/** All refunds of an order, closed ones included, oldest first. */
export function refundsOf(state: SandboxState, outTradeNo: string): Refund[] {
  return present(state.refunds).filter((refund) => refund.outTradeNo === outTradeNo);
}

/** Fen bound by refunds of an order: all but the closed ones, whether they have arrived or not. */
export function acceptedRefundFen(state: SandboxState, outTradeNo: string): number {
  return refundsOf(state, outTradeNo)
    .filter((refund) => refund.status !== 'CLOSED')
    .reduce((sum, refund) => sum + refund.refundFen, 0);
}

/** The state WeChat Pay would report; REFUND also after a partial refund (APIv3, order query). */
export function tradeState(state: SandboxState, transaction: Transaction, now: number): TradeState {
  if (transaction.paidAt !== undefined) {
    return acceptedRefundFen(state, transaction.outTradeNo) > 0 ? 'REFUND' : 'SUCCESS';
  }
  const closed = transaction.closedAt !== undefined || now - transaction.createdAt > AUTO_CLOSE_MS;
  return closed ? 'CLOSED' : 'NOTPAY';
}

/** `count` random digits. */
export function randomDigits(count: number): string {
  return Array.from({ length: count }, () => randomInt(10)).join('');
}

/** A 28-digit number as WeChat Pay gives to payments (`4200…`) and refunds (`5030…`). */
export function platformNumber(prefix: '4200' | '5030', now: number): string {
  return `${prefix}00${randomDigits(4)}${beijingDay(now).replaceAll('-', '')}${randomDigits(10)}`;
}
