/** Syncs: what can be asked for, what a run is, and what its report says. */
import { z } from 'zod';

export const SYNC_KINDS = ['products', 'prices', 'stock', 'logistics'] as const;
export type SyncKind = (typeof SYNC_KINDS)[number];

export const SYNC_STATUSES = ['queued', 'running', 'succeeded', 'failed', 'cancelled', 'skipped'] as const;
export type SyncStatus = (typeof SYNC_STATUSES)[number];
export type SyncTrigger = 'staff' | 'schedule' | 'command';

export const MAX_CODES = 1_000;
/** Errors that are kept of a run; the others are counted. */
export const MAX_ERRORS = 200;
/** An item that Haier or the shop refuses says so in at most this many characters. */
const MAX_REASON = 300;

const productCode = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[^\s,;\p{Cc}]+$/u, 'must be a product code');

/** What staff, the clock and the command line may ask for. */
export const syncRequestSchema = z
  .strictObject({
    kind: z.enum(SYNC_KINDS),
    /** Left out: everything. */
    productCodes: z
      .array(productCode)
      .min(1)
      .max(MAX_CODES)
      .transform((codes) => [...new Set(codes)])
      .optional(),
    /** Staff have looked: this many products may go off sale in one run. */
    allowsDrop: z.boolean().default(false),
  })
  .refine(({ kind, productCodes }) => kind !== 'logistics' || productCodes === undefined, {
    path: ['productCodes'],
    message: 'logistics are asked for by order, not by product',
  });

export type SyncRequest = z.infer<typeof syncRequestSchema>;

/** One thing that could not be done, and why: Chinese, then English on a line of its own. `subject` is a product code or an order number. */
export interface SyncError {
  subject: string;
  reason: string;
}

/** What a run has done so far. */
export interface SyncCounts {
  done: number;
  created: number;
  changed: number;
  unchanged: number;
  unlisted: number;
  failed: number;
}

/** A run as its row has it. */
export interface SyncRunRow extends SyncCounts {
  id: number;
  kind: SyncKind;
  status: SyncStatus;
  trigger: SyncTrigger;
  requestedBy: string | null;
  productCodes: string[] | null;
  allowsDrop: boolean;
  /** Null until it is known how much there is to do. */
  total: number | null;
  /** How often each field changed. */
  changedFields: Record<string, number> | null;
  errors: SyncError[] | null;
  /** `listing`, `writing`, `unlisting`; null before the first. */
  phase: string | null;
  /** Chinese, then English on a line of its own. */
  message: string | null;
  attempts: number;
  createdAt: string | Date;
  startedAt: string | Date | null;
  finishedAt: string | Date | null;
  leaseUntil: string | Date | null;
  leaseHolder: string | null;
  cancelRequestedAt: string | Date | null;
  cancelRequestedBy: string | null;
}

/** A run as pages and the command line show it. Times are ISO 8601. */
export interface SyncRunView extends SyncCounts {
  id: number;
  kind: SyncKind;
  status: SyncStatus;
  trigger: SyncTrigger;
  requestedBy: string | null;
  /** Null: everything. */
  productCodes: string[] | null;
  allowsDrop: boolean;
  phase: string | null;
  total: number | null;
  changedFields: Record<string, number>;
  errors: SyncError[];
  message: string | null;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  cancelRequestedAt: string | null;
  cancelRequestedBy: string | null;
}

const iso = (value: string | Date): string => new Date(value).toISOString();
const isoOrNull = (value: string | Date | null): string | null => (value === null ? null : iso(value));

export function presentRun(row: SyncRunRow): SyncRunView {
  const { id, kind, status, trigger, requestedBy, productCodes, allowsDrop, phase, total, message } = row;
  const { done, created, changed, unchanged, unlisted, failed } = row;
  return {
    ...{ id, kind, status, trigger, requestedBy, productCodes, allowsDrop, phase, total, message },
    ...{ done, created, changed, unchanged, unlisted, failed },
    changedFields: row.changedFields ?? {},
    errors: row.errors ?? [],
    createdAt: iso(row.createdAt),
    startedAt: isoOrNull(row.startedAt),
    finishedAt: isoOrNull(row.finishedAt),
    cancelRequestedAt: isoOrNull(row.cancelRequestedAt),
    cancelRequestedBy: row.cancelRequestedBy,
  };
}

/** What a batch adds to the report. */
export interface Progress {
  counts: Partial<SyncCounts>;
  changedFields?: Record<string, number>;
  errors?: SyncError[];
}

const added = (current: Record<string, number>, more: Record<string, number>): Record<string, number> => {
  const sum = { ...current };
  for (const [name, count] of Object.entries(more)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
};

/** The report with a batch added to it: counts summed, the first errors kept. */
export function addProgress(
  row: SyncCounts & Pick<SyncRunRow, 'changedFields' | 'errors'>,
  { counts, changedFields = {}, errors = [] }: Progress,
): SyncCounts & { changedFields: Record<string, number>; errors: SyncError[] } {
  const { done, created, changed, unchanged, unlisted, failed } = row;
  const cut = errors.map(({ subject, reason }) => ({ subject, reason: reason.slice(0, MAX_REASON) }));
  return {
    ...(added({ done, created, changed, unchanged, unlisted, failed }, counts as Record<string, number>) as {
      [Name in keyof SyncCounts]: number;
    }),
    changedFields: added(row.changedFields ?? {}, changedFields),
    errors: [...(row.errors ?? []), ...cut].slice(0, MAX_ERRORS),
  };
}

/** Fewer than this may go off sale whatever share they are: half of four products is no sign of a broken answer. */
const DROP_ALWAYS_ALLOWED = 5;
const DROP_SHARE = 0.5;

/** True when so many of the products on sale would go off sale at once that the answer is more likely broken than right. */
export const isSuddenDrop = ({ onSale, leaving }: { onSale: number; leaving: number }): boolean =>
  leaving > DROP_ALWAYS_ALLOWED && leaving > onSale * DROP_SHARE;
