import type { Core } from '@strapi/strapi';
import type { Context, Next } from 'koa';

import { query } from '../../../platform/database';
import { DEFAULT_LOCALE } from '../../../platform/locale';
import { INVENTORY_ITEM_UID, INVENTORY_LOG_UID } from '../../inventory/inventory-rows';
import { type Ability, mayRead } from '../access/reader';
import { onContentManagerRoutes } from '../content-manager-routes';

const PRODUCT_UID = 'api::product.product';
const LIST = '/collection-types/:model';
const ONE = '/collection-types/:model/:id';

interface ShownRow extends Record<string, unknown> {
  documentId?: string;
  productDocumentId?: string;
}

const rowsOf = (body: unknown): ShownRow[] => (body as { results?: ShownRow[] } | undefined)?.results ?? [];
const rowOf = (body: unknown): ShownRow[] => {
  const { data } = (body ?? {}) as { data?: ShownRow };
  return data === undefined ? [] : [data];
};
const idsOf = (rows: ShownRow[], field: 'documentId' | 'productDocumentId'): string[] =>
  [...new Set(rows.map((row) => row[field]))].filter((id) => id !== undefined);

/** `stock` beside each product: what a shopper can buy. One that was never stocked has none. */
async function addStock(rows: ShownRow[]): Promise<void> {
  const items = (await query(INVENTORY_ITEM_UID)
    .whereIn('product_document_id', idsOf(rows, 'documentId'))
    .select('product_document_id', 'on_hand', 'locked')) as {
    product_document_id: string;
    on_hand: number;
    locked: number;
  }[];
  const stock = new Map(items.map((item) => [item.product_document_id, item.on_hand - item.locked]));
  for (const row of rows) row.stock = stock.get(row.documentId ?? '') ?? 0;
}

/** `productName` beside each row that names its product by id; the id stays where the product is gone. */
async function addProductNames(rows: ShownRow[]): Promise<void> {
  const products = (await query(PRODUCT_UID)
    .whereIn('document_id', idsOf(rows, 'productDocumentId'))
    .where('locale', DEFAULT_LOCALE)
    .select('document_id', 'name')) as { document_id: string; name: string }[];
  const names = new Map(products.map(({ document_id, name }) => [document_id, name]));
  for (const row of rows) row.productName = names.get(row.productDocumentId ?? '') ?? null;
}

/** In a form the name takes the place of the id: the field is shown, never written. */
async function nameProduct(rows: ShownRow[]): Promise<void> {
  await addProductNames(rows);
  for (const row of rows) row.productDocumentId = (row.productName as string | null) ?? row.productDocumentId;
}

async function completeList(ctx: Context): Promise<void> {
  const ability = ctx.state.userAbility as Ability;
  const rows = rowsOf(ctx.body);
  const uid = String(ctx.params.model);
  if (rows.length === 0) return;
  if (uid === PRODUCT_UID && mayRead(ability, INVENTORY_ITEM_UID, 'onHand')) await addStock(rows);
  if (uid === INVENTORY_LOG_UID && mayRead(ability, PRODUCT_UID, 'name')) await addProductNames(rows);
}

async function completeForm(ctx: Context): Promise<void> {
  const uid = String(ctx.params.model);
  if (uid !== INVENTORY_LOG_UID && uid !== INVENTORY_ITEM_UID) return;
  if (mayRead(ctx.state.userAbility as Ability, PRODUCT_UID, 'name')) await nameProduct(rowOf(ctx.body));
}

const after =
  (complete: (ctx: Context) => Promise<void>) =>
  async (ctx: Context, next: Next): Promise<void> => {
    await next();
    if (ctx.status === 200) await complete(ctx);
  };

/**
 * Puts beside the content manager's rows what staff look for and the row itself does not hold: the stock of a product,
 * the name of the product a stock row is about. Call in `register`.
 */
export function completeRows(strapi: Core.Strapi): void {
  onContentManagerRoutes(
    strapi,
    ({ method, path }) => method === 'GET' && path === LIST,
    after(completeList),
  );
  onContentManagerRoutes(strapi, ({ method, path }) => method === 'GET' && path === ONE, after(completeForm));
}
