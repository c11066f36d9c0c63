/** Orders at Haier, against the table of their moves, and what was promised about them. Invariants 3, 5, 6 and 7. */
import {
  HAIER_EVENTS,
  HAIER_NOTES,
  HAIER_STATUSES,
  HAIER_TRANSITIONS,
  nextHaierStatus,
} from '../../../domain/haier-states';
import { openMessages, quoted, type Rule } from './rule';

/** Every allowed move as `from/event`. */
const MOVES = HAIER_STATUSES.flatMap((status) =>
  HAIER_EVENTS.flatMap((event) =>
    nextHaierStatus(status, event) === undefined ? [] : [`${status}/haier:${event}`],
  ),
);

const AFTER = `case h.event ${HAIER_EVENTS.map((event) => `when 'haier:${event}' then '${HAIER_TRANSITIONS[event].to}'`).join(' ')} end`;
const NOTES = quoted(HAIER_NOTES.map((note) => `haier:${note}`));
/** The moves of each order at Haier, each with the status after it and the one before. */
const STEPS = `select s.*, coalesce(lag(s.after) over (partition by s.order_id order by s.id), 'none') as before from (
  select h.id, h.order_id, h.event, ${AFTER} as after from order_histories h
  where h.event like 'haier:%' and h.event not in (${NOTES})) s`;
const TRIES = quoted(['haier:promisePush', 'haier:pushAgain']);

export const HAIER_RULES: Rule[] = [
  {
    name: 'haier.moves',
    invariant: 6,
    zh: '订单在海尔的状态变化不在状态表内，或历史改动了订单自己的状态',
    en: 'an order moved at Haier in a way its table does not have, or such a row moved the order itself',
    table: 'order_histories',
    find: () => `select s.id, s.order_id, s.event, s.before from (${STEPS}) s
      where s.before || '/' || s.event not in (${quoted(MOVES)})
      union all
      select h.id, h.order_id, h.event, h."from" from order_histories h
      where h.event like 'haier:%' and coalesce(h."from", '') <> h."to"`,
  },
  {
    name: 'haier.history',
    invariant: 6,
    zh: '订单的海尔状态与其历史不符',
    en: 'the status of an order at Haier is not what its history says',
    table: 'orders',
    find: () => `select o.id, o.order_number, o.haier_status, s.after as last_status
      from orders o left join (select order_id, max(id) as id from (${STEPS}) x group by order_id) l
        on l.order_id = o.id
      left join (${STEPS}) s on s.id = l.id
      where coalesce(o.haier_status, 'none') <> coalesce(s.after, 'none')`,
  },
  {
    name: 'haier.pushed-once',
    invariant: 3,
    zh: '订单推送到海尔的次数多于安排的次数，或自营订单被推送',
    en: 'an order was pushed to Haier more often than it was promised to be, or one of our own goods was',
    table: 'orders',
    find: () => `select o.id, o.order_number, o.product_source, p.promised, p.pushed from orders o
      join (select order_id, sum(case when event in (${TRIES}) then 1 else 0 end) as promised,
          sum(case when event = 'haier:pushed' then 1 else 0 end) as pushed
        from order_histories where event like 'haier:%' group by order_id) p on p.order_id = o.id
      where p.pushed > p.promised or (o.product_source <> 'haier' and p.promised > 0)`,
  },
  {
    name: 'haier.push-promise',
    invariant: 7,
    zh: '已付款的海尔订单没有安排推送',
    en: 'no message will push a paid Haier order',
    table: 'orders',
    find: (dialect) => `select o.id, o.order_number, o.haier_status from orders o
      where o.product_source = 'haier' and o.status = 'paid' and o.haier_status in ('none', 'push_pending')
        and o.id not in (${openMessages(dialect, 'haier.push', 'orderId')})`,
  },
  {
    name: 'haier.cancel-promise',
    invariant: 7,
    zh: '等待海尔取消的订单没有向海尔提出取消',
    en: 'an order waits for Haier to cancel it, and Haier was not asked and will not be',
    table: 'orders',
    find: (dialect) => `select o.id, o.order_number from orders o
      where o.haier_status = 'cancel_pending' and o.haier_cancel_attempted_at is null
        and o.haier_status_at > :aDayAgo
        and o.id not in (${openMessages(dialect, 'haier.cancel', 'orderId')})`,
  },
  {
    name: 'haier.held-refund',
    invariant: 5,
    zh: '退款在等待海尔取消，而订单并不在取消中',
    en: 'a refund waits for Haier to cancel its order, and the order is not being cancelled',
    table: 'refunds',
    find: () => `select r.id, r.refund_number, o.order_number, o.haier_status from refunds r
      left join orders o on o.id = r.order_id
      where r.status = 'requested' and r.decided_at is not null
        and coalesce(o.haier_status, '') <> 'cancel_pending'`,
  },
];
