import { changedTags, isOfCatalogue } from '../../src/catalogue-changes';

const ID = 'abcdefghijklmnopqrstuvwx';
const tagsOf = (table: string, sql: string, bindings: unknown[] = []) =>
  changedTags([{ table, sql, bindings }]);

describe('what a write makes worthless', () => {
  it.each([
    ['products', 'update "products" set "name" = ?, "updated_at" = ? where "id" = ?', ['products']],
    ['products_category_lnk', 'insert into "products_category_lnk" ...', ['products']],
    ['brands', 'update `brands` set `name` = ?', ['products', 'taxonomy']],
    ['files_related_mph', 'delete from "files_related_mph"', ['products', 'taxonomy']],
    ['inventory_items', 'update "inventory_items" set "locked" = locked + ?', ['products']],
  ])('%s: %s', (table, sql, tags) => expect(tagsOf(table, sql).sort()).toEqual([...tags].sort()));

  it('is one product when the statement names it', () => {
    const sql = 'update "inventory_items" set "locked" = locked + ? where "product_document_id" = ?';
    expect(tagsOf('inventory_items', sql, [1, ID])).toEqual(['stock', `product:${ID}`]);
    const sold = 'update "products" set "sales_count" = coalesce(sales_count, 0) + ? where "document_id" = ?';
    expect(tagsOf('products', sold, [2, ID])).toEqual(['sales', `product:${ID}`]);
  });

  it('is nothing for looks that were counted', () => {
    const sql =
      'with seen as (values (?, ?)) update products set view_count = coalesce(view_count, 0) + seen.views';
    expect(tagsOf('products', sql, [ID, 3])).toEqual([]);
  });

  it('leaves other tables alone', () => {
    expect(['orders', 'products_old', 'outbox_messages', 'files_folder_lnk'].filter(isOfCatalogue)).toEqual(
      [],
    );
  });
});
