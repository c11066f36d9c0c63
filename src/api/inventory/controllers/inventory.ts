import type { Context } from 'koa';
import { z } from 'zod';

import { notFound } from '../../../domain/refusal';
import { fetchRow, fromColumns, inTransaction, query } from '../../../platform/database';
import { type ListRules, readListQuery, runList } from '../../../platform/listing';
import { lineOfText, one, page, parseAction, pathId, signedInUser } from '../../../platform/request';
import { asStaff } from '../../order/acting';
import { actorLabel } from '../../order/order-rows';
import { productExists } from '../../product/products-for-sale';
import {
  INVENTORY_ITEM_UID,
  INVENTORY_LOG_UID,
  type InventoryItemRow,
  type InventoryLogRow,
} from '../inventory-rows';
import { presentFigures, presentLog } from '../presenters/inventory';
import { adjustStock } from '../services/stock';

const MAX_PIECES = 10_000_000;
const pieces = () =>
  z.number().int('must be a whole number').max(MAX_PIECES, `must be at most ${MAX_PIECES}`);

const adjustSchema = z
  .strictObject({
    delta: pieces().min(-MAX_PIECES, `must be at least -${MAX_PIECES}`).optional(),
    onHand: pieces().min(0, 'must not be negative').optional(),
    reason: lineOfText(200),
  })
  .refine((body) => (body.delta === undefined) !== (body.onHand === undefined), {
    message: 'either delta or onHand',
    path: ['delta'],
  })
  .refine((body) => body.delta !== 0, { message: 'must not be 0', path: ['delta'] });

const RULES: ListRules = {
  filters: { changeType: 'text', createdAt: 'time' },
  sort: ['createdAt'],
  defaultSort: ['createdAt:desc'],
};
const COLUMNS = {
  id: 'inventory_logs.id',
  columns: { changeType: 'inventory_logs.change_type', createdAt: 'inventory_logs.created_at' },
};

/** The product in the path. A product without an inventory item has simply never had any stock. */
async function pathProduct(ctx: Context): Promise<{ documentId: string; id: number }> {
  const documentId = pathId(ctx, 'product');
  const product = await productExists(documentId);
  if (product === undefined) throw notFound();
  return { documentId, id: product.id };
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
      rows.map((row) =>
        presentLog(
          fromColumns<InventoryLogRow>(INVENTORY_LOG_UID, row),
          (row.orderDocumentId as string | undefined) ?? null,
        ),
      ),
      pagination,
    );
  },

  async adjust(ctx: Context) {
    const user = signedInUser(ctx);
    const { documentId, id } = await pathProduct(ctx);
    const change = parseAction(adjustSchema, ctx);
    const operator = actorLabel(asStaff(user));
    const figures = await inTransaction((tx) =>
      adjustStock(tx, { productDocumentId: documentId, productId: id, ...change, operator }),
    );
    ctx.body = one(presentFigures(documentId, figures));
  },
};
