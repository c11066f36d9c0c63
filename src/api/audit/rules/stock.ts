/** Stock: the figures, the ledger, and what each order has done to both. Invariants 1, 2 and 3. */
import { openMessages, type Rule } from './rule';

/** Who writes the ledger row of a repair; a running balance begins anew behind it. */
export const REPAIR_OPERATOR = 'system:audit';

/** What a row of each type does to the figures per piece. Adjustments and counts move on hand alone. */
const SIGNS = `case l.change_type
    when 'lock' then l.on_hand_delta = 0 and l.locked_delta > 0 and l.quantity = -l.locked_delta
    when 'release' then l.on_hand_delta = 0 and l.locked_delta < 0 and l.quantity = -l.locked_delta
    when 'deduct' then l.on_hand_delta < 0 and l.locked_delta = l.on_hand_delta and l.quantity = l.on_hand_delta
    when 'restock' then l.on_hand_delta > 0 and l.locked_delta = 0 and l.quantity = l.on_hand_delta
    else l.locked_delta = 0 and l.quantity = l.on_hand_delta end`;

const MOVED = `select order_id, life,
    sum(case when change_type = 'lock' then 1 else 0 end) as locks,
    sum(case when change_type = 'release' then 1 else 0 end) as releases,
    sum(case when change_type = 'deduct' then 1 else 0 end) as deducts,
    sum(case when change_type = 'restock' then 1 else 0 end) as restocks
  from inventory_logs where order_id is not null group by order_id, life`;

/** What an order's present life must have done to stock, by where it stands. Haier's goods are not ours to count. */
const EXPECTED = `select o.id, o.order_number, o.status, o.life, o.product_document_id,
    case when o.product_source = 'haier' then 0 else 1 end as locks,
    case when o.product_source = 'haier' then 0
      when o.status = 'cancelled' then 1
      when o.status = 'refunded' and o.status_before_refund = 'paid' then 1 else 0 end as releases,
    case when o.product_source = 'haier' then 0
      when o.status in ('shipped', 'completed') then 1
      when o.status in ('refunding', 'refunded') and o.status_before_refund in ('shipped', 'completed') then 1
      else 0 end as deducts
  from orders o`;

export const STOCK_RULES: Rule[] = [
  {
    name: 'stock.figures',
    invariant: 2,
    zh: '库存数字与流水之和不符',
    en: 'the figures of an item are not the sums of its ledger rows',
    table: 'inventory_items',
    isRepairable: true,
    find: () => `select i.id, i.product_document_id as product, i.on_hand, i.locked,
        coalesce(l.on_hand, 0) as ledger_on_hand, coalesce(l.locked, 0) as ledger_locked
      from inventory_items i left join (
        select product_document_id, sum(on_hand_delta) as on_hand, sum(locked_delta) as locked
        from inventory_logs group by product_document_id) l on l.product_document_id = i.product_document_id
      where i.on_hand <> coalesce(l.on_hand, 0) or i.locked <> coalesce(l.locked, 0)`,
  },
  {
    name: 'stock.missing-item',
    invariant: 2,
    zh: '有库存流水，却没有库存记录',
    en: 'there are ledger rows of a product without an inventory item',
    table: 'inventory_logs',
    find: () => `select min(l.id) as id, l.product_document_id as product from inventory_logs l
      left join inventory_items i on i.product_document_id = l.product_document_id
      where i.id is null group by l.product_document_id`,
  },
  {
    name: 'stock.every-moment',
    invariant: 1,
    zh: '流水中某一时刻的锁定数为负或超过在库数',
    en: 'at the moment of a ledger row locked was negative or more than on hand',
    table: 'inventory_logs',
    find: () => `select l.id, l.product_document_id as product, l.on_hand_after, l.locked_after
      from inventory_logs l where l.locked_after < 0 or l.locked_after > l.on_hand_after`,
  },
  {
    name: 'stock.running-balance',
    invariant: 2,
    zh: '流水的结余接不上：缺少、重复或改动过流水',
    en: 'a ledger row does not continue the one before it: one is missing, doubled or changed',
    table: 'inventory_logs',
    find: () => `select s.id, s.product, s.on_hand_before, s.on_hand_delta, s.on_hand_after,
        s.locked_before, s.locked_delta, s.locked_after
      from (select l.id, l.product_document_id as product, l.on_hand_delta, l.locked_delta,
          l.on_hand_after, l.locked_after,
          coalesce(lag(l.on_hand_after) over w, 0) as on_hand_before,
          coalesce(lag(l.locked_after) over w, 0) as locked_before
        from inventory_logs l window w as (partition by l.product_document_id order by l.id)) s
      left join (select product_document_id, max(id) as id from inventory_logs
        where operator = '${REPAIR_OPERATOR}' group by product_document_id) r on r.product_document_id = s.product
      where (r.id is null or s.id > r.id)
        and (s.on_hand_before + s.on_hand_delta <> s.on_hand_after
          or s.locked_before + s.locked_delta <> s.locked_after)`,
  },
  {
    name: 'stock.signs',
    invariant: 2,
    zh: '流水的变动方向与类型不符',
    en: 'a ledger row moves the figures in a way its type never does',
    table: 'inventory_logs',
    find: () => `select l.id, l.product_document_id as product, l.change_type, l.quantity,
        l.on_hand_delta, l.locked_delta
      from inventory_logs l where not (${SIGNS})`,
  },
  {
    name: 'stock.order-rows',
    invariant: 3,
    zh: '订单的库存流水与其状态不符',
    en: 'the ledger rows of an order are not those of its status',
    table: 'orders',
    find: (dialect) => `select e.id, e.order_number, e.product_document_id as product, e.status, e.life,
        coalesce(m.locks, 0) as locks, coalesce(m.releases, 0) as releases,
        coalesce(m.deducts, 0) as deducts, coalesce(m.restocks, 0) as restocks
      from (${EXPECTED}) e left join (${MOVED}) m on m.order_id = e.id and m.life = e.life
      where coalesce(m.locks, 0) <> e.locks or coalesce(m.deducts, 0) <> e.deducts
        or coalesce(m.restocks, 0) > case when e.status = 'refunded' then e.deducts else 0 end
        or (coalesce(m.releases, 0) <> e.releases
          -- While WeChat has not said that the payments are closed, a cancelled order still holds its stock.
          and not (e.status = 'cancelled' and coalesce(m.releases, 0) = 0
            and e.id in (${openMessages(dialect, 'order.end-payments', 'orderId')})))`,
  },
  {
    name: 'stock.earlier-lives',
    invariant: 3,
    zh: '订单以往轮次的库存没有锁定一次并释放一次',
    en: 'an earlier life of an order did not lock once and release once, or a later one is not known to the order',
    table: 'orders',
    find: () => `select o.id, o.order_number, o.product_document_id as product, o.life, m.life as ledger_life,
        m.locks, m.releases, m.deducts
      from orders o join (${MOVED}) m on m.order_id = o.id
      where m.life is null or m.life > o.life
        or (m.life < o.life and (m.locks <> 1 or m.releases <> 1 or m.deducts <> 0))
      union all
      select o.id, o.order_number, o.product_document_id, o.life, null, count(m.life), null, null
      from orders o left join (${MOVED}) m on m.order_id = o.id and m.life < o.life
      where o.life > 1 and o.product_source <> 'haier'
      group by o.id, o.order_number, o.product_document_id, o.life having count(m.life) <> o.life - 1`,
  },
  {
    name: 'stock.row-of-order',
    invariant: 3,
    zh: '订单类流水没有订单，或商品、数量与订单不符',
    en: 'a ledger row of an order has no order, or another product or quantity than it',
    table: 'inventory_logs',
    find: () => `select l.id, l.change_type, l.product_document_id as product, l.quantity, o.order_number
      from inventory_logs l left join orders o on o.id = l.order_id
      where (l.change_type in ('lock', 'release', 'deduct', 'restock') or l.order_id is not null)
        and (o.id is null or l.life is null or o.product_document_id <> l.product_document_id
          or abs(l.quantity) <> o.quantity)`,
  },
  {
    name: 'stock.sales-count',
    invariant: 2,
    zh: '商品销量与付款记录不符',
    en: 'the number sold of a product is not what its paid orders add up to',
    table: 'products',
    isRepairable: true,
    find: () => `select p.id, p.document_id as product, coalesce(p.sales_count, 0) as sales_count,
        coalesce(s.sold, 0) as sold
      from products p left join (
        select o.product_document_id, sum(o.quantity) as sold from orders o
        join order_histories h on h.order_id = o.id and h.event in ('pay', 'revive')
        group by o.product_document_id) s on s.product_document_id = p.document_id
      where coalesce(p.sales_count, 0) <> coalesce(s.sold, 0)`,
  },
];
