/** Which promise is kept by whom: every topic of the outbox and its handler. */
import { randomInt } from 'node:crypto';

import { z } from 'zod';

import { notifyStaff } from './api/notification/notify';
import { endPaymentsOfOrder, expireOrder } from './api/order/services/cancellation';
import { autoCompleteOrder } from './api/order/services/fulfilment';
import { findPayment } from './api/payment/payment-store';
import { nextCheck, syncPayment } from './api/payment/services/inquiry';
import { checkRefund, submitRefund } from './api/payment/services/refund-execution';
import { removeExpired } from './housekeeping';
import { clock } from './platform/clock';
import { inTransaction } from './platform/database';
import { createWorker, type MessageHandler, type OutboxMessage, type Worker } from './platform/outbox';

const orderPayload = z.object({ orderId: z.number().int() });
const paymentPayload = z.object({ paymentId: z.number().int() });
const refundPayload = z.object({ refundId: z.number().int() });

const AN_HOUR_MS = 60 * 60_000;

async function checkPayment({ payload }: OutboxMessage): Promise<Date | void> {
  const payment = await findPayment({ id: paymentPayload.parse(payload).paymentId });
  if (payment?.status !== 'pending') return;
  const standing = await syncPayment(payment);
  if (standing === 'pending' || standing === 'unknown') return nextCheck(payment);
}

const HANDLERS: Record<string, MessageHandler> = {
  'order.expire': ({ payload }) => expireOrder(orderPayload.parse(payload).orderId),
  'order.end-payments': ({ payload }) => endPaymentsOfOrder(orderPayload.parse(payload).orderId),
  'order.auto-complete': ({ payload }) => autoCompleteOrder(orderPayload.parse(payload).orderId),
  'payment.check': checkPayment,
  'refund.submit': ({ payload }) => submitRefund(refundPayload.parse(payload).refundId),
  'refund.check': ({ payload }) => checkRefund(refundPayload.parse(payload).refundId),
  'housekeeping.run': async () => {
    await removeExpired();
    // Spread over the hour, so that a fleet restarted together does not clean up together.
    return new Date(clock.now().getTime() + AN_HOUR_MS + randomInt(60_000));
  },
};

async function tellStaffOfDeadMessage(message: OutboxMessage, error: Error): Promise<void> {
  await inTransaction((tx) =>
    notifyStaff(tx, {
      type: 'system',
      title: '后台任务多次失败，请处理',
      content: `${message.topic}（#${message.id}）：${error.message.slice(0, 500)}`,
      data: { message: message.documentId },
    }),
  );
}

let worker: Worker | undefined;

/** This process's worker, made on first use. */
export function shopWorker(): Worker {
  worker ??= createWorker({ handlers: HANDLERS, onDead: tellStaffOfDeadMessage, log: strapi.log });
  return worker;
}
