import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { databaseUrl, onDatabase } from './ground';

/**
 * The statements of one order in the shop's order (see order/services/placement), as pgbench sends them: who asks,
 * address, product with stock, discounts; then the transaction. Kept in step with the shop by hand.
 */
const ONE_ORDER = `
\\set n random(1, :products)
\\set u random(1, 1000000000)
select u.id, r.type, exists (select 1 from strapi_sessions s where s.user_id = ':user' and s.session_id = ':session') from up_users u left join up_users_role_lnk l on l.user_id = u.id left join up_roles r on r.id = l.role_id where u.id = :user;
select * from addresses where user_id = :user and document_id = ':address' limit 1;
select p.id, p.document_id, p.name, p.price, i.on_hand, i.locked, (select f.url from files_related_mph m join files f on f.id = m.file_id where m.related_type = 'api::product.product' and m.field = 'mainImages' and m.related_id = p.id order by m."order" limit 1) from products p left join inventory_items i on i.product_document_id = p.document_id where p.document_id = 'benchproduct' || lpad((:n)::text, 12, '0') and p.locale = 'zh-Hans';
select p.document_id, d.audience, ul.user_id, d.name, d.kind, d.value from discounts d join products p on p.document_id = 'benchproduct' || lpad((:n)::text, 12, '0') and p.locale = 'zh-Hans' left join discounts_users_lnk ul on ul.discount_id = d.id and ul.user_id = :user left join products_category_lnk sl on sl.product_id = p.id left join categories shelf on shelf.id = sl.category_id left join categories shelf_place on shelf_place.document_id = shelf.document_id and shelf_place.locale = 'zh-Hans' left join categories_parent_lnk ml on ml.category_id = shelf_place.id left join categories middle on middle.id = ml.inv_category_id where d.is_active and (d.starts_at is null or d.starts_at <= now()) and (d.ends_at is null or d.ends_at > now()) and (d.audience = 'everyone' or ul.user_id is not null) and (d.applies_to = 'all' or exists (select from discounts_products_lnk pl join products np on np.id = pl.product_id where pl.discount_id = d.id and np.document_id = p.document_id) or exists (select from discounts_categories_lnk cl join categories nc on nc.id = cl.category_id where cl.discount_id = d.id and nc.document_id in (shelf.document_id, middle.document_id)));
begin;
insert into idempotency_keys (document_id, user_id, route, key, request_hash, status, response_status, response, expires_at, created_at, updated_at, published_at) values (gen_random_uuid()::text, :user, 'POST /api/v1/orders', gen_random_uuid()::text, repeat('a', 64), 'done', 201, repeat('x', 900), now(), now(), now(), now()) on conflict (user_id, route, key) do nothing;
with o as (insert into orders (document_id, order_number, checkout_number, user_id, product_document_id, product_name, quantity, unit_price, total_amount, discount_amount, actual_amount, status, life, snapshot_contact_name, snapshot_phone, snapshot_address, expires_at, version, created_at, updated_at, published_at) values (gen_random_uuid()::text, 'B' || substr(gen_random_uuid()::text, 1, 30), 'C' || (:u)::text, :user, 'benchproduct' || lpad((:n)::text, 12, '0'), '冰箱', 1, 1000, 1000, 0, 1000, 'pending', 1, '收货人', '13800138000', '海尔路', now(), 1, now(), now(), now()) returning id) select id as order_id from o \\gset
insert into order_histories (document_id, order_id, "to", event, actor_type, actor_id, actor_name, created_at, updated_at, published_at) values (gen_random_uuid()::text, :order_id, 'pending', 'place', 'shopper', 'x', 'x', now(), now(), now());
insert into outbox_messages (document_id, topic, payload, status, attempts, available_at, created_at, updated_at, published_at) values (gen_random_uuid()::text, 'order.expire', '{"orderId": 1}', 'done', 0, now() + interval '30 minutes', now(), now(), now());
update inventory_items set locked = locked + 1, updated_at = now() where product_document_id = 'benchproduct' || lpad((:n)::text, 12, '0') and on_hand - locked >= 1 returning on_hand, locked;
insert into inventory_logs (document_id, product_document_id, change_type, quantity, on_hand_delta, locked_delta, on_hand_after, locked_after, order_id, life, operator, created_at, updated_at, published_at) values (gen_random_uuid()::text, 'benchproduct' || lpad((:n)::text, 12, '0'), 'lock', -1, 0, 1, 1, 1, :order_id, 1, 'x', now(), now(), now());
commit;
`;

/** pgbench comes with PostgreSQL's server package, beside its other programs. */
function findPgbench(): string {
  if (spawnSync('pgbench', ['--version']).status === 0) return 'pgbench';
  const root = '/usr/lib/postgresql';
  for (const version of readdirSync(root).sort().reverse()) {
    const path = join(root, version, 'bin', 'pgbench');
    if (spawnSync(path, ['--version']).status === 0) return path;
  }
  throw new Error('pgbench is not installed; it comes with the PostgreSQL server package');
}

export interface PgbenchLoad {
  database: string;
  connections: number;
  seconds: number;
  products: number;
  user: number;
  session: string;
  address: string;
}

/** Orders per second that PostgreSQL itself can do with these statements, and their mean latency in milliseconds. */
export async function runPgbench(
  load: PgbenchLoad,
): Promise<{ perSecond: number; meanMs: number; failed: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'shop-pgbench-'));
  try {
    const script = join(folder, 'one-order.sql');
    const asked = ONE_ORDER.replaceAll(':user', String(load.user))
      .replaceAll(':session', load.session)
      .replaceAll(':address', load.address);
    writeFileSync(script, asked);
    const output = execFileSync(
      findPgbench(),
      [
        '--no-vacuum',
        '--protocol=prepared',
        `--client=${load.connections}`,
        '--jobs=1',
        `--time=${load.seconds}`,
        `--file=${script}`,
        `--define=products=${load.products}`,
        databaseUrl(load.database),
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const read = (pattern: RegExp) => Number(pattern.exec(output)?.[1] ?? Number.NaN);
    return {
      perSecond: read(/tps = ([\d.]+)/),
      meanMs: read(/latency average = ([\d.]+)/),
      failed: read(/number of failed transactions: (\d+)/),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A session and an address of one shopper, for pgbench to ask about. */
export async function readAsker(
  database: string,
): Promise<{ user: number; session: string; address: string }> {
  return onDatabase(database, async (client) => {
    const { rows } = await client.query<{ user: number; session: string; address: string }>(
      'select a.user_id as user, s.session_id as session, a.document_id as address from addresses a join strapi_sessions s on s.user_id = a.user_id::text limit 1',
    );
    const [first] = rows;
    if (first === undefined) throw new Error('no shopper with an address');
    return first;
  });
}
