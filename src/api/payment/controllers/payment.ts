import type { Context } from 'koa';

import { notFound, Refusal } from '../../../domain/refusal';
import type { BodyTrace } from '../../../platform/http/body-trace';
import { noBody, one, parseAction, pathId, signedInUser } from '../../../platform/request';
import { NotificationRejected } from '../../../platform/wechat/pay-client';
import { recordRubbish } from '../../callback/inbox';
import { presentPayment, presentStartedPayment } from '../presenters/payment';
import type { PaymentRow } from '../payment-rows';
import { findPayment } from '../payment-store';
import { startPayment } from '../services/attempt';
import { syncPayment } from '../services/inquiry';
import { type NoticeSource, takeNotice } from '../services/notices';
import { paymentSchema } from '../validation';

async function findOwn(ctx: Context): Promise<PaymentRow> {
  const payment = await findPayment({ documentId: pathId(ctx), userId: signedInUser(ctx).id });
  if (payment === undefined) throw notFound();
  return payment;
}

/** Takes in a call-back, or notes what is too large to be one. */
async function takeIn(ctx: Context, source: NoticeSource): Promise<void> {
  // Set by `global::raw-body`: one of the two.
  const { rawBody, oversizedBody } = ctx.state as { rawBody?: Buffer; oversizedBody?: BodyTrace };
  if (oversizedBody !== undefined) {
    await recordRubbish(source, oversizedBody, 'too large');
    throw new NotificationRejected('too large');
  }
  await takeNotice(source, ctx.req.headers, rawBody ?? Buffer.alloc(0));
}

/** WeChat reads the status: 2xx and it stops, anything else and it comes again (APIv3, notifications). */
async function answerNotice(ctx: Context, source: NoticeSource): Promise<void> {
  try {
    await takeIn(ctx, source);
    ctx.status = 200;
    ctx.body = { code: 'SUCCESS' };
  } catch (error) {
    const isRejected = error instanceof NotificationRejected;
    if (!isRejected) strapi.log.error(`${source} notification failed`, { error });
    const rejected = ctx.state.oversizedBody === undefined ? 401 : 413;
    ctx.status = isRejected ? rejected : error instanceof Refusal ? 503 : 500;
    ctx.body = { code: 'FAIL', message: isRejected ? error.reason : 'please send it again' };
  }
}

export default {
  async create(ctx: Context) {
    const { id, openId } = signedInUser(ctx);
    const { payment, payParams, isNew } = await startPayment({ id, openId }, parseAction(paymentSchema, ctx));
    ctx.status = isNew ? 201 : 200;
    ctx.body = await presentStartedPayment(payment, payParams);
  },

  async findOne(ctx: Context) {
    ctx.body = one(await presentPayment(await findOwn(ctx)));
  },

  async sync(ctx: Context) {
    parseAction(noBody, ctx);
    const payment = await findOwn(ctx);
    const standing = payment.status === 'succeeded' ? payment.status : await syncPayment(payment);
    if (standing === 'unknown') throw new Refusal('UPSTREAM_UNAVAILABLE');
    ctx.body = one(await presentPayment(await findOwn(ctx)));
  },

  notify: (ctx: Context) => answerNotice(ctx, 'wechat_pay'),
  notifyRefund: (ctx: Context) => answerNotice(ctx, 'wechat_refund'),
};
