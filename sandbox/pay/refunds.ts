import { toRfc3339 } from '../beijing-time';
import { present, type Refund, type RefundScript, type Transaction } from '../state';
import type { World } from '../world';
import { fingerprint, outRefundNo, parseBody, parseQuery } from './fields';
import { findRefund, findTransaction, platformNumber } from './ledger';
import type { Notifier } from './notifier';
import { badField, PayRefusal, TRACE } from './refusal';
import {
  checkNewRefund,
  checkSameRefund,
  findRefundable,
  refundSchema,
  type RefundRequest,
} from './refund-request';

const SETTLE_DELAY_MS = 3_000;
const USER_ACCOUNT = '招商银行信用卡0403';

const SCRIPTED_REFUSALS: Partial<Record<RefundScript['outcome'], PayRefusal>> = {
  NOT_ENOUGH: new PayRefusal(403, 'NOT_ENOUGH', '基本账户余额不足，请充值后重新发起'),
  USER_ACCOUNT_ABNORMAL: new PayRefusal(403, 'USER_ACCOUNT_ABNORMAL', '退款请求失败，用户账号已注销'),
  FREQUENCY_LIMITED: new PayRefusal(429, 'FREQUENCY_LIMITED', '频率超限', { trace: TRACE.rate }),
};

/** A refund as the application and the query answer it (APIv3, refund query). */
export function refundView(world: World, refund: Refund): Record<string, unknown> {
  const transaction = findTransaction(world.state, refund.outTradeNo);
  const total = transaction?.totalFen ?? 0;
  return {
    refund_id: refund.refundId,
    out_refund_no: refund.outRefundNo,
    transaction_id: transaction?.transactionId,
    out_trade_no: refund.outTradeNo,
    channel: 'ORIGINAL',
    user_received_account: USER_ACCOUNT,
    ...(refund.status === 'SUCCESS' && { success_time: toRfc3339(refund.settledAt ?? refund.createdAt) }),
    create_time: toRfc3339(refund.createdAt),
    status: refund.status,
    funds_account: refund.fundsAccount,
    amount: {
      total,
      refund: refund.refundFen,
      ...(refund.from && { from: refund.from }),
      payer_total: total,
      payer_refund: refund.refundFen,
      settlement_refund: refund.refundFen,
      settlement_total: total,
      discount_refund: 0,
      currency: 'CNY',
    },
    promotion_detail: [],
  };
}

/** Accepts refunds, lets them settle in sandbox time, and tells the merchant. */
export class RefundDesk {
  constructor(
    private readonly world: World,
    private readonly notifier: Notifier,
  ) {}

  /**
   * Refund application. 200 means accepted: PROCESSING first, the outcome comes later. The same number with equal
   * parameters answers the refund it already made. Throws PARAM_ERROR, INVALID_REQUEST, RESOURCE_NOT_EXISTS,
   * TRADE_OVERDUE, FREQUENCY_LIMITED and what was scripted.
   */
  apply(body: Buffer): Record<string, unknown> {
    const request = parseBody(refundSchema, body);
    const mark = fingerprint(request);
    const known = findRefund(this.world.state, request.out_refund_no);
    if (known) {
      checkSameRefund(known, mark);
      return refundView(this.world, known);
    }
    const paid = findRefundable(this.world.state, request);
    checkNewRefund(this.world, paid, request);
    const script = this.takeScript(request.out_refund_no);
    const scriptedRefusal = script && SCRIPTED_REFUSALS[script.outcome];
    if (scriptedRefusal) throw scriptedRefusal;
    const refund = this.accept(request, mark, paid, script);
    return refundView(this.world, refund);
  }

  /** Refund query. Throws PARAM_ERROR on any query parameter, 404 RESOURCE_NOT_EXISTS when it was never accepted. */
  query(number: string, query: URLSearchParams): Record<string, unknown> {
    parseQuery(query, []);
    if (!outRefundNo.safeParse(number).success) {
      throw badField({ field: 'out_refund_no', value: number, issue: 'malformed', location: 'url' });
    }
    const refund = findRefund(this.world.state, number);
    if (!refund)
      throw new PayRefusal(404, 'RESOURCE_NOT_EXISTS', '退款单不存在', { trace: TRACE.orderNotFound });
    return refundView(this.world, refund);
  }

  /**
   * Ends a refund under way now, as scripted or as told; an abnormal one as told, which is what a merchant's staff do in
   * WeChat's console. Throws Error when there is none under way by that number.
   */
  settle(number: string, outcome?: Refund['outcome']): Refund {
    const refund = findRefund(this.world.state, number);
    const isAbnormal = refund?.status === 'ABNORMAL' && outcome !== undefined;
    if (refund === undefined || !(refund.status === 'PROCESSING' || isAbnormal))
      throw new Error(`no refund ${number} is under way`);
    this.world.clock.cancel(appointment(refund));
    refund.status = outcome ?? refund.outcome;
    refund.settledAt = this.world.now();
    delete refund.settlesAt;
    this.world.changed();
    if (refund.notifyUrl !== undefined)
      this.notifier.announce(this.announcement(refund, refund.notifyUrl), 'send');
    return refund;
  }

  /** Takes up the refunds that were under way in the snapshot. */
  resume(): void {
    for (const refund of present(this.world.state.refunds)) this.awaitSettlement(refund);
  }

  private takeScript(number: string): RefundScript | undefined {
    const { state } = this.world;
    const mine = state.refundScripts.find((script) => script.outRefundNo === number);
    const script = mine ?? state.refundScripts.find((candidate) => candidate.outRefundNo === undefined);
    if (!script) return undefined;
    script.times -= 1;
    if (script.times < 1) state.refundScripts = state.refundScripts.filter((other) => other !== script);
    this.world.changed();
    return script;
  }

  private accept(
    request: RefundRequest,
    mark: string,
    paid: Transaction,
    script: RefundScript | undefined,
  ): Refund {
    const now = this.world.now();
    const outcome =
      script?.outcome === 'ABNORMAL' || script?.outcome === 'CLOSED' ? script.outcome : 'SUCCESS';
    const refund: Refund = {
      outRefundNo: request.out_refund_no,
      refundId: platformNumber('5030', now),
      outTradeNo: paid.outTradeNo,
      refundFen: request.amount.refund,
      ...(request.reason !== undefined && { reason: request.reason }),
      ...(request.notify_url !== undefined && { notifyUrl: request.notify_url }),
      fundsAccount: request.funds_account ?? 'UNSETTLED',
      ...(request.amount.from && { from: request.amount.from }),
      fingerprint: mark,
      status: 'PROCESSING',
      outcome,
      ...(script?.outcome !== 'PROCESSING' && { settlesAt: now + (script?.delayMs ?? SETTLE_DELAY_MS) }),
      createdAt: now,
    };
    this.world.state.refunds[refund.outRefundNo] = refund;
    this.world.changed();
    this.awaitSettlement(refund);
    return refund;
  }

  private awaitSettlement(refund: Refund): void {
    if (refund.status !== 'PROCESSING' || refund.settlesAt === undefined) return;
    this.world.clock.schedule(appointment(refund), refund.settlesAt, async () => {
      this.settle(refund.outRefundNo);
      // A moved clock promises that what fell due is done, the call to the shop included.
      await this.notifier.idle();
    });
  }

  private announcement(refund: Refund, url: string): Parameters<Notifier['announce']>[0] {
    const transaction = findTransaction(this.world.state, refund.outTradeNo);
    const total = transaction?.totalFen ?? 0;
    return {
      eventType: `REFUND.${refund.status}`,
      outTradeNo: refund.outTradeNo,
      outRefundNo: refund.outRefundNo,
      url,
      // Named `refund_status` here, `status` in the query (APIv3, refund notification).
      resource: {
        mchid: this.world.identity.mchId,
        transaction_id: transaction?.transactionId,
        out_trade_no: refund.outTradeNo,
        refund_id: refund.refundId,
        out_refund_no: refund.outRefundNo,
        refund_status: refund.status,
        ...(refund.status === 'SUCCESS' && { success_time: toRfc3339(refund.settledAt ?? this.world.now()) }),
        user_received_account: USER_ACCOUNT,
        amount: { total, refund: refund.refundFen, payer_total: total, payer_refund: refund.refundFen },
      },
    };
  }
}

function appointment(refund: Refund): string {
  return `refund:${refund.outRefundNo}`;
}
