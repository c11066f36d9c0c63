import type { Context } from 'koa';

import { fetchRow, fromColumns, inTransaction, query } from '../../../platform/database';
import { type ListRules, readListQuery, runList, select } from '../../../platform/listing';
import { one, page, parseAction, pathId, signedInUser } from '../../../platform/request';
import { asStaff } from '../../order/acting';
import { actorLabel } from '../../order/order-rows';
import { readProductId } from '../../product/products-for-sale';
import {
  INVENTORY_ITEM_UID,
  INVENTORY_LOG_UID,
  type InventoryItemRow,
  type InventoryLogRow,
} from '../inventory-rows';
import { presentFigures, presentLog } from '../presenters/inventory';
import { adjustStock } from '../services/stock-adjustment';
import { stockChangeSchema } from '../stock-input';

const LOG_FIELDS = [
  'changeType',
  'quantity',
  'onHandAfter',
  'lockedAfter',
  'reason',
  'order',
  'operator',
  'createdAt',
] as const satisfies readonly (keyof ReturnType<typeof presentLog>)[];

const RULES: ListRules = {
  filters: { changeType: 'exact', createdAt: 'time' },
  sort: ['createdAt'],
  defaultSort: ['createdAt:desc'],
  fields: LOG_FIELDS,
};
const COLUMNS = {
  id: 'inventory_logs.id',
  columns: { changeType: 'inventory_logs.change_type', createdAt: 'inventory_logs.created_at' },
};

/** The product in the path. A product without an inventory item has simply never had any stock. Throws NOT_FOUND. */
async function pathProduct(ctx: Context): Promise<{ documentId: string; id: number }> {
  const documentId = pathId(ctx, 'product');
  return { documentId, id: await readProductId(documentId) };
}

export default {
  async findOne(ctx: Context) {
    const { documentId } = await pathProduct(ctx);
    const item = await fetchRow<InventoryItemRow>(
      INVENTORY_ITEM_UID,
      query(INVENTORY_ITEM_UID).where({ product_document_id: documentId }),
    );
    ctx.body = one(presentFigures(documentId, item ?? { onHand: 0, locked: 0 }));
  },

  async logs(ctx: Context) {
    const { documentId } = await pathProduct(ctx);
    const request = readListQuery(ctx.query, RULES);
    const builder = query(INVENTORY_LOG_UID)
      .leftJoin('orders', 'orders.id', 'inventory_logs.order_id')
      .where('inventory_logs.product_document_id', documentId)
      .select('inventory_logs.*', 'orders.document_id as orderDocumentId');
    const { rows, pagination } = await runList(builder, request, COLUMNS);
    ctx.body = page(
      rows.map((row) => {
        const log = fromColumns<InventoryLogRow>(INVENTORY_LOG_UID, row);
        return select(presentLog(log, (row.orderDocumentId as string | undefined) ?? null), request);
      }),
      pagination,
    );
  },

  async adjust(ctx: Context) {
    const user = signedInUser(ctx);
    const { documentId, id } = await pathProduct(ctx);
    const change = parseAction(stockChangeSchema, ctx);
    const operator = actorLabel(asStaff(user));
    const figures = await inTransaction((tx) =>
      adjustStock(tx, { productDocumentId: documentId, productId: id, ...change, operator }),
    );
    ctx.body = one(presentFigures(documentId, figures));
  },
};
