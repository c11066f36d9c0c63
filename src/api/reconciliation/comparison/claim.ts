/** Who is at a day, and for how long: one attempt at one day at a time, over all processes. */
import { clock } from '../../../platform/clock';
import {
  fetchRow,
  inTransaction,
  oneProcessAtATime,
  query,
  toColumns,
  type Tx,
  updateRow,
} from '../../../platform/database';
import { RUN_UID, type RunRow } from '../reconciliation-rows';

const LOCK_KEY = 7_210_452;
/** A process that dies holds the day back for this long. */
const LEASE_MS = 2 * 60_000;
const RENEW_AFTER_MS = 20_000;

/** Another attempt has taken over: whatever this one still had to write must not be written. */
export class LeaseLostError extends Error {
  constructor(billDate: string) {
    super(`the reconciliation of ${billDate} was taken over by another process`);
    this.name = 'LeaseLostError';
  }
}

/** The right to write about a day, as long as it is renewed. */
export interface Claim {
  runId: number;
  documentId: string;
  billDate: string;
  attempt: number;
  /** Call between two pieces of work. Throws LeaseLostError, and what the work's signal was aborted with. */
  renew(): Promise<void>;
}

const leaseEnd = (): Date => new Date(clock.now().getTime() + LEASE_MS);

/** Sets attributes of a run if `attempt` is still the one at work on it; else throws LeaseLostError. */
export async function updateClaimed(
  tx: Tx | undefined,
  { runId, attempt, billDate }: Pick<Claim, 'runId' | 'attempt' | 'billDate'>,
  attributes: Partial<RunRow>,
): Promise<void> {
  const changed = await query(RUN_UID, tx)
    .where({ id: runId, attempt, status: 'running' })
    .update(toColumns(RUN_UID, { ...attributes, updatedAt: clock.now() }));
  if (changed !== 1) throw new LeaseLostError(billDate);
}

function toClaim(run: RunRow, signal?: AbortSignal): Claim {
  const { id: runId, documentId, billDate, attempt } = run;
  let renewedAt = clock.now().getTime();
  return {
    runId,
    documentId,
    billDate,
    attempt,
    async renew() {
      signal?.throwIfAborted();
      if (clock.now().getTime() - renewedAt < RENEW_AFTER_MS) return;
      await updateClaimed(undefined, { runId, attempt, billDate }, { leaseUntil: leaseEnd() });
      renewedAt = clock.now().getTime();
    },
  };
}

/**
 * Keeps a claim alive while `work` is at something that does not renew it, such as a download of minutes. What ends the
 * claim is told to the work by its own next renewal.
 */
export async function whileKept<T>(
  claim: Claim,
  work: () => Promise<T>,
  everyMs = RENEW_AFTER_MS,
): Promise<T> {
  const renewal = setInterval(() => {
    claim.renew().catch((error: unknown) => {
      if (!(error instanceof LeaseLostError))
        strapi.log.warn(`the reconciliation of ${claim.billDate} was not renewed: ${String(error)}`);
    });
  }, everyMs);
  try {
    return await work();
  } finally {
    clearInterval(renewal);
  }
}

/**
 * Takes a run that waits, ended, or whose process died. `busy` while any day is being worked, by whomever: two at once
 * would only take each other's memory. `done` when it was completed by an attempt that began after `askedAt`.
 */
export async function claimRun(
  billDate: string,
  askedAt: Date,
  signal?: AbortSignal,
): Promise<Claim | 'busy' | 'done'> {
  return inTransaction(async (tx) => {
    await oneProcessAtATime(tx, LOCK_KEY);
    const now = clock.now();
    const other = await fetchRow<RunRow>(
      RUN_UID,
      query(RUN_UID, tx).where('status', 'running').andWhere('lease_until', '>', now),
    );
    if (other !== undefined) return 'busy';
    const run = await fetchRow<RunRow>(RUN_UID, query(RUN_UID, tx).where('bill_date', billDate));
    if (run === undefined) throw new Error(`there is no run for ${billDate}`);
    if (run.status === 'completed' && run.startedAt !== null && run.startedAt >= askedAt) return 'done';
    const changes = {
      status: 'running' as const,
      attempt: run.attempt + 1,
      leaseUntil: leaseEnd(),
      startedAt: now,
      finishedAt: null,
      error: null,
    };
    await updateRow(RUN_UID, tx, run.id, changes);
    return toClaim({ ...run, ...changes }, signal);
  });
}
