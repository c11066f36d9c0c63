import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { DAY_MS, fromRfc3339, toDigits } from '../beijing-time';
import type { Transaction } from '../state';
import type { World } from '../world';
import { fen, fingerprint, notifyUrl, outTradeNo, parseBody, text } from './fields';
import { findTransaction, tradeState } from './ledger';
import { badField, PayRefusal, TRACE } from './refusal';

const SHORTEST_EXPIRY_MS = 60_000;
const LONGEST_EXPIRY_MS = 15 * DAY_MS;
const DEFAULT_EXPIRY_MS = 7 * DAY_MS;
const LARGEST_DETAIL_BYTES = 6_144;

const goods = z.strictObject({
  merchant_goods_id: text(32),
  wechatpay_goods_id: text(32).optional(),
  goods_name: text(256).optional(),
  quantity: z.number().int().min(1),
  unit_price: z.number().int().min(0),
});

const detail = z
  .strictObject({
    cost_price: z.number().int().min(0).optional(),
    invoice_id: text(32).optional(),
    goods_detail: z.array(goods).optional(),
  })
  .refine((value) => Buffer.byteLength(JSON.stringify(value)) <= LARGEST_DETAIL_BYTES, 'above 6144 bytes');

const sceneInfo = z.strictObject({
  payer_client_ip: text(45),
  device_id: text(32).optional(),
  store_info: z
    .strictObject({
      id: text(32),
      name: text(256).optional(),
      area_code: text(32).optional(),
      address: text(512).optional(),
    })
    .optional(),
});

/** WeChat Pay APIv3, JSAPI and mini-program prepay: the whole list of fields. */
const prepaySchema = z.strictObject({
  appid: text(32),
  mchid: text(32),
  description: text(127),
  out_trade_no: outTradeNo,
  time_expire: text(64).optional(),
  attach: text(128).optional(),
  notify_url: notifyUrl(255),
  goods_tag: text(32).optional(),
  support_fapiao: z.boolean().optional(),
  amount: z.strictObject({ total: fen, currency: z.literal('CNY').optional() }),
  payer: z.strictObject({ openid: text(128) }),
  detail: detail.optional(),
  scene_info: sceneInfo.optional(),
  settle_info: z.strictObject({ profit_sharing: z.boolean().optional() }).optional(),
});

type PrepayRequest = z.infer<typeof prepaySchema>;

/** Refuses a merchant number that is not this sandbox's merchant: 400 MCH_NOT_EXISTS. */
export function checkMchId(world: World, mchid: string): void {
  if (mchid !== world.identity.mchId) {
    throw new PayRefusal(400, 'MCH_NOT_EXISTS', '商户号不存在', { trace: TRACE.mchidOrder });
  }
}

function checkParties(world: World, request: PrepayRequest): void {
  checkMchId(world, request.mchid);
  if (request.appid !== world.identity.appId) {
    throw new PayRefusal(400, 'APPID_MCHID_NOT_MATCH', '商户号与appid不匹配', { trace: TRACE.appidMchid });
  }
  if (!Object.hasOwn(world.state.shoppers, request.payer.openid)) {
    throw badField({ field: '/payer/openid', issue: 'not a user of this appid', location: 'body' });
  }
}

function expiryOf(timeExpire: string | undefined, now: number): number {
  if (timeExpire === undefined) return now + DEFAULT_EXPIRY_MS;
  const at = fromRfc3339(timeExpire, { fractions: false });
  const refuse = (issue: string): PayRefusal =>
    badField({ field: '/time_expire', value: timeExpire, issue, location: 'body' });
  if (at === undefined) throw refuse('must be RFC3339, yyyy-MM-DDTHH:mm:ss+08:00');
  if (at <= now) throw refuse('is in the past');
  if (at - now > LONGEST_EXPIRY_MS) throw refuse('is more than 15 days ahead');
  return Math.max(at, now + SHORTEST_EXPIRY_MS);
}

/** A known number may be asked again only while unpaid, open and with equal parameters. */
function checkReentry(world: World, known: Transaction, mark: string): void {
  const state = tradeState(world.state, known, world.now());
  if (state === 'SUCCESS' || state === 'REFUND') {
    throw new PayRefusal(400, 'INVALID_REQUEST', '该订单已支付', { trace: TRACE.alreadyPaid });
  }
  if (state === 'CLOSED' || world.now() >= known.expiresAt) {
    throw new PayRefusal(400, 'ORDER_CLOSED', '该订单已失效', { trace: TRACE.expiredOrClosed });
  }
  if (known.fingerprint !== mark) {
    throw new PayRefusal(403, 'OUT_TRADE_NO_USED', '商户订单号重复', { trace: TRACE.differentParameters });
  }
}

function openTransaction(world: World, request: PrepayRequest, mark: string): Transaction {
  const now = world.now();
  return {
    outTradeNo: request.out_trade_no,
    openid: request.payer.openid,
    description: request.description,
    totalFen: request.amount.total,
    ...(request.attach !== undefined && { attach: request.attach }),
    ...(request.scene_info?.device_id !== undefined && { deviceId: request.scene_info.device_id }),
    notifyUrl: request.notify_url,
    fingerprint: mark,
    createdAt: now,
    expiresAt: expiryOf(request.time_expire, now),
    prepays: [],
  };
}

/**
 * Opens a payment, or opens it again with equal parameters; either way a new prepay id, good for two hours.
 * Throws PARAM_ERROR, MCH_NOT_EXISTS, APPID_MCHID_NOT_MATCH, INVALID_REQUEST (paid), ORDER_CLOSED, OUT_TRADE_NO_USED.
 */
export function createPrepay(world: World, body: Buffer): { prepay_id: string } {
  const request = parseBody(prepaySchema, body);
  checkParties(world, request);
  const mark = fingerprint(request);
  const known = findTransaction(world.state, request.out_trade_no);
  if (known) checkReentry(world, known, mark);
  const transaction = known ?? openTransaction(world, request, mark);
  const id = `wx${toDigits(world.now())}${randomBytes(10).toString('hex')}`;
  transaction.prepays.push({ id, createdAt: world.now() });
  world.state.transactions[transaction.outTradeNo] = transaction;
  world.changed();
  return { prepay_id: id };
}
