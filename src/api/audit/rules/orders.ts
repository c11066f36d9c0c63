/** Orders and their histories, against the one table of moves. Invariant 6. */
import { ORDER_EVENTS, ORDER_TRANSITIONS, type OrderStatus } from '../../../domain/order-states';
import { quoted, type Rule } from './rule';

/** Where a refund may lead back to: whatever it may begin from. */
const BEFORE_REFUND: readonly OrderStatus[] = ORDER_TRANSITIONS.requestRefund.from;

/** Every allowed move as `event/from/to/actor`; an order begins by being placed by its shopper. */
export const ALLOWED_MOVES: string[] = [
  'place//pending/shopper',
  ...ORDER_EVENTS.flatMap((event) => {
    const { from, to, by } = ORDER_TRANSITIONS[event];
    const targets: readonly OrderStatus[] = to === 'previous' ? BEFORE_REFUND : [to];
    return from.flatMap((start) =>
      targets.flatMap((target) => by.map((actor) => `${event}/${start}/${target}/${actor}`)),
    );
  }),
];

/** The moves of an order's own life; what Haier made of it is judged in haier.ts. */
const OWN = `h.event not like 'haier:%'`;
const BACK = `'refundRejected', 'refundFailed'`;

export const ORDER_RULES: Rule[] = [
  {
    name: 'history.chain',
    invariant: 6,
    zh: '订单历史不连续：起点不是下单，或与上一条接不上',
    en: 'a history does not begin with the placing, or a row does not continue the one before it',
    table: 'order_histories',
    find: () => `select s.id, s.order_id, s.event, s."from", s."to", s.before
      from (select h.id, h.order_id, h.event, h."from", h."to", lag(h."to") over w as before,
          lag(h."from") over w as before_that, row_number() over w as place
        from order_histories h where ${OWN} window w as (partition by h.order_id order by h.id)) s
      where (s.place = 1 and s.event <> 'place')
        or (s.place > 1 and (s.event = 'place' or coalesce(s."from", '') <> s.before))
        or (s.event in (${BACK}) and s."to" <> coalesce(s.before_that, ''))`,
  },
  {
    name: 'history.moves',
    invariant: 6,
    zh: '订单历史中有状态表不允许的变化',
    en: 'a history row is a move that the table of order states does not have',
    table: 'order_histories',
    find: () => `select h.id, h.order_id, h.event, h."from", h."to", h.actor_type from order_histories h
      where ${OWN} and h.event || '/' || coalesce(h."from", '') || '/' || h."to" || '/' || coalesce(h.actor_type, '')
        not in (${quoted(ALLOWED_MOVES)})`,
  },
  {
    name: 'history.time',
    invariant: 6,
    zh: '订单历史的时间倒退了（超过两小时）',
    en: 'a history row is more than two hours older than the one before it',
    table: 'order_histories',
    // Two processes whose clocks differ by an hour are no forgery.
    find: ({ minutesBetween }) => `select s.id, s.order_id, s.event, s.created_at, s.before
      from (select h.id, h.order_id, h.event, h.created_at, lag(h.created_at) over
          (partition by h.order_id order by h.id) as before from order_histories h) s
      where ${minutesBetween('s.created_at', 's.before')} > 120`,
  },
  {
    name: 'history.actor',
    invariant: 6,
    zh: '订单历史没有记录操作者',
    en: 'a history row does not say who did it',
    table: 'order_histories',
    find: () => `select h.id, h.order_id, h.event from order_histories h
      where coalesce(h.actor_type, '') = '' or coalesce(h.actor_id, '') = ''`,
  },
  {
    name: 'history.orphan',
    invariant: 6,
    zh: '订单历史没有对应的订单',
    en: 'a history row belongs to no order',
    table: 'order_histories',
    find: () => `select h.id, h.order_id, h.event from order_histories h
      left join orders o on o.id = h.order_id where o.id is null`,
  },
  {
    name: 'order.history',
    invariant: 6,
    zh: '订单的状态、版本或轮次与其历史不符',
    en: 'the status, version or life of an order is not what its history says',
    table: 'orders',
    find: () => `select o.id, o.order_number, o.status, h."to" as last_status, o.version,
        coalesce(s.steps, 0) as steps, o.life, coalesce(s.revivals, 0) as revivals
      from orders o left join (
        select order_id, max(id) as last_id, count(*) as steps,
          sum(case when event = 'revive' then 1 else 0 end) as revivals
        from order_histories group by order_id) s on s.order_id = o.id
      left join order_histories h on h.id = s.last_id
      where h.id is null or h."to" <> o.status or o.version <> s.steps 
        -- Money that came while the stock was still held brings an order back in the life it was in.
        or o.life < 1 or o.life > 1 + s.revivals`,
  },
  {
    name: 'order.times',
    invariant: 6,
    zh: '订单缺少与状态相应的时间，或有与状态不符的时间',
    en: 'an order lacks the time that belongs to its status, or has that of a status it is not in',
    table: 'orders',
    find: () => `select o.id, o.order_number, o.status from orders o
      where (o.status = 'pending' and o.expires_at is null)
        or (o.status in ('paid', 'shipped', 'completed', 'refunding', 'refunded') and o.paid_at is null)
        or (o.status = 'cancelled') <> (o.cancelled_at is not null)
        or (o.status in ('shipped', 'completed') and o.shipped_at is null)
        or (o.status = 'completed' and o.completed_at is null)
        or (o.status in ('refunding', 'refunded')
          and coalesce(o.status_before_refund, '') not in (${quoted(BEFORE_REFUND)}))`,
  },
  {
    name: 'order.amounts',
    invariant: 4,
    zh: '订单总额不等于单价乘以数量',
    en: 'the total of an order is not its unit price times its quantity',
    table: 'orders',
    find: ({ fen }) => `select o.id, o.order_number, o.unit_price, o.quantity, o.total_amount
      from orders o where ${fen('o.total_amount')} <> ${fen('o.unit_price')} * o.quantity`,
  },
];
