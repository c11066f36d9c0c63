import type { Context } from 'koa';

import { notFound } from '../../../domain/refusal';
import { isDocumentId, one, parseAction } from '../../../platform/request';
import type { Actor } from '../../order/order-rows';
import { cancelOrder } from '../../order/services/cancellation';
import { shipOrder } from '../../order/services/fulfilment';
import { approveRefund, rejectRefund } from '../../payment/services/refund-requests';
import { presentOrderFile, presentRefund, presentStock, presentWorkList } from '../presenters/panel';
import { readOrderFile, readRefund } from '../queries/order-desk';
import { readProductStock } from '../queries/product-stock';
import { readWorkList } from '../queries/work-list';
import { adjustProductStock, replay } from '../services/panel-work';
import {
  adjustSchema,
  approveSchema,
  cancelSchema,
  rejectSchema,
  shipSchema,
} from '../validation/panel-input';

interface PanelUser {
  id: number;
  firstname?: string | null;
  lastname?: string | null;
  username?: string | null;
  email: string;
}

/** The administrator behind a request; the route's policy has seen to it that there is one. */
function panelActor(ctx: Context): Actor {
  const user = ctx.state.user as PanelUser;
  const name = user.username ?? [user.lastname, user.firstname].filter(Boolean).join('');
  return { type: 'staff', id: `admin:${user.id}`, name: name === '' ? user.email : name };
}

/** The document in the path; a text that cannot name one is simply not there. */
function documentIdOf(ctx: Context): string {
  const documentId = String(ctx.params.documentId);
  if (!isDocumentId(documentId)) throw notFound();
  return documentId;
}

export default {
  async workList() {
    return one(presentWorkList(await readWorkList()));
  },

  async order(ctx: Context) {
    return one(presentOrderFile(await readOrderFile(documentIdOf(ctx))));
  },

  async shipOrder(ctx: Context) {
    await shipOrder(documentIdOf(ctx), parseAction(shipSchema, ctx), panelActor(ctx));
    return one(presentOrderFile(await readOrderFile(documentIdOf(ctx))));
  },

  async cancelOrder(ctx: Context) {
    await cancelOrder(documentIdOf(ctx), parseAction(cancelSchema, ctx), panelActor(ctx));
    return one(presentOrderFile(await readOrderFile(documentIdOf(ctx))));
  },

  async refund(ctx: Context) {
    return one(presentRefund(await readRefund(documentIdOf(ctx))));
  },

  async approveRefund(ctx: Context) {
    await approveRefund(documentIdOf(ctx), parseAction(approveSchema, ctx), panelActor(ctx));
    return one(presentRefund(await readRefund(documentIdOf(ctx))));
  },

  async rejectRefund(ctx: Context) {
    await rejectRefund(documentIdOf(ctx), parseAction(rejectSchema, ctx), panelActor(ctx));
    return one(presentRefund(await readRefund(documentIdOf(ctx))));
  },

  async stock(ctx: Context) {
    return one(presentStock(await readProductStock(documentIdOf(ctx))));
  },

  async adjustStock(ctx: Context) {
    await adjustProductStock(documentIdOf(ctx), parseAction(adjustSchema, ctx), panelActor(ctx));
    return one(presentStock(await readProductStock(documentIdOf(ctx))));
  },

  async replayMessage(ctx: Context) {
    await replay(documentIdOf(ctx));
    ctx.status = 204;
  },
};
