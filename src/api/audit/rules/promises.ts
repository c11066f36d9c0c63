/** What was promised for later: every waiting state has the message that will end it, and messages get worked. */
import { openMessages, type Rule } from './rule';

export const PROMISE_RULES: Rule[] = [
  {
    name: 'promise.deadline',
    invariant: 7,
    zh: '待付款订单没有到期任务，库存将一直锁定',
    en: 'no message will end an unpaid order at its deadline: its stock would stay locked for ever',
    table: 'orders',
    find: (dialect) => `select o.id, o.order_number, o.expires_at from orders o
      where o.status = 'pending' and o.id not in (${openMessages(dialect, 'order.expire', 'orderId')})`,
  },
  {
    name: 'promise.overdue',
    invariant: 7,
    zh: '待付款订单已超过付款期限六小时以上仍未关闭，库存一直锁定',
    en: 'an unpaid order is more than six hours past its deadline, and its stock is still locked',
    table: 'orders',
    find: () => `select o.id, o.order_number, o.expires_at from orders o
      where o.status = 'pending' and o.expires_at < :hoursAgo
        -- Money that staff must decide about keeps its order open until they have.
        and o.id not in (select a.order_id from payment_allocations a join payments p on p.id = a.payment_id
          where p.status = 'disputed' and a.order_id is not null)`,
  },
  {
    name: 'promise.completion',
    invariant: 7,
    zh: '已发货订单没有自动完成任务',
    en: 'no message will complete a shipped order',
    table: 'orders',
    find: (dialect) => `select o.id, o.order_number, o.shipped_at from orders o
      where o.status = 'shipped' and o.id not in (${openMessages(dialect, 'order.auto-complete', 'orderId')})`,
  },
  {
    name: 'promise.payment-check',
    invariant: 7,
    zh: '待支付或待核对的支付单没有查单任务',
    en: 'no message asks WeChat about a payment that may still be paid',
    table: 'payments',
    find: (dialect) => `select p.id, p.payment_number from payments p
      where p.status in ('pending', 'disputed') and p.id not in (${openMessages(dialect, 'payment.check', 'paymentId')})`,
  },
  {
    name: 'promise.shipping-upload',
    invariant: 7,
    zh: '微信支付的订单已发货，但未向微信录入发货信息，也没有待办或说明，货款将无法结算',
    en: 'WeChat was not told that an order it took money for has shipped, and no message or note says why',
    table: 'orders',
    // One given up stands in the dead list.
    find: (dialect) => `select o.id, o.order_number, o.shipped_at from orders o
      where o.shipped_at is not null and o.shipping_uploaded_at is null and o.shipping_upload_note is null
        and o.id in (select a.order_id from payment_allocations a join payments p on p.id = a.payment_id
          where p.status = 'succeeded' and p.method = 'wechat' and p.received_amount is null)
        and o.id not in (select a.order_id from payment_allocations a
          where a.order_id is not null and a.payment_id in (${openMessages(
            dialect,
            'order.upload-shipping',
            'paymentId',
            ['pending', 'blocked', 'running', 'dead'],
          )}))`,
  },
  {
    name: 'promise.stuck',
    invariant: 7,
    zh: '待办消息早该处理却无人处理',
    en: 'a message was due long ago and nobody works it',
    table: 'outbox_messages',
    // One set aside waits for an earlier one of its key, which is worked, stuck itself, or in the dead list for staff.
    find: () => `select m.id, m.topic, m.status, m.attempts, m.available_at from outbox_messages m
      where (m.status = 'pending' and m.available_at < :late)
        or (m.status = 'running' and (m.locked_until is null or m.locked_until < :late))
        or (m.status = 'blocked' and m.updated_at < :late and not exists (
          select 1 from outbox_messages e where e."key" = m."key" and e.id <> m.id
            and e.status in ('pending', 'running', 'dead') and (e.id < m.id or e.status = 'running')))`,
  },
];
