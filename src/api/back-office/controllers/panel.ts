import type { Context } from 'koa';

import { yuanToFen } from '../../../domain/money';
import { notFound } from '../../../domain/refusal';
import { auditMoney } from '../../../platform/logging';
import { isDocumentId, noBody, noteUser, one, parseAction } from '../../../platform/request';
import type { Actor } from '../../order/order-rows';
import { stockChangeSchema } from '../../inventory/stock-input';
import { cancelOrder } from '../../order/services/cancellation';
import { shipOrder } from '../../order/services/fulfilment';
import { approveRefund, rejectRefund, startRefund } from '../../payment/services/refund-requests';
import {
  retryRefund,
  returnDisputed,
  syncPaymentForStaff,
  syncRefund,
} from '../../payment/services/refund-staff';
import {
  presentOrderFile,
  presentPayment,
  presentRefund,
  presentStock,
  presentWorkList,
} from '../presenters/panel';
import { readOrderFile, readRefund } from '../queries/order-desk';
import { readProductStock } from '../queries/product-stock';
import { readWorkList } from '../queries/work-list';
import { adjustProductStock, replay, replayAlike } from '../services/panel-work';
import {
  approveSchema,
  cancelSchema,
  rejectSchema,
  shipSchema,
  startRefundSchema,
} from '../validation/panel-input';

interface PanelUser {
  id: number;
  firstname?: string | null;
  lastname?: string | null;
  username?: string | null;
  email: string;
}

/** The administrator behind a request; the route's policy has seen to it that there is one. */
export function panelActor(ctx: Context): Actor {
  const user = ctx.state.user as PanelUser;
  noteUser(`admin:${user.id}`);
  const name = user.username ?? [user.lastname, user.firstname].filter(Boolean).join('');
  return { type: 'staff', id: `admin:${user.id}`, name: name === '' ? user.email : name };
}

/** The document in the path; a text that cannot name one is simply not there. */
function documentIdOf(ctx: Context): string {
  const documentId = String(ctx.params.documentId);
  if (!isDocumentId(documentId)) throw notFound();
  return documentId;
}

/** The same for a press that moves money, which the payment audit names whatever comes of it. */
function moneyActor(ctx: Context, action: string): Actor {
  const actor = panelActor(ctx);
  auditMoney(`staff.${action}`, { subject: documentIdOf(ctx), by: actor.id });
  return actor;
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
    await cancelOrder(documentIdOf(ctx), parseAction(cancelSchema, ctx), moneyActor(ctx, 'cancel-order'));
    return one(presentOrderFile(await readOrderFile(documentIdOf(ctx))));
  },

  async startRefund(ctx: Context) {
    const { amount, ...request } = parseAction(startRefundSchema, ctx);
    const amountFen = amount === undefined ? undefined : yuanToFen(amount);
    await startRefund(documentIdOf(ctx), { ...request, amountFen }, moneyActor(ctx, 'start-refund'));
    return one(presentOrderFile(await readOrderFile(documentIdOf(ctx))));
  },

  async refund(ctx: Context) {
    return one(presentRefund(await readRefund(documentIdOf(ctx))));
  },

  async approveRefund(ctx: Context) {
    await approveRefund(
      documentIdOf(ctx),
      parseAction(approveSchema, ctx),
      moneyActor(ctx, 'approve-refund'),
    );
    return one(presentRefund(await readRefund(documentIdOf(ctx))));
  },

  async rejectRefund(ctx: Context) {
    await rejectRefund(documentIdOf(ctx), parseAction(rejectSchema, ctx), moneyActor(ctx, 'reject-refund'));
    return one(presentRefund(await readRefund(documentIdOf(ctx))));
  },

  async retryRefund(ctx: Context) {
    parseAction(noBody, ctx);
    const retry = await retryRefund(documentIdOf(ctx), moneyActor(ctx, 'retry-refund'));
    return one(presentRefund(await readRefund(retry.documentId)));
  },

  async syncRefund(ctx: Context) {
    parseAction(noBody, ctx);
    moneyActor(ctx, 'sync-refund');
    await syncRefund(documentIdOf(ctx));
    return one(presentRefund(await readRefund(documentIdOf(ctx))));
  },

  async syncPayment(ctx: Context) {
    parseAction(noBody, ctx);
    moneyActor(ctx, 'sync-payment');
    return one(presentPayment(await syncPaymentForStaff(documentIdOf(ctx))));
  },

  async returnPayment(ctx: Context) {
    parseAction(noBody, ctx);
    return one(presentPayment(await returnDisputed(documentIdOf(ctx), moneyActor(ctx, 'return-payment'))));
  },

  async stock(ctx: Context) {
    return one(presentStock(await readProductStock(documentIdOf(ctx))));
  },

  async adjustStock(ctx: Context) {
    await adjustProductStock(documentIdOf(ctx), parseAction(stockChangeSchema, ctx), panelActor(ctx));
    return one(presentStock(await readProductStock(documentIdOf(ctx))));
  },

  async replayMessage(ctx: Context) {
    await replay(documentIdOf(ctx));
    ctx.status = 204;
  },

  async replayTopic(ctx: Context) {
    return one({ replayed: await replayAlike(documentIdOf(ctx)) });
  },
};
