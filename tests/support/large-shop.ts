/** A shop after years of trade, put straight into the tables of a PostgreSQL database: what its lists cost is then no guess. */
import { Client } from 'pg';

export interface LargeShop {
  products: number;
  orders: number;
}

/** Of every twenty orders one shopper; the first of them buys every hundredth order by himself. */
export const ORDERS_PER_SHOPPER = 20;
export const openIdOf = (shopper: number): string => `large-openid-${shopper}`;
/** documentIds, 24 characters as Strapi's are. */
export const documentIdOf = (kind: string, index: number): string =>
  `large${kind}${String(index).padStart(19 - kind.length, '0')}`;

/** SQL for the documentId of row `index` (an SQL expression). */
const documentId = (kind: string, index: string): string =>
  `'large${kind}' || lpad((${index})::text, ${19 - kind.length}, '0')`;
const STAMPS = 'created_at, updated_at, published_at';

/** Laying rows and then their indexes is several times faster than both at once. */
const FILLED = [
  'orders',
  'order_histories',
  'payments',
  'payment_allocations',
  'inventory_logs',
  'notifications',
  'products',
  'idempotency_keys',
  'outbox_messages',
];

async function withoutIndexes(client: Client, work: () => Promise<void>): Promise<void> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index
     where indrelid = any($1::regclass[]) and not exists (select from pg_constraint where conindid = indexrelid)`,
    [FILLED],
  );
  for (const { name } of rows) await client.query(`drop index ${name}`);
  await work();
  for (const { definition } of rows) await client.query(definition);
}

async function fillCatalogue(client: Client, products: number): Promise<void> {
  for (const locale of ['zh-Hans', 'en']) {
    await client.query(
      `insert into categories (document_id, name, "order", level, locale, ${STAMPS})
       select ${documentId('cat', 'i')}, '分类 ' || i, i, case when i <= 10 then 'major' when i <= 40 then 'minor' else 'item' end, $1, now(), now(), now()
       from generate_series(1, 200) i`,
      [locale],
    );
    await client.query(
      `insert into brands (document_id, name, "order", is_active, locale, ${STAMPS})
       select ${documentId('brand', 'i')}, '品牌 ' || i, i, true, $1, now(), now(), now() from generate_series(1, 100) i`,
      [locale],
    );
    await client.query(
      `insert into products (document_id, name, description, specifications, price, supply_price, source, product_code, product_model, product_group,
                             is_active, is_sales, view_count, sales_count, locale, ${STAMPS})
       select ${documentId('p', 'i')}, (array['冰箱', '洗衣机', '空调', '电视', '热水器'])[1 + i % 5] || ' ' || i, repeat('说明', 40), '{"容积": "500 L"}',
              500 + (i * 7919) % 20000, 400, case when i % 10 < 7 then 'haier' else 'local' end, 'C' || i, 'BCD-' || i, '家电',
              i % 50 <> 0, true, i % 1000, (i * 31) % 5000, $1, now() - i * interval '5 minutes', now(), now()
       from generate_series(1, $2::int) i`,
      [locale, products],
    );
  }
  await client.query(`insert into categories_parent_lnk (category_id, inv_category_id)
    select child.id, parent.id from categories child join categories parent on parent.locale = child.locale
    and parent.document_id = case when child.level = 'minor' then ${documentId('cat', '1 + (right(child.document_id, 6)::int % 10)')}
                                  else ${documentId('cat', '11 + (right(child.document_id, 6)::int % 30)')} end
    where child.level <> 'major'`);
  // Half of everything is in one category and of one brand, as in a shop of one maker.
  await client.query(`insert into products_category_lnk (product_id, category_id)
    select p.id, c.id from products p join categories c on c.locale = p.locale
    and c.document_id = ${documentId('cat', 'case when p.id % 2 = 0 then 41 else 41 + (p.id / 2) % 160 end')}`);
  await client.query(`insert into products_brand_lnk (product_id, brand_id)
    select p.id, b.id from products p join brands b on b.locale = p.locale
    and b.document_id = ${documentId('brand', 'case when p.id % 2 = 0 then 1 else 1 + (p.id / 2) % 100 end')}`);
  await client.query(`insert into files (document_id, name, hash, ext, mime, size, url, provider, ${STAMPS})
    select ${documentId('f', 'i')}, 'picture', 'picture' || i, '.png', 'image/png', 10, '/uploads/picture' || i || '.png', 'local', now(), now(), now()
    from generate_series(1, 50) i`);
  await client.query(`insert into files_related_mph (file_id, related_id, related_type, field, "order")
    select f.id, p.id, 'api::product.product', 'mainImages', 1 from products p join files f on f.document_id = ${documentId('f', '1 + p.id % 50')}`);
  // One in ten is sold out.
  await client.query(`insert into inventory_items (document_id, product_document_id, product_id, on_hand, locked, ${STAMPS})
    select ${documentId('s', 'id')}, document_id, id, case when id % 10 = 3 then 0 else 1 + id % 500 end, 0, now() - id * interval '1 minute', now() - id * interval '1 minute', now()
    from products where locale = 'zh-Hans'`);
}

async function fillShoppers(client: Client, shoppers: number): Promise<void> {
  await client.query(
    `insert into up_users (document_id, username, email, provider, password, confirmed, blocked, phone, open_id, user_type, is_staff, is_superuser, has_password, last_login_at, ${STAMPS})
     select ${documentId('u', 'i')}, '用户' || i, 'large' || i || '@users.invalid', 'local', null, true, i % 500 = 0, '138' || lpad(i::text, 8, '0'), 'large-openid-' || i, 'customer', false, false, false,
            now() - (i % 1000) * interval '1 hour', now() - i * interval '10 minutes', now(), now() from generate_series(1, $1::int) i`,
    [shoppers],
  );
  await client.query(`insert into up_users_role_lnk (user_id, role_id)
    select u.id, r.id from up_users u, up_roles r where r.type = 'shopper' and u.open_id like 'large-%'`);
  await client.query(`insert into addresses (document_id, user_id, contact_name, phone, province, city, district, district_code, detail, is_default, ${STAMPS})
    select ${documentId('a', 'u.id * 2 + n')}, u.id, '张三', u.phone, '山东省', '青岛市', '崂山区', '370212', '海尔路 1 号', n = 0, u.created_at, u.created_at, now()
    from up_users u, generate_series(0, 1) n where u.open_id like 'large-%'`);
  await client.query(`insert into carts (document_id, user_id, ${STAMPS})
    select ${documentId('c', 'id')}, id, now(), now(), now() from up_users where open_id like 'large-%'`);
}

/** Orders in the order of their time over two years, and what each leaves behind. */
async function fillTrade(client: Client, { products, orders }: LargeShop, shoppers: number): Promise<void> {
  await client.query(
    `create temporary table large_users as select id, right(document_id, 12)::int as n from up_users where open_id like 'large-%'`,
  );
  await client.query('create index on large_users (n)');
  await client.query('analyze large_users');
  await client.query(
    `insert into orders (document_id, order_number, checkout_number, user_id, product_id, product_document_id, product_name, product_code, product_source, quantity,
       unit_price, total_amount, discount_amount, actual_amount, status, life, snapshot_contact_name, snapshot_phone, snapshot_address, snapshot_province, snapshot_city,
       snapshot_district, snapshot_district_code, expires_at, paid_at, haier_so_id, haier_status, haier_status_at, haier_concern, haier_concern_at, version, ${STAMPS})
     select ${documentId('o', 'i')}, 'L' || lpad(i::text, 12, '0'), case when i % 3 = 0 then 'K' || lpad((i / 6)::text, 12, '0') end, u.id, 1 + (i * 7919::bigint) % $2::int,
       ${documentId('p', '1 + (i * 7919::bigint) % $2::int')}, '冰箱', 'C' || i % $2, case when i % 10 < 3 then 'haier' else 'local' end, 1,
       100 + i % 9000, 100 + i % 9000, 0, 100 + i % 9000, s.status, 1, '张三', '13800000000', '海尔路 1 号', '山东省', '青岛市', '崂山区', '370212',
       at + interval '30 minutes', case when s.status not in ('pending', 'cancelled') then at + interval '5 minutes' end,
       case when i % 10 < 3 then 'SO' || i end,
       case when i % 10 < 3 then case when i > $1::bigint * 0.99 then case when i % 20 = 1 then 'push_failed' else 'pushed' end else 'confirmed' end else 'none' end, case when i % 10 < 3 then at end,
       case when i % 10 < 3 and i % 2000 = 1 then 'unclear_callback' end, case when i % 10 < 3 and i % 2000 = 1 then at end, 1, at, at, at
     from generate_series(1, $1::int) i
     cross join lateral (select now() - ($1::int - i) * (interval '730 days' / $1::int) as at) t
     cross join lateral (select case when i % 1000 = 7 then 'refunding' when i > $1::bigint * 0.999 then 'pending' when i > $1::bigint * 0.99 then 'paid' when i > $1::bigint * 0.98 then 'shipped'
       when i % 10 = 1 then 'cancelled' when i % 33 = 5 then 'refunded' else 'completed' end as status) s
     join large_users u on u.n = case when i % 100 = 0 then 1 else 1 + (i * 104729::bigint) % $3::int end`,
    [orders, products, shoppers],
  );
  await client.query(`insert into order_histories (document_id, order_id, "from", "to", event, actor_type, created_at, updated_at, published_at)
    select ${documentId('h', 'id * 2 + n')}, id, case n when 0 then null else 'pending' end, case n when 0 then 'pending' else status end, case n when 0 then 'place' else 'pay' end, 'system',
    created_at, created_at, created_at from orders, generate_series(0, 1) n`);
  await client.query(`insert into inventory_logs (document_id, product_document_id, change_type, quantity, on_hand_delta, locked_delta, on_hand_after, locked_after, order_id, life, operator, ${STAMPS})
    select ${documentId('l', 'id * 2 + n')}, product_document_id, case n when 0 then 'lock' else 'deduct' end, 1, -n, 1 - 2 * n, 10, 1, id, 1, 'system', created_at, created_at, created_at
    from orders, generate_series(0, 1) n`);
  // A payment has the id of its order, so that nothing has to be joined.
  await client.query(`insert into payments (id, document_id, payment_number, user_id, checkout_number, amount, method, status, transaction_id, expires_at, paid_at, logs, ${STAMPS})
    select id, ${documentId('m', 'id')}, 'P' || order_number, user_id, checkout_number, actual_amount, 'wechat',
      case when status = 'pending' then 'pending' when status = 'cancelled' then 'closed' when id % 50000 = 11 then 'disputed' else 'succeeded' end,
      case when paid_at is not null then 'T' || order_number end, expires_at, paid_at, '[]', created_at, updated_at, created_at from orders`);
  await client.query(
    "select setval(pg_get_serial_sequence('payments', 'id'), (select max(id) from payments))",
  );
  await client.query(`insert into payment_allocations (document_id, payment_id, order_id, amount, ${STAMPS})
    select ${documentId('n', 'id')}, id, id, actual_amount, created_at, created_at, created_at from orders`);
  await client.query(`insert into refunds (document_id, refund_number, payment_id, order_id, user_id, amount, kind, status, reason, requested_by, logs, ${STAMPS})
    select ${documentId('r', 'id')}, 'R' || order_number, id, id, user_id, actual_amount, 'refund', case when status = 'refunding' then 'requested' else 'succeeded' end, '不想要了', 'user', '[]',
      created_at, created_at, created_at from orders where status in ('refunding', 'refunded')`);
  await client.query(`insert into refund_allocations (document_id, refund_id, order_id, amount, ${STAMPS})
    select ${documentId('q', 'id')}, id, order_id, amount, created_at, created_at, created_at from refunds`);
  await client.query(`insert into notifications (document_id, user_id, audience, type, title, data, read_at, ${STAMPS})
    select ${documentId('t', 'id')}, case when id % 20 = 0 then null else user_id end, case when id % 20 = 0 then 'staff' else 'user' end,
      case when id % 2 = 0 then 'order.paid' else 'order.shipped' end, '订单', '{}', case when id % 10 <> 1 then created_at end, created_at, created_at, created_at from orders where id % 2 = 0 or id % 7 = 0`);
}

/** What the shop writes about itself. */
async function fillRecords(client: Client, orders: number): Promise<void> {
  await client.query(
    `insert into outbox_messages (document_id, topic, payload, key, status, attempts, available_at, ${STAMPS})
     select ${documentId('x', 'i')}, (array['order.expire', 'payment.check', 'refund.submit', 'haier.push'])[1 + i % 4], '{}', 'order:' || i,
       case when i % 5000 = 3 then 'dead' else 'done' end, 1, now() - i * interval '1 second', now() - i * interval '1 second', now() - i * interval '1 second', now()
     from generate_series(1, $1::int) i`,
    [Math.ceil(orders / 4)],
  );
  await client.query(
    `insert into haier_api_logs (document_id, system, operation, outcome, method, url, http_status, attempt, duration_ms, subject, called_at, ${STAMPS})
     select ${documentId('y', 'i')}, case when i % 2 = 0 then 'haier' else 'ylh' end, 'readStock', case when i % 100 = 9 then 'unknown_outcome' else 'ok' end, 'POST', 'https://upstream.example/path', 200, 1, 12,
       'SUBJECT-' || i, now() - i * interval '10 seconds', now(), now(), now() from generate_series(1, $1::int) i`,
    [Math.ceil(orders / 10)],
  );
  await client.query(
    `insert into callback_inbox (document_id, source, event_id, raw_body, verified, outcome, deliveries, received_at, ${STAMPS})
     select ${documentId('z', 'i')}, case when i % 3 = 0 then 'ylh' else 'wechat' end, 'E' || i, '{}', true, 'settled', 1, now() - i * interval '10 seconds', now() - i * interval '10 seconds', now(), now()
     from generate_series(1, $1::int) i`,
    [Math.ceil(orders / 10)],
  );
}

/** Fills an empty, migrated database. Ends with its statistics up to date, as autovacuum leaves them. */
export async function fillLargeShop(connectionString: string, shop: LargeShop): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    // A join that goes wrong ends, and is not waited for.
    await client.query("set statement_timeout = '100s'");
    const shoppers = Math.ceil(shop.orders / ORDERS_PER_SHOPPER);
    // Rows are made to fit; checking each reference again would take longer than all else.
    await client.query(
      "set session_replication_role = replica; set synchronous_commit = off; set maintenance_work_mem = '256MB'",
    );
    await withoutIndexes(client, async () => {
      await fillCatalogue(client, shop.products);
      await fillShoppers(client, shoppers);
      await fillTrade(client, shop, shoppers);
      await fillRecords(client, shop.orders);
    });
    await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
}
