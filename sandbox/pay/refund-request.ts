import { z } from 'zod';
import { DAY_MS } from '../beijing-time';
import type { Refund, SandboxState, Transaction } from '../state';
import type { World } from '../world';
import { fen, notifyUrl, outRefundNo, outTradeNo, text } from './fields';
import { acceptedRefundFen, findTransaction, refundsOf } from './ledger';
import { PayRefusal, TRACE } from './refusal';

const MOST_REFUNDS = 50;
const REFUNDABLE_MS = 365 * DAY_MS;

const goods = z.strictObject({
  merchant_goods_id: text(32),
  wechatpay_goods_id: text(32).optional(),
  goods_name: text(256).optional(),
  unit_price: z.number().int().min(0),
  refund_amount: z.number().int().min(0),
  refund_quantity: z.number().int().min(1),
});

const account = z.strictObject({ account: z.enum(['AVAILABLE', 'UNAVAILABLE']), amount: fen });

/** WeChat Pay APIv3, refund application: the whole list of fields. */
export const refundSchema = z
  .strictObject({
    transaction_id: text(32).optional(),
    out_trade_no: outTradeNo.optional(),
    out_refund_no: outRefundNo,
    reason: text(80).optional(),
    notify_url: notifyUrl(256).optional(),
    funds_account: z.enum(['AVAILABLE', 'UNSETTLED']).optional(),
    amount: z.strictObject({
      refund: fen,
      total: fen,
      currency: z.literal('CNY'),
      from: z.array(account).min(1).optional(),
    }),
    goods_detail: z.array(goods).min(1).optional(),
  })
  .refine((request) => (request.transaction_id === undefined) !== (request.out_trade_no === undefined), {
    path: ['out_trade_no'],
    message: 'exactly one of transaction_id and out_trade_no',
  })
  .refine(
    ({ amount }) => !amount.from || amount.from.reduce((sum, part) => sum + part.amount, 0) === amount.refund,
    { path: ['amount', 'from'], message: 'must add up to the refund' },
  );

export type RefundRequest = z.infer<typeof refundSchema>;

function invalidRequest(message: string): PayRefusal {
  return new PayRefusal(400, 'INVALID_REQUEST', message, { trace: TRACE.differentParameters });
}

/** The paid order a refund is for. Throws 404 RESOURCE_NOT_EXISTS when it is unknown or unpaid. */
export function findRefundable(
  state: SandboxState,
  request: RefundRequest,
): Transaction & { paidAt: number } {
  const transaction =
    request.out_trade_no !== undefined
      ? findTransaction(state, request.out_trade_no)
      : Object.values(state.transactions).find((known) => known?.transactionId === request.transaction_id);
  const { paidAt } = transaction ?? {};
  if (!transaction || paidAt === undefined) {
    throw new PayRefusal(404, 'RESOURCE_NOT_EXISTS', '订单不存在或未支付', { trace: TRACE.orderNotFound });
  }
  return Object.assign(transaction, { paidAt });
}

/** Refuses a known refund number that comes with other parameters: 400 INVALID_REQUEST. */
export function checkSameRefund(known: Refund, mark: string): void {
  if (known.fingerprint !== mark) throw invalidRequest('订单信息不一致');
}

/**
 * The rules for a new refund of a paid order: its true total, what is left of it, at most 50, within 365 days, spaced.
 * Throws 400 INVALID_REQUEST, 403 TRADE_OVERDUE, 429 FREQUENCY_LIMITED.
 */
export function checkNewRefund(
  world: World,
  paid: Transaction & { paidAt: number },
  request: RefundRequest,
): void {
  const { state } = world;
  const now = world.now();
  if (request.amount.total !== paid.totalFen) throw invalidRequest('参数与订单信息不一致');
  if (request.amount.refund > paid.totalFen) throw invalidRequest('退款金额大于订单金额');
  if (now - paid.paidAt > REFUNDABLE_MS) throw new PayRefusal(403, 'TRADE_OVERDUE', '订单已经超过退款期限');
  const earlier = refundsOf(state, paid.outTradeNo);
  if (acceptedRefundFen(state, paid.outTradeNo) + request.amount.refund > paid.totalFen) {
    throw invalidRequest('申请退款金额超过可退金额');
  }
  if (earlier.length >= MOST_REFUNDS) throw invalidRequest('部分退款次数超过限制');
  const last = Math.max(...earlier.map((refund) => refund.createdAt));
  if (earlier.length > 0 && now - last < state.refundSpacingMs) {
    throw new PayRefusal(429, 'FREQUENCY_LIMITED', '同一订单两次退款的间隔过短', { trace: TRACE.rate });
  }
}
