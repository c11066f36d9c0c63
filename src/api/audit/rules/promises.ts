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
