import type { Client } from 'pg';

const LOCALES = ['zh-Hans', 'en'];

/** Categories, brands, products in two languages with pictures and stock, straight into the tables. */
export async function fillCatalogue(client: Client, products: number): Promise<void> {
  for (const locale of LOCALES) {
    await client.query(
      `insert into categories (document_id, name, "order", level, locale, created_at, updated_at, published_at)
       select 'benchcategory' || lpad(i::text, 11, '0'), '分类 ' || i, i, 'major', $1, now(), now(), now() from generate_series(1, 20) i`,
      [locale],
    );
    await client.query(
      `insert into brands (document_id, name, "order", is_active, locale, created_at, updated_at, published_at)
       select 'benchbrand' || lpad(i::text, 14, '0'), '品牌 ' || i, i, true, $1, now(), now(), now() from generate_series(1, 20) i`,
      [locale],
    );
    await client.query(
      `insert into products (document_id, name, description, specifications, price, supply_price, source, product_code, product_model,
                             is_active, is_sales, view_count, sales_count, locale, created_at, updated_at, published_at)
       select 'benchproduct' || lpad(i::text, 12, '0'), '冰箱 ' || i, repeat('说明', 40), '{"容积": "500 L"}', 1000 + i % 5000, 800, 'local', 'C' || i, 'BCD-' || i,
              true, true, 0, i % 100, $1, now() - (i || ' seconds')::interval, now(), now() from generate_series(1, $2::int) i`,
      [locale, products],
    );
  }
  await client.query(
    `insert into products_category_lnk (product_id, category_id)
     select p.id, c.id from products p join categories c on c.locale = p.locale and c.document_id = 'benchcategory' || lpad((1 + p.id % 20)::text, 11, '0')`,
  );
  await client.query(
    `insert into products_brand_lnk (product_id, brand_id)
     select p.id, b.id from products p join brands b on b.locale = p.locale and b.document_id = 'benchbrand' || lpad((1 + p.id % 20)::text, 14, '0')`,
  );
  await client.query(
    `insert into files (document_id, name, hash, ext, mime, size, url, provider, width, height, created_at, updated_at, published_at)
     select 'benchfile' || lpad(i::text, 15, '0'), 'picture', 'picture' || i, '.png', 'image/png', 10, '/uploads/picture' || i || '.png', 'local', 800, 800, now(), now(), now()
     from generate_series(1, 50) i`,
  );
  await client.query(
    `insert into files_related_mph (file_id, related_id, related_type, field, "order")
     select f.id, p.id, 'api::product.product', 'mainImages', 1 from products p join files f on f.document_id = 'benchfile' || lpad((1 + p.id % 50)::text, 15, '0')`,
  );
  await client.query(
    `insert into inventory_items (document_id, product_document_id, product_id, on_hand, locked, created_at, updated_at, published_at)
     select 'benchstock' || lpad(id::text, 14, '0'), document_id, id, 10000000, 0, now(), now(), now() from products where locale = 'zh-Hans'`,
  );
  // As autovacuum leaves it.
  await client.query('vacuum analyze');
}

/** documentIds as `fillCatalogue` makes them. */
export const productId = (index: number): string => `benchproduct${String(index).padStart(12, '0')}`;
