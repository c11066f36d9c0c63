/** Payments and refunds against the orders they are for. Invariants 3, 4, 5 and 8. */
import { openMessages, quoted, type Rule } from './rule';

const ALIVE = quoted(['paid', 'shipped', 'completed', 'refunding', 'refunded']);
/** Refunds that are not over, and with those that succeeded all that take money out of the payment. */
const OPEN = quoted(['requested', 'approved', 'processing', 'abnormal']);
const COUNTED = `${OPEN}, 'succeeded'`;

/** Every order's share of money that arrived as asked for. What arrived as another amount is no order's: it goes back. */
const ARRIVED = `select a.order_id, a.amount, p.id as payment_id from payment_allocations a
  join payments p on p.id = a.payment_id where p.status = 'succeeded' and p.received_amount is null`;

/** What each refund gives back of each order; one about several orders has a row for each. */
const PARTS = `select r.id, r.payment_id, r.order_id, r.amount, r.kind, r.status from refunds r
    join payments p on p.id = r.payment_id and p.received_amount is null where r.order_id is not null
  union all
  select r.id, r.payment_id, a.order_id, a.amount, r.kind, r.status from refunds r
    join payments p on p.id = r.payment_id and p.received_amount is null
    join refund_allocations a on a.refund_id = r.id where r.order_id is null`;

export const MONEY_RULES: Rule[] = [
  {
    name: 'payment.facts',
    invariant: 3,
    zh: '已成功的支付缺少交易号或付款时间，或未成功的支付有交易号',
    en: 'a succeeded payment has no transaction id or time, or another one has a transaction id',
    table: 'payments',
    find: () => `select p.id, p.payment_number, p.status, p.transaction_id from payments p
      where (p.status = 'succeeded' and (p.paid_at is null
          -- Staff may send back what WeChat told of without a number.
          or (p.transaction_id is null and p.id not in (select payment_id from refunds where kind = 'surplus'))))
        or (p.status <> 'succeeded' and p.transaction_id is not null)`,
  },
  {
    name: 'payment.settled-once',
    invariant: 3,
    zh: '每笔到账的款项应恰有一次效果：付清订单、恢复订单或退回，订单的次数不符',
    en: 'money that arrived pays, revives or goes back, once each: the counts of an order differ',
    table: 'orders',
    find: ({ fen }) => `select o.id, o.order_number, o.status, coalesce(s.shares, 0) as arrived,
        coalesce(h.paid, 0) as paid_or_revived, coalesce(r.surplus, 0) as sent_back
      from orders o
      left join (select order_id, count(*) as shares from (${ARRIVED}) x group by order_id) s
        on s.order_id = o.id
      left join (select order_id, count(*) as paid from order_histories
        where event in ('pay', 'revive') group by order_id) h on h.order_id = o.id
      left join (select order_id, count(distinct payment_id) as surplus from (${PARTS}) x
        where kind = 'surplus' group by order_id) r on r.order_id = o.id
      where coalesce(h.paid, 0) + coalesce(r.surplus, 0)
        <> coalesce(s.shares, 0) + case when ${fen('o.actual_amount')} = 0 then 1 else 0 end`,
  },
  {
    name: 'payment.shares',
    invariant: 4,
    zh: '支付金额不等于各订单分摊之和',
    en: 'the amount of a payment is not the sum of its shares',
    table: 'payments',
    find: ({ fen }) => `select p.id, p.payment_number, p.amount, coalesce(a.total, 0) as shares_fen
      from payments p left join (select payment_id, sum(${fen('amount')}) as total
        from payment_allocations group by payment_id) a on a.payment_id = p.id
      where ${fen('p.amount')} <> coalesce(a.total, 0)`,
  },
  {
    name: 'payment.other-amount',
    invariant: 4,
    zh: '到账金额与应付不符的款项没有全部退回',
    en: 'money that arrived as another amount than asked for does not all go back',
    table: 'payments',
    find: ({
      fen,
    }) => `select p.id, p.payment_number, p.amount, p.received_amount, coalesce(r.total, 0) as going_back_fen
      from payments p left join (select payment_id, sum(${fen('amount')}) as total from refunds
        where kind = 'surplus' and status in (${COUNTED}) group by payment_id) r on r.payment_id = p.id
      where p.status = 'succeeded' and p.received_amount is not null
        and coalesce(r.total, 0) <> ${fen('p.received_amount')}`,
  },
  {
    name: 'refund.sum',
    invariant: 4,
    zh: '退款之和超过收款，或超过该订单的分摊',
    en: 'refunds add up to more than arrived, or than the share of their order',
    table: 'payments',
    find: ({ fen }) => `select p.id, p.payment_number, null as order_id, r.total as refunded_fen
      from payments p join (select payment_id, sum(${fen('amount')}) as total from refunds
        where status in (${COUNTED}) group by payment_id) r on r.payment_id = p.id
      where r.total > ${fen('coalesce(p.received_amount, p.amount)')}
      union all
      select r.payment_id, null, r.order_id, r.total
      from (select payment_id, order_id, sum(${fen('amount')}) as total from (${PARTS}) x
        where status in (${COUNTED}) group by payment_id, order_id) r
      left join payment_allocations a on a.payment_id = r.payment_id and a.order_id = r.order_id
      where r.total > coalesce(${fen('a.amount')}, 0)`,
  },
  {
    name: 'refund.of-money',
    invariant: 4,
    zh: '退款没有支付或订单，其支付从未到账，或分摊之和不等于退款金额',
    en: 'a refund has no payment or order, its payment never arrived, or its parts are not its amount',
    table: 'refunds',
    find: ({ fen }) => `select r.id, r.refund_number, r.status, p.status as payment_status from refunds r
      left join payments p on p.id = r.payment_id left join orders o on o.id = r.order_id
      left join (select refund_id, sum(${fen('amount')}) as total from refund_allocations group by refund_id) a
        on a.refund_id = r.id
      where p.id is null or p.status <> 'succeeded'
        or (r.order_id is not null and o.id is null)
        or (r.order_id is null and coalesce(a.total, 0) <> ${fen('r.amount')})`,
  },
  {
    name: 'order.money',
    invariant: 4,
    zh: '订单收到的款项（除去多付退回）既不是零也不是应付金额',
    en: 'what arrived for an order, less what went back as surplus, is neither nothing nor its amount',
    table: 'orders',
    find: ({ fen }) => `select o.id, o.order_number, o.status, o.actual_amount,
        coalesce(s.total, 0) as arrived_fen, coalesce(r.total, 0) as surplus_fen
      from orders o
      left join (select order_id, sum(${fen('amount')}) as total from (${ARRIVED}) x group by order_id) s
        on s.order_id = o.id
      left join (select order_id, sum(${fen('amount')}) as total from (${PARTS}) x
        where kind = 'surplus' and status in (${COUNTED}) group by order_id) r on r.order_id = o.id
      where coalesce(s.total, 0) - coalesce(r.total, 0) not in (0, ${fen('o.actual_amount')})
        or (o.status in (${ALIVE}) and coalesce(s.total, 0) - coalesce(r.total, 0) <> ${fen('o.actual_amount')})`,
  },
  {
    name: 'money.without-order',
    invariant: 5,
    zh: '收到的款项没有有效订单，也没有正在进行的退款，已超过一分钟',
    en: 'for more than a minute money has neither an order that lives nor a refund under way',
    table: 'payments',
    find: ({ fen }) => `select p.id, p.payment_number, o.order_number, o.status, a.amount,
        coalesce(r.total, 0) as going_back_fen
      from payments p join payment_allocations a on a.payment_id = p.id
      join orders o on o.id = a.order_id
      left join (select payment_id, order_id, sum(${fen('amount')}) as total from (${PARTS}) x
        where status in (${COUNTED}) group by payment_id, order_id) r
        on r.payment_id = p.id and r.order_id = a.order_id
      where p.status = 'succeeded' and p.received_amount is null and o.status in ('pending', 'cancelled')
        and p.updated_at < :aMinuteAgo and coalesce(r.total, 0) < ${fen('a.amount')}`,
  },
  {
    name: 'refund.under-way',
    invariant: 5,
    zh: '退款已同意或处理中，却没有任何待办会推进它',
    en: 'a refund is approved or processing and no message will carry it on',
    table: 'refunds',
    find: (dialect) => `select r.id, r.refund_number, r.status from refunds r
      where (r.status = 'approved' and r.id not in (${openMessages(dialect, 'refund.submit', 'refundId')}))
        or (r.status in ('processing', 'abnormal')
          and r.id not in (${openMessages(dialect, 'refund.check', 'refundId')}))`,
  },
  {
    name: 'refund.of-order',
    invariant: 5,
    zh: '退款中的订单没有全额退款在途，或已退款的订单没有退清，或相反',
    en: 'an order in refund has no full refund under way, a refunded one is not all paid back, or the other way round',
    table: 'orders',
    find: ({
      fen,
    }) => `select o.id, o.order_number, o.status, o.actual_amount, coalesce(r.open, 0) as under_way,
        coalesce(r.returned, 0) as returned_fen
      from orders o left join (select order_id,
          sum(case when kind = 'full' and status in (${OPEN}) then 1 else 0 end) as open,
          sum(case when status = 'succeeded' then ${fen('amount')} else 0 end) as returned
        from (${PARTS}) x where kind <> 'surplus' group by order_id) r on r.order_id = o.id
      where coalesce(r.open, 0) <> case when o.status = 'refunding' then 1 else 0 end
        or (o.status = 'refunded' and coalesce(r.returned, 0) <> ${fen('o.actual_amount')})
        or (o.status <> 'refunded' and coalesce(r.returned, 0) > 0
          and coalesce(r.returned, 0) >= ${fen('o.actual_amount')})`,
  },
  {
    name: 'money.one-shopper',
    invariant: 8,
    zh: '订单、支付与退款不属于同一位顾客',
    en: 'an order, its payment and its refund do not belong to one shopper',
    table: 'payments',
    find: () => `select p.id, p.payment_number, o.order_number, null as refund_number
      from payments p join payment_allocations a on a.payment_id = p.id join orders o on o.id = a.order_id
      where p.user_id <> o.user_id
      union all
      select r.payment_id, null, o.order_number, r.refund_number from refunds r join orders o on o.id = r.order_id
      where r.user_id <> o.user_id`,
  },
];
