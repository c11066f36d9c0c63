import type { World } from '../world';
import { present } from '../state';
import type { CallbackAttempt, CallbackEvent, Stage, Step, YlhCallback, YlhOrder } from './state';
import type { OrderRequest } from './order-rules';

/** An order as YLH has it. Times are ISO. */
export interface YlhOrderView {
  soId: string;
  /** The shop's order number. */
  onlineNo: string;
  retailOrderNo: string;
  stage: Stage;
  createdAt: string;
  /** The body it was sent with. */
  request: OrderRequest;
  /** How often it was sent again and refused as a repeat. */
  repeats: number;
  distributionTime?: string;
  installTime?: string;
  cancel?: { askedAt: string; reason: string; verdict?: 'done' | 'failed' | 'partly' };
  parcel?: { company: string; logisticsNo: string; snCode: string; deliveryRecordCode: string };
  deliveredAt?: string;
  photos: number;
  next?: { step: Step; dueAt: string };
}

export interface CallbackAttemptView extends Omit<CallbackAttempt, 'at'> {
  at: string;
}

/** One call-back with every call that was made for it. Times are ISO. */
export interface CallbackView {
  id: string;
  event: CallbackEvent;
  platformOrderNo: string;
  data: Record<string, unknown>;
  createdAt: string;
  held: boolean;
  delivered: boolean;
  nextAttemptAt?: string;
  attempts: CallbackAttemptView[];
}

const iso = (epochMs: number): string => new Date(epochMs).toISOString();

export function orderView(order: YlhOrder): YlhOrderView {
  const { cancel, parcel, plan } = order;
  return {
    soId: order.soId,
    onlineNo: order.request.onlineNo,
    retailOrderNo: order.retailOrderNo,
    stage: order.stage,
    createdAt: iso(order.createdAt),
    request: structuredClone(order.request),
    repeats: order.repeats,
    ...(order.distributionTime !== undefined && { distributionTime: iso(order.distributionTime) }),
    ...(order.installTime !== undefined && { installTime: iso(order.installTime) }),
    ...(cancel && { cancel: { ...cancel, askedAt: iso(cancel.askedAt) } }),
    ...(parcel && {
      parcel: {
        company: parcel.company,
        logisticsNo: parcel.logisticsNo,
        snCode: parcel.snCode,
        deliveryRecordCode: parcel.deliveryRecordCode,
      },
    }),
    ...(order.deliveredAt !== undefined && { deliveredAt: iso(order.deliveredAt) }),
    photos: order.photos.length,
    ...(plan && { next: { step: plan.step, dueAt: iso(plan.dueAt) } }),
  };
}

/** Every order, oldest first. */
export const orderViews = (world: World): YlhOrderView[] => present(world.state.ylh.orders).map(orderView);

export const callbackAttemptView = (attempt: CallbackAttempt): CallbackAttemptView => ({
  ...attempt,
  at: iso(attempt.at),
});

export function callbackView(callback: YlhCallback): CallbackView {
  return {
    id: callback.id,
    event: callback.event,
    platformOrderNo: callback.platformOrderNo,
    data: JSON.parse(callback.data) as Record<string, unknown>,
    createdAt: iso(callback.createdAt),
    held: callback.held,
    delivered: callback.deliveredAt !== undefined,
    ...(callback.nextAttemptAt !== undefined && { nextAttemptAt: iso(callback.nextAttemptAt) }),
    attempts: callback.attempts.map(callbackAttemptView),
  };
}
