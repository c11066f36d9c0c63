import type { Notification, RefundStatus, SentMessage, Shipment } from '../state';
import { present } from '../state';
import { acceptedRefundFen, tradeState, type TradeState } from '../pay/ledger';
import type { ActiveFault } from '../faults';
import type { HaierHabits, PayerAccount } from '../haier/state';
import type { RandomFaultsInput } from '../random-faults';
import type { SignatureClock, World } from '../world';
import { paceOf } from '../ylh/pace';
import type { Pace, YlhHabits } from '../ylh/state';
import { callbackView, orderViews, type CallbackView, type YlhOrderView } from '../ylh/views';

export interface TransactionView {
  outTradeNo: string;
  transactionId?: string;
  state: TradeState;
  totalFen: number;
  refundedFen: number;
  openid: string;
  description: string;
  attach?: string;
  notifyUrl: string;
  prepayIds: string[];
  createdAt: string;
  expiresAt: string;
  paidAt?: string;
  closedAt?: string;
  shipment?: Shipment;
}

export interface RefundView {
  outRefundNo: string;
  refundId: string;
  outTradeNo: string;
  refundFen: number;
  status: RefundStatus;
  reason?: string;
  createdAt: string;
  settlesAt?: string;
  settledAt?: string;
}

/** One notification with every call that was made for it. Times are ISO. */
export interface NotificationView {
  id: string;
  eventType: string;
  outTradeNo: string;
  outRefundNo?: string;
  url: string;
  createdAt: string;
  held: boolean;
  delivered: boolean;
  nextAttemptAt?: string;
  attempts: AttemptView[];
}

export interface AttemptView {
  at: string;
  kind: string;
  status?: number;
  reply?: string;
  error?: string;
  durationMs: number;
}

export interface StateView {
  now: string;
  clockOffsetMs: number;
  signatureClock: SignatureClock;
  transactions: TransactionView[];
  refunds: RefundView[];
  notifications: NotificationView[];
  shoppers: { openid: string; unionid?: string }[];
  messages: SentMessage[];
  faults: ActiveFault[];
  randomFaults: RandomFaultsInput[];
  /** Products of Haier beside those of its catalogue, and the accounts. */
  haier: { generated: number; accounts: PayerAccount[]; habits: HaierHabits };
  ylh: {
    orders: YlhOrderView[];
    callbacks: CallbackView[];
    pace: Pace;
    habits: YlhHabits;
    callbackUrl?: string;
  };
}

const iso = (epochMs: number): string => new Date(epochMs).toISOString();

/** An attempt with its time as ISO text. */
export function attemptView(attempt: Notification['attempts'][number]): AttemptView {
  return { ...attempt, at: iso(attempt.at) };
}

/** Every notification, oldest first. */
export function notificationViews(world: World): NotificationView[] {
  return world.state.notifications.map((notification) => ({
    id: notification.id,
    eventType: notification.eventType,
    outTradeNo: notification.outTradeNo,
    ...(notification.outRefundNo !== undefined && { outRefundNo: notification.outRefundNo }),
    url: notification.url,
    createdAt: iso(notification.createdAt),
    held: notification.held,
    delivered: notification.deliveredAt !== undefined,
    ...(notification.nextAttemptAt !== undefined && { nextAttemptAt: iso(notification.nextAttemptAt) }),
    attempts: notification.attempts.map(attemptView),
  }));
}

function transactionViews(world: World): TransactionView[] {
  return present(world.state.transactions).map((known) => ({
    outTradeNo: known.outTradeNo,
    ...(known.transactionId !== undefined && { transactionId: known.transactionId }),
    state: tradeState(world.state, known, world.now()),
    totalFen: known.totalFen,
    refundedFen: acceptedRefundFen(world.state, known.outTradeNo),
    openid: known.openid,
    description: known.description,
    ...(known.attach !== undefined && { attach: known.attach }),
    notifyUrl: known.notifyUrl,
    prepayIds: known.prepays.map((prepay) => prepay.id),
    createdAt: iso(known.createdAt),
    expiresAt: iso(known.expiresAt),
    ...(known.paidAt !== undefined && { paidAt: iso(known.paidAt) }),
    ...(known.closedAt !== undefined && { closedAt: iso(known.closedAt) }),
    ...(known.shipment && { shipment: structuredClone(known.shipment) }),
  }));
}

function refundViews(world: World): RefundView[] {
  return present(world.state.refunds).map((refund) => ({
    outRefundNo: refund.outRefundNo,
    refundId: refund.refundId,
    outTradeNo: refund.outTradeNo,
    refundFen: refund.refundFen,
    status: refund.status,
    ...(refund.reason !== undefined && { reason: refund.reason }),
    createdAt: iso(refund.createdAt),
    ...(refund.settlesAt !== undefined && { settlesAt: iso(refund.settlesAt) }),
    ...(refund.settledAt !== undefined && { settledAt: iso(refund.settledAt) }),
  }));
}

function supplierViews(world: World): Pick<StateView, 'haier' | 'ylh'> {
  const { haier, ylh } = world.state;
  const { callbackUrl } = world;
  return {
    haier: structuredClone({ generated: haier.generated, accounts: haier.accounts, habits: haier.habits }),
    ylh: {
      orders: orderViews(world),
      callbacks: ylh.callbacks.map(callbackView),
      pace: paceOf(world.usual.orderLife, ylh.pace),
      habits: structuredClone(ylh.habits),
      ...(callbackUrl !== undefined && { callbackUrl }),
    },
  };
}

/** Everything worth looking at, without session keys, tokens or codes. */
export function stateView(world: World): StateView {
  return {
    now: iso(world.now()),
    clockOffsetMs: world.state.clockOffsetMs,
    signatureClock: world.signatureClock,
    transactions: transactionViews(world),
    refunds: refundViews(world),
    notifications: notificationViews(world),
    shoppers: present(world.state.shoppers).map(({ openid, unionid }) => ({
      openid,
      ...(unionid !== undefined && { unionid }),
    })),
    messages: structuredClone(world.state.messages),
    faults: world.faults.list(),
    randomFaults: world.faults.listRandom(),
    ...supplierViews(world),
  };
}
