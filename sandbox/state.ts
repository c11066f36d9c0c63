import { emptyHaierState, type HaierState } from './haier/state';
import { emptyYlhState, type YlhState } from './ylh/state';

/** Everything the sandbox remembers, as plain JSON so that a snapshot is the whole truth. Times are epoch ms. */

export interface Shopper {
  openid: string;
  unionid?: string;
  sessionKey?: string;
  /** Last login: content checks want a visit within two hours. */
  lastVisitAt?: number;
}

export interface LoginCode {
  openid: string;
  mintedAt: number;
  usedAt?: number;
}

export interface PhoneCode extends LoginCode {
  phone: string;
  countryCode: string | number;
}

export type TokenKind = 'stable' | 'legacy';

/** A token is good until `expiresAt`, or until `replacedAt` when a newer one took its place early. */
export interface AccessToken {
  kind: TokenKind;
  value: string;
  issuedAt: number;
  expiresAt: number;
  replacedAt?: number;
}

export interface Parcel {
  trackingNo: string;
  expressCompany: string;
  itemDesc: string;
  contact?: { consignor_contact?: string; receiver_contact?: string };
  uploadedAt: number;
}

/** What was uploaded to the order shipping service for one payment. */
export interface Shipment {
  logisticsType: number;
  deliveryMode: number;
  finished: boolean;
  /** 0 not finished, 1 shipped, 2 the one permitted re-shipping has been used. */
  finishCount: 0 | 1 | 2;
  uploadTime: number;
  parcels: Parcel[];
}

export interface Transaction {
  outTradeNo: string;
  openid: string;
  description: string;
  totalFen: number;
  attach?: string;
  deviceId?: string;
  notifyUrl: string;
  /** Canonical form of the request, to tell a re-entrant prepay from a changed one. */
  fingerprint: string;
  createdAt: number;
  expiresAt: number;
  prepays: { id: string; createdAt: number }[];
  closedAt?: number;
  paidAt?: number;
  transactionId?: string;
  shipment?: Shipment;
}

export type RefundStatus = 'PROCESSING' | 'SUCCESS' | 'ABNORMAL' | 'CLOSED';

export interface Refund {
  outRefundNo: string;
  refundId: string;
  outTradeNo: string;
  refundFen: number;
  reason?: string;
  notifyUrl?: string;
  fundsAccount: string;
  from?: { account: string; amount: number }[];
  fingerprint: string;
  status: RefundStatus;
  /** What it will become, and when by itself; without a time it waits for the control API. */
  outcome: Exclude<RefundStatus, 'PROCESSING'>;
  settlesAt?: number;
  createdAt: number;
  settledAt?: number;
}

export interface DeliveryAttempt {
  at: number;
  /** `scheduled` for the platform's own calls; anything else was asked for through the control API. */
  kind: string;
  status?: number;
  reply?: string;
  error?: string;
  durationMs: number;
}

export interface Notification {
  id: string;
  eventType: string;
  outTradeNo: string;
  outRefundNo?: string;
  url: string;
  createdAt: number;
  /** Plain content before encryption; forged variants are made from it. */
  resource: Record<string, unknown>;
  body: string;
  held: boolean;
  deliveredAt?: number;
  nextAttemptAt?: number;
  /** How many of the platform's own calls were made; the retry table is read with it. */
  scheduledAttempts: number;
  attempts: DeliveryAttempt[];
}

export type RefundScriptOutcome =
  | 'SUCCESS'
  | 'ABNORMAL'
  | 'CLOSED'
  | 'PROCESSING'
  | 'NOT_ENOUGH'
  | 'USER_ACCOUNT_ABNORMAL'
  | 'FREQUENCY_LIMITED';

export interface RefundScript {
  outRefundNo?: string;
  outcome: RefundScriptOutcome;
  times: number;
  delayMs?: number;
}

/** How the next files of bills go wrong: announced under another hash, or cut off in the middle. */
export interface BillSpoil {
  how: 'hash' | 'truncated';
  times: number;
}

export interface ContentVerdict {
  containing: string;
  suggest: 'pass' | 'review' | 'risky';
  label: number;
}

export interface SentMessage {
  openid: string;
  templateId: string;
  page?: string;
  data: Record<string, string>;
  at: number;
}

export interface SandboxState {
  version: 1;
  clockOffsetMs: number;
  shoppers: Record<string, Shopper | undefined>;
  loginCodes: Record<string, LoginCode | undefined>;
  phoneCodes: Record<string, PhoneCode | undefined>;
  tokens: AccessToken[];
  forcedRefreshes: number[];
  transactions: Record<string, Transaction | undefined>;
  refunds: Record<string, Refund | undefined>;
  notifications: Notification[];
  refundScripts: RefundScript[];
  refundSpacingMs: number;
  /** Beijing day -> text served as its complete trade bill instead of the true one. */
  billTexts: Record<string, string | undefined>;
  billSpoils: BillSpoil[];
  contentVerdicts: ContentVerdict[];
  /** Template id -> required keys (empty = any well-named key). */
  templates: Record<string, string[] | undefined>;
  /** `openid|templateId` -> messages the shopper still agreed to. */
  subscriptions: Record<string, number | undefined>;
  messages: SentMessage[];
  shippingLagMs: number;
  haier: HaierState;
  ylh: YlhState;
}

/** A sandbox nobody has used yet. */
export function emptyState(): SandboxState {
  return {
    version: 1,
    clockOffsetMs: 0,
    shoppers: {},
    loginCodes: {},
    phoneCodes: {},
    tokens: [],
    forcedRefreshes: [],
    transactions: {},
    refunds: {},
    notifications: [],
    refundScripts: [],
    refundSpacingMs: 60_000,
    billTexts: {},
    billSpoils: [],
    contentVerdicts: [],
    templates: {},
    subscriptions: {},
    messages: [],
    shippingLagMs: 10_000,
    haier: emptyHaierState(),
    ylh: emptyYlhState(),
  };
}

/** The values of a record, without the holes its index type admits. */
export function present<T>(record: Record<string, T | undefined>): T[] {
  return Object.values(record).filter((value): value is T => value !== undefined);
}
