/** What a payment or a refund says of itself, against itself and its orders. Invariants 3 and 4. */
import type { Rule } from './rule';

/** The stored bytes of a request name a number; JSON.stringify writes it one way only. */
const names = (column: string, field: string, number: string): string =>
  `${column} like '%"${field}":"' || ${number} || '"%'`;

/** The stored bytes of a request name an amount of fen; what follows it depends on its place. */
const asksFor = (column: string, field: string, fen: string): string =>
  `(${column} like '%"${field}":' || ${fen} || ',%' or ${column} like '%"${field}":' || ${fen} || '}%')`;

export const FACT_RULES: Rule[] = [
  {
    name: 'payment.request',
    invariant: 3,
    zh: '支付单保存的微信请求与支付单号或金额不符',
    en: 'the request to WeChat that a payment keeps names another number or amount than the payment',
    table: 'payments',
    find: ({ fen }) => `select p.id, p.payment_number, p.amount, p.request from payments p
      where p.request is not null and not (${names('p.request', 'out_trade_no', 'p.payment_number')}
        and ${asksFor('p.request', 'total', fen('p.amount'))})`,
  },
  {
    name: 'payment.checkout',
    invariant: 3,
    zh: '支付单的结算单号与其订单的结算单号不符',
    en: 'a payment names another checkout than an order it is for',
    table: 'payments',
    find: () => `select p.id, p.payment_number, p.checkout_number, o.order_number,
        o.checkout_number as checkout_of_order
      from payments p join payment_allocations a on a.payment_id = p.id join orders o on o.id = a.order_id
      where p.checkout_number is not null and p.checkout_number <> coalesce(o.checkout_number, '')`,
  },
  {
    name: 'refund.request',
    invariant: 4,
    zh: '退款单保存的微信请求与退款单号、支付单号或金额不符',
    en: 'the request to WeChat that a refund keeps names another number or amount than the refund',
    table: 'refunds',
    find: ({ fen }) => `select r.id, r.refund_number, r.amount, p.payment_number, r.request
      from refunds r join payments p on p.id = r.payment_id
      where r.request is not null and not (${names('r.request', 'out_refund_no', 'r.refund_number')}
        and ${names('r.request', 'out_trade_no', 'p.payment_number')}
        and ${asksFor('r.request', 'refund', fen('r.amount'))})`,
  },
  {
    name: 'refund.facts',
    invariant: 4,
    zh: '退款成功却缺少微信退款单号、到账时间、决定人或决定时间',
    en: 'a succeeded refund lacks its number at WeChat, its time, or who decided it and when',
    table: 'refunds',
    find: () => `select r.id, r.refund_number, r.status, r.decided_by from refunds r
      where (r.status = 'succeeded' and (coalesce(r.wechat_refund_id, '') = '' or r.succeeded_at is null))
        or (r.status in ('approved', 'processing', 'abnormal', 'succeeded', 'rejected')
          and (coalesce(r.decided_by, '') = '' or r.decided_at is null))`,
  },
];
