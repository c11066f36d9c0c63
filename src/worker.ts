/** Which promise is kept by whom: every topic of the outbox and its handler. */
import { z } from 'zod';

import { cancelAtHaier } from './api/haier-order/services/cancelling';
import { pushOrder } from './api/haier-order/services/pushing';
import { notifyStaff } from './api/notification/notify';
import { endPaymentsOfOrder } from './api/order/services/cancellation';
import { meetDeadline } from './api/order/services/expiry';
import { placeDeferred } from './api/order/services/deferred-placement';
import { autoCompleteOrder } from './api/order/services/fulfilment';
import { noteDeadUpload, uploadShipping } from './api/order/services/shipping-upload';
import { checkPayment } from './api/payment/services/inquiry';
import { checkRefund, submitRefund } from './api/payment/services/refund-execution';
import { planMissedDays } from './api/reconciliation/services/planning';
import { reconcileDay } from './api/reconciliation/services/reconciliation';
import { abandonTask } from './api/task/services/tasks';
import { auditNightly } from './audit';
import { removeExpired } from './housekeeping';
import type { Tx } from './platform/database';
import { createWorker, type Lane, type OutboxMessage, type Topic, type Worker } from './platform/outbox';
import { type ClockJob, jobTopics } from './platform/schedule';

const taskPayload = z.object({ task: z.string() });
const orderPayload = z.object({ orderId: z.number().int() });
const paymentPayload = z.object({ paymentId: z.number().int() });
const refundPayload = z.object({ refundId: z.number().int() });

const haierCancelPayload = orderPayload.extend({ reason: z.string() });

const AN_HOUR_MS = 60 * 60_000;

const dayPayload = z.object({ billDate: z.string(), askedAt: z.iso.datetime() });

type Handle = Topic['handle'];
const inLane =
  (lane: Lane) =>
  (handle: Handle): Topic => ({ lane, handle });
const money = inLane('money');
const deadline = inLane('deadline');

const shopper = inLane('shopper');
const supplier = inLane('supplier');

const TOPICS: Record<string, Topic> = {
  'order.place': shopper(({ payload, attempts }) => placeDeferred(taskPayload.parse(payload).task, attempts)),
  'order.expire': deadline(({ payload }) => meetDeadline(orderPayload.parse(payload).orderId)),
  'order.auto-complete': deadline(({ payload }) => autoCompleteOrder(orderPayload.parse(payload).orderId)),
  'order.end-payments': money(({ payload }) => endPaymentsOfOrder(orderPayload.parse(payload).orderId)),
  'order.upload-shipping': money(({ payload }) => uploadShipping(paymentPayload.parse(payload).paymentId)),
  'payment.check': money(({ payload }) => checkPayment(paymentPayload.parse(payload).paymentId)),
  'refund.submit': money(({ payload }) => submitRefund(refundPayload.parse(payload).refundId)),
  'refund.check': money(({ payload }) => checkRefund(refundPayload.parse(payload).refundId)),
  'haier.push': supplier(({ payload }) => pushOrder(orderPayload.parse(payload).orderId)),
  'haier.cancel': supplier(({ payload }) => {
    const { orderId, reason } = haierCancelPayload.parse(payload);
    return cancelAtHaier(orderId, reason);
  }),
  'reconciliation.day': {
    lane: 'upkeep',
    timeLimitMs: 30 * 60_000,
    handle({ payload }, { signal }) {
      const { billDate, askedAt } = dayPayload.parse(payload);
      return reconcileDay(billDate, new Date(askedAt), signal);
    },
  },
};

/** What the clock does by itself; see `platform/schedule`. */
export const CLOCK_JOBS: readonly ClockJob[] = [
  { topic: 'housekeeping.run', everyMs: AN_HOUR_MS, run: removeExpired },
  // When shoppers sleep: it reads every table.
  { topic: 'audit.run', dailyAt: '04:30', run: auditNightly },
  // WeChat promises yesterday's bill for ten o'clock.
  { topic: 'reconciliation.run', dailyAt: '10:00', run: async () => void (await planMissedDays()) },
];

/** Staff hear of it, and a shopper who asks for a task. */
async function tellOfDeadMessage(tx: Tx, message: OutboxMessage, error: Error): Promise<void> {
  // In words about the orders, which then say it themselves.
  if (message.topic === 'order.upload-shipping')
    return noteDeadUpload(tx, paymentPayload.parse(message.payload).paymentId, error);
  await notifyStaff(tx, {
    type: 'system',
    title: '后台任务多次失败，请处理',
    content: `${message.topic}（#${message.id}）：${error.message.slice(0, 500)}`,
    data: { message: message.documentId },
  });
  if (message.topic === 'order.place') await abandonTask(tx, taskPayload.parse(message.payload).task, error);
}

let worker: Worker | undefined;

/** This process's worker, made on first use. */
export function shopWorker(): Worker {
  worker ??= createWorker({
    topics: { ...TOPICS, ...jobTopics(CLOCK_JOBS) },
    onDead: tellOfDeadMessage,
    log: strapi.log,
  });
  return worker;
}
