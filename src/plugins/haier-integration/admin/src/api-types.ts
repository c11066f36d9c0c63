/** The answers of the plugin's admin routes, as far as the pages use them. Times are ISO 8601, money integer fen. */
import type { PageMeta } from './parts/pager';

export type System = 'haier' | 'ylh';
export type SyncKind = 'products' | 'prices' | 'stock' | 'logistics';
export const SYNC_KINDS: readonly SyncKind[] = ['products', 'prices', 'stock', 'logistics'];

export interface Listed<Row> {
  data: Row[];
  meta: { pagination: PageMeta };
}

interface CallMark {
  at: string;
  operation: string;
  outcome: string;
  message: string | null;
}

export interface Connection {
  state: 'ok' | 'failing' | 'unused' | 'not_configured';
  lastSuccess: CallMark | null;
  lastFailure: CallMark | null;
}

export interface SyncCounts {
  done: number;
  created: number;
  changed: number;
  unchanged: number;
  unlisted: number;
  failed: number;
}

export interface SyncSummary extends SyncCounts {
  id: number;
  status: string;
  trigger: string;
  startedAt: string | null;
  finishedAt: string | null;
  total: number | null;
  message: string | null;
}

export interface SyncRun extends SyncSummary {
  kind: SyncKind;
  requestedBy: string | null;
  phase: string | null;
  createdAt: string;
  cancelRequestedAt: string | null;
  /** Of one run alone, not in lists. */
  productCodes?: string[] | null;
  changedFields: Record<string, number>;
  errors?: { subject: string; reason: string }[];
}

export interface Hour {
  from: string;
  haier: { calls: number; errors: number };
  ylh: { calls: number; errors: number };
}

export interface Overview {
  connections: Record<System, Connection>;
  balance: {
    accounts: { payerAccountCode: string; payerAccountName: string | null; balanceFen: number }[];
    at: string | null;
    error: string | null;
    limitFen: number;
    isLow: boolean;
  } | null;
  lastSyncs: Record<SyncKind, SyncSummary | null>;
  hours: Hour[];
  queue: { waiting: number; dead: number; oldestDueSeconds: number } | null;
  orders: { workList: number; underWay: number } | null;
  notConnected: { port: string; message: string }[];
}

export interface HaierOrder {
  id: string;
  orderNumber: string;
  status: string;
  haierStatus: string;
  haierOrderNo: string | null;
  soId: string | null;
  productName: string;
  productCode: string | null;
  district: string;
  amountFen: number;
  paidAt: string | null;
  message: string | null;
  work: { reason: string; since: string } | null;
  distributionDate: string | null;
  installDate: string | null;
  actions: string[];
}

export interface HaierOrders extends Listed<HaierOrder> {
  meta: { pagination: PageMeta; workList: number; underWay: number };
}

export interface CallLine {
  id: number;
  system: System;
  operation: string;
  outcome: string;
  method: string | null;
  url: string | null;
  httpStatus: number | null;
  attempt: number;
  durationMs: number;
  subject: string | null;
  message: string | null;
  calledAt: string;
}

export interface CallDetails extends CallLine {
  requestBody: string | null;
  responseBody: string | null;
}

export interface DeadMessage {
  id: string;
  topic: string;
  subject: string | null;
  attempts: number;
  lastError: string | null;
  createdAt: string;
}

export interface NamedDocument {
  documentId: string;
  name: string;
}

export interface Mapping {
  id: number;
  kind: 'brand' | 'category';
  haierName: string;
  target: string | null;
  seenAt: string | null;
}

export interface Mappings extends Listed<Mapping> {
  meta: { pagination: PageMeta; targets: Record<'brand' | 'category', NamedDocument[]> };
}

export interface Secret {
  configured: boolean;
  lastFour: string | null;
}
export type FieldValue = string | number | string[] | Secret | null;
export type Part = 'haier' | 'ylh' | 'callback' | 'schedules' | 'policy';
export type PartValues = Record<string, FieldValue>;

export interface SettingsAnswer {
  data: { version: number } & Record<Part, PartValues>;
  meta: {
    /** By `part.field`: page, environment or default. */
    sources: Record<string, string>;
    presets: Record<string, Record<'haier' | 'ylh', Record<string, string>>>;
    callbackUrl: string | null;
    problems: { code: string; fields: string[]; message: string }[];
    changes: { at: string; by: { id: string; name: string }; fields: string[] }[];
  };
}

export type SettingsPatch = { version?: number } & Partial<Record<Part, PartValues>>;

export interface ConnectionTest {
  ok: boolean;
  /** A skipped step had nothing to try with. */
  steps: { name: string; ok: boolean; skipped: boolean; message: string; ms: number }[];
}
