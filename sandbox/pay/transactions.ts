import { z } from 'zod';
import { toRfc3339 } from '../beijing-time';
import { present, type Transaction } from '../state';
import type { World } from '../world';
import { outTradeNo, parseBody, parseQuery, text } from './fields';
import { findTransaction, TRADE_STATE_TEXT, tradeState } from './ledger';
import { checkMchId } from './prepay';
import { badField, PayRefusal, TRACE } from './refusal';

/**
 * A transaction as the query and the notification show it. Payer, amount and the other facts of a payment are absent
 * while it is unpaid (APIv3, order query).
 */
export function transactionView(world: World, transaction: Transaction): Record<string, unknown> {
  const state = tradeState(world.state, transaction, world.now());
  const { appId, mchId } = world.identity;
  const always = {
    appid: appId,
    mchid: mchId,
    out_trade_no: transaction.outTradeNo,
    trade_state: state,
    trade_state_desc: TRADE_STATE_TEXT[state],
    promotion_detail: [],
  };
  if (transaction.paidAt === undefined) return always;
  return {
    ...always,
    transaction_id: transaction.transactionId,
    trade_type: 'JSAPI',
    bank_type: 'OTHERS',
    ...(transaction.attach !== undefined && { attach: transaction.attach }),
    success_time: toRfc3339(transaction.paidAt),
    payer: { openid: transaction.openid },
    amount: {
      total: transaction.totalFen,
      payer_total: transaction.totalFen,
      currency: 'CNY',
      payer_currency: 'CNY',
    },
    ...(transaction.deviceId !== undefined && { scene_info: { device_id: transaction.deviceId } }),
  };
}

function checkNumber(number: string): void {
  if (!outTradeNo.safeParse(number).success) {
    throw badField({ field: 'out_trade_no', value: number, issue: 'malformed', location: 'url' });
  }
}

function orderNotExist(): PayRefusal {
  return new PayRefusal(404, 'ORDER_NOT_EXIST', '订单不存在', { trace: TRACE.orderNotFound });
}

/** Query by the merchant's number. Throws PARAM_ERROR, MCH_NOT_EXISTS, 404 ORDER_NOT_EXIST. */
export function queryByNumber(world: World, number: string, query: URLSearchParams): Record<string, unknown> {
  checkMchId(world, parseQuery(query, ['mchid']).mchid);
  checkNumber(number);
  const transaction = findTransaction(world.state, number);
  if (!transaction) throw orderNotExist();
  return transactionView(world, transaction);
}

/** Query by WeChat Pay's number; it exists only once paid. Throws PARAM_ERROR, MCH_NOT_EXISTS, 404 ORDER_NOT_EXIST. */
export function queryById(
  world: World,
  transactionId: string,
  query: URLSearchParams,
): Record<string, unknown> {
  checkMchId(world, parseQuery(query, ['mchid']).mchid);
  const transaction = present(world.state.transactions).find(
    (known) => known.transactionId === transactionId,
  );
  if (!transaction) throw orderNotExist();
  return transactionView(world, transaction);
}

const closeSchema = z.strictObject({ mchid: text(32) });

/**
 * Closes an unpaid order; closing it again is the same as once. Throws PARAM_ERROR, MCH_NOT_EXISTS,
 * 404 ORDER_NOT_EXIST and 400 ORDER_PAID.
 */
export function closeTransaction(world: World, number: string, body: Buffer): void {
  checkMchId(world, parseBody(closeSchema, body).mchid);
  checkNumber(number);
  const transaction = findTransaction(world.state, number);
  if (!transaction) throw orderNotExist();
  if (transaction.paidAt !== undefined) {
    // The troubleshooting guide names the code but no HTTP status; callers must not branch on the status.
    throw new PayRefusal(400, 'ORDER_PAID', '订单已支付', { trace: TRACE.alreadyPaid });
  }
  transaction.closedAt ??= world.now();
  world.changed();
}
