import type { Context } from 'koa';

import { one, pathId } from '../../../platform/request';
import { presentOrderPayment, presentPaymentFile } from '../presenters/payment-desk';
import { readPaymentFile, readPaymentsOfOrder } from '../queries/payment-desk';

const idOf = (ctx: Context): string => pathId(ctx, 'documentId');

export default {
  async paymentsOfOrder(ctx: Context) {
    return one((await readPaymentsOfOrder(idOf(ctx))).map(presentOrderPayment));
  },

  async payment(ctx: Context) {
    return one(presentPaymentFile(await readPaymentFile(idOf(ctx))));
  },
};
