import type { Context } from 'koa';

import { yuanToFen } from '../../../domain/money';
import { notFound } from '../../../domain/refusal';
import { fromColumns, query } from '../../../platform/database';
import { type ListRules, readListQuery, runList } from '../../../platform/listing';
import { one, page, parseAction, pathId, signedInUser } from '../../../platform/request';
import { asShopper, asStaff, ownerFilter } from '../../order/acting';
import { REFUND_UID, type RefundRow } from '../payment-rows';
import { findRefund } from '../payment-store';
import { presentRefund, presentRefunds } from '../presenters/payment';
import { approveRefund, rejectRefund, requestRefund } from '../services/refund-requests';
import { decisionSchema, refundSchema } from '../validation';

const RULES: ListRules = {
  filters: { status: 'text', createdAt: 'time', 'order.documentId': 'documentId' },
  sort: ['createdAt', 'amount'],
  defaultSort: ['createdAt:desc'],
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

export default {
  async request(ctx: Context) {
    const user = signedInUser(ctx);
    const order = pathId(ctx);
    const { reason, amount } = parseAction(refundSchema, ctx);
    const amountFen = amount === undefined ? undefined : yuanToFen(amount);
    const refund = await requestRefund(order, { reason, amountFen, userId: user.id }, asShopper(user));
    ctx.status = 202;
    ctx.body = one(await presentRefund(refund));
  },

  async find(ctx: Context) {
    const user = signedInUser(ctx);
    const request = readListQuery(ctx.query, RULES);
    const builder = query(REFUND_UID).join('orders', 'orders.id', 'refunds.order_id').select('refunds.*');
    const owner = ownerFilter(user);
    if (owner !== undefined) builder.where('refunds.user_id', owner);
    const { rows, pagination } = await runList(builder, request, COLUMNS);
    ctx.body = page(
      await presentRefunds(rows.map((row) => fromColumns<RefundRow>(REFUND_UID, row))),
      pagination,
    );
  },

  async findOne(ctx: Context) {
    const user = signedInUser(ctx);
    const owner = ownerFilter(user);
    const refund = await findRefund({
      documentId: pathId(ctx),
      ...(owner === undefined ? {} : { userId: owner }),
    });
    if (refund === undefined) throw notFound();
    ctx.body = one(await presentRefund(refund));
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
};
