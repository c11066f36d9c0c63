import type { Context } from 'koa';

import { yuanToFen } from '../../../domain/money';
import { notFound } from '../../../domain/refusal';
import { fromColumns, query } from '../../../platform/database';
import { type ListRules, readListQuery, readOneQuery, runList, select } from '../../../platform/listing';
import {
  noBody,
  one,
  page,
  parseAction,
  parseValue,
  pathId,
  signedInUser,
  type SignedInUser,
} from '../../../platform/request';
import { asShopper, asStaff, ownerFilter } from '../../order/acting';
import { REFUND_UID, type RefundRow } from '../payment-rows';
import { findRefund } from '../payment-store';
import {
  presentFreeRefund,
  presentRefund,
  presentRefunds,
  REFUND_FIELDS,
  REFUND_RELATIONS,
} from '../presenters/payment';
import { approveRefund, rejectRefund, requestRefund, startRefund } from '../services/refund-requests';
import { retryRefund, syncRefund } from '../services/refund-staff';
import { decisionSchema, refundSchema, scopeSchema, staffRefundSchema } from '../validation';

const RULES: ListRules = {
  filters: { status: 'exact', createdAt: 'time', 'order.documentId': 'documentId' },
  sort: ['createdAt', 'amount'],
  defaultSort: ['createdAt:desc'],
  extra: ['scope'],
  fields: REFUND_FIELDS,
  populate: REFUND_RELATIONS,
};
const COLUMNS = {
  id: 'refunds.id',
  columns: {
    status: 'refunds.status',
    createdAt: 'refunds.created_at',
    amount: 'refunds.amount',
    'order.documentId': 'orders.document_id',
  },
};

const toFen = (amount: number | undefined): number | undefined =>
  amount === undefined ? undefined : yuanToFen(amount);

/** Staff do not ask, they decide with the asking. */
async function startForStaff(ctx: Context, user: SignedInUser): Promise<void> {
  const order = pathId(ctx);
  const { reason, amount, isGoodsReturned } = parseAction(staffRefundSchema, ctx);
  const request = { reason, amountFen: toFen(amount), isGoodsReturned };
  const refund = await startRefund(order, request, asStaff(user));
  ctx.body = one(
    typeof refund === 'string' ? presentFreeRefund(order, reason, refund) : await presentRefund(refund),
  );
}

export default {
  async request(ctx: Context) {
    const user = signedInUser(ctx);
    ctx.status = 202;
    if (user.isStaff) return startForStaff(ctx, user);
    const order = pathId(ctx);
    const { reason, amount } = parseAction(refundSchema, ctx);
    const request = { reason, amountFen: toFen(amount), userId: user.id };
    ctx.body = one(await presentRefund(await requestRefund(order, request, asShopper(user))));
  },

  async find(ctx: Context) {
    const user = signedInUser(ctx);
    const request = readListQuery(ctx.query, RULES);
    const { scope } = parseValue(scopeSchema, { scope: ctx.query.scope });
    const owner = scope === 'mine' ? user.id : ownerFilter(user);
    // A refund that is about several orders of a payment belongs to none of them alone.
    const builder = query(REFUND_UID).leftJoin('orders', 'orders.id', 'refunds.order_id').select('refunds.*');
    if (owner !== undefined) builder.where('refunds.user_id', owner);
    const { rows, pagination } = await runList(builder, request, COLUMNS);
    const refunds = await presentRefunds(rows.map((row) => fromColumns<RefundRow>(REFUND_UID, row)));
    ctx.body = page(
      refunds.map((refund) => select(refund, request)),
      pagination,
    );
  },

  async findOne(ctx: Context) {
    const user = signedInUser(ctx);
    const owner = ownerFilter(user);
    const request = readOneQuery(ctx.query, { fields: REFUND_FIELDS, populate: REFUND_RELATIONS });
    const refund = await findRefund({
      documentId: pathId(ctx),
      ...(owner === undefined ? {} : { userId: owner }),
    });
    if (refund === undefined) throw notFound();
    ctx.body = one(select(await presentRefund(refund), request));
  },

  async approve(ctx: Context) {
    const user = signedInUser(ctx);
    const id = pathId(ctx);
    ctx.body = one(
      await presentRefund(await approveRefund(id, parseAction(decisionSchema, ctx), asStaff(user))),
    );
  },

  async reject(ctx: Context) {
    const user = signedInUser(ctx);
    const id = pathId(ctx);
    ctx.body = one(
      await presentRefund(await rejectRefund(id, parseAction(decisionSchema, ctx), asStaff(user))),
    );
  },

  async retry(ctx: Context) {
    const user = signedInUser(ctx);
    parseAction(noBody, ctx);
    ctx.body = one(await presentRefund(await retryRefund(pathId(ctx), asStaff(user))));
  },

  async sync(ctx: Context) {
    parseAction(noBody, ctx);
    ctx.body = one(await presentRefund(await syncRefund(pathId(ctx))));
  },
};
