/**
 * Runs as rows: who may begin one, who holds it, and how far it is. `activeKey` is unique and carries the kind while a run is
 * queued or running, so there is one at a time over all processes; `scheduleKey` is unique and names a turn of a schedule.
 * A run is held by a lease: whoever writes for it says in the same transaction that the lease is still his.
 */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';

import { SYNC_ITEM_UID, SYNC_RUN_UID } from '../constants';
import {
  addProgress,
  type Progress,
  type SyncKind,
  type SyncRunRow,
  type SyncStatus,
  type SyncTrigger,
} from '../domain/sync';

const RUNS = 'haier_sync_runs';
/** A holder that has not been heard of for this long is dead. */
export const LEASE_MS = 60_000;
/** A run that ends its process each time it is taken is given up. */
const MAX_ATTEMPTS = 10;
const KEEP_RUNS_MS = 30 * 24 * 3_600_000;
const PRUNE_BATCH = 1_000;

/** Somebody else has the run now, because this process was silent for too long. */
export class LeaseLost extends Error {}

/** Somebody has asked for the run to end. */
export class RunCancelled extends Error {}

export interface NewRun {
  kind: SyncKind;
  trigger: SyncTrigger;
  requestedBy: string | null;
  productCodes: string[] | null;
  allowsDrop: boolean;
  /** The turn of a schedule; one row for each, ever. */
  scheduleKey?: string;
  /** Taken at once by this holder, instead of waiting for one. */
  leaseHolder?: string;
}

export type SyncRuns = ReturnType<typeof createSyncRuns>;

const leaseFromNow = (): Date => new Date(Date.now() + LEASE_MS);

export function createSyncRuns(strapi: Core.Strapi) {
  const query = () => strapi.db.query(SYNC_RUN_UID);
  const asRow = (row: unknown): SyncRunRow => row as SyncRunRow;

  async function find(id: number): Promise<SyncRunRow | undefined> {
    const row: unknown = await query().findOne({ where: { id } });
    return row === null || row === undefined ? undefined : asRow(row);
  }

  async function findActive(kind: SyncKind): Promise<SyncRunRow | undefined> {
    const row: unknown = await query().findOne({ where: { activeKey: kind } });
    return row === null || row === undefined ? undefined : asRow(row);
  }

  /** Inserts a row, or nothing where one of the two keys is taken. */
  async function insert(run: NewRun, status: 'queued' | 'running' | 'skipped'): Promise<number | undefined> {
    const now = new Date();
    const isHeld = status === 'running';
    const [row] = (await strapi.db
      .connection(RUNS)
      .insert({
        kind: run.kind,
        status,
        trigger: run.trigger,
        requested_by: run.requestedBy,
        product_codes: run.productCodes === null ? null : JSON.stringify(run.productCodes),
        allows_drop: run.allowsDrop,
        active_key: status === 'skipped' ? null : run.kind,
        schedule_key: run.scheduleKey ?? null,
        attempts: isHeld ? 1 : 0,
        done: 0,
        created: 0,
        changed: 0,
        unchanged: 0,
        unlisted: 0,
        failed: 0,
        message: status === 'skipped' ? '上一次同步还在进行\nthe run before it was still under way' : null,
        created_at: now,
        updated_at: now,
        started_at: isHeld ? now : null,
        finished_at: status === 'skipped' ? now : null,
        lease_until: isHeld ? leaseFromNow() : null,
        lease_holder: isHeld ? (run.leaseHolder ?? null) : null,
      })
      .onConflict()
      .ignore()
      .returning('id')) as { id: number }[];
    return row?.id;
  }

  /** Begins a run, or says which one of its kind is under way. */
  async function begin(run: NewRun): Promise<{ isNew: boolean; run: SyncRunRow }> {
    for (;;) {
      const id = await insert(run, run.leaseHolder === undefined ? 'queued' : 'running');
      const row = id === undefined ? await findActive(run.kind) : await find(id);
      // Undefined where the other one ended between the two statements.
      if (row !== undefined) return { isNew: id !== undefined, run: row };
    }
  }

  /** One turn of a schedule, once over all processes: begun, or skipped where one of its kind is under way. */
  async function beginScheduled(
    run: NewRun & { scheduleKey: string },
  ): Promise<'begun' | 'skipped' | 'taken'> {
    if ((await insert(run, 'queued')) !== undefined) return 'begun';
    const known: unknown = await query().findOne({ where: { scheduleKey: run.scheduleKey } });
    if (known !== null && known !== undefined) return 'taken';
    return (await insert(run, 'skipped')) === undefined ? 'taken' : 'skipped';
  }

  /** Takes the oldest run that waits or whose holder is dead. */
  async function claim(holder: string): Promise<SyncRunRow | undefined> {
    for (;;) {
      const now = new Date();
      const free = [
        { status: 'queued' as const },
        { status: 'running' as const, leaseUntil: { $lt: now.toISOString() } },
      ];
      const candidate = (await query().findOne({
        where: { $or: free },
        orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      })) as SyncRunRow | null;
      if (candidate === null) return undefined;
      const { count } = await query().updateMany({
        where: { id: candidate.id, $or: free },
        data: {
          status: 'running',
          leaseHolder: holder,
          leaseUntil: leaseFromNow(),
          startedAt: candidate.startedAt ?? now,
          attempts: candidate.attempts + 1,
        },
      });
      if (count === 0) continue;
      const run = await find(candidate.id);
      if (run === undefined) continue;
      if (run.attempts <= MAX_ATTEMPTS) return run;
      await finish(
        run.id,
        holder,
        'failed',
        '多次中断，已放弃\ngiven up: it was interrupted again and again',
      );
    }
  }

  /** Keeps the lease. Throws LeaseLost or RunCancelled. */
  async function renew(id: number, holder: string): Promise<void> {
    const { count } = await query().updateMany({
      where: { id, leaseHolder: holder, status: 'running' },
      data: { leaseUntil: leaseFromNow() },
    });
    if (count === 0) throw new LeaseLost(`run ${id} is held by somebody else`);
    const run = await find(id);
    if (run?.cancelRequestedAt != null) throw new RunCancelled();
  }

  /**
   * Does `work` and adds what it returns to the report, all or nothing, if the lease is still this holder's. Throws LeaseLost,
   * or RunCancelled before anything is done.
   */
  async function advance(
    id: number,
    holder: string,
    work: (trx: Knex.Transaction) => Promise<Progress & { total?: number; phase?: string }>,
  ): Promise<SyncRunRow> {
    return (await strapi.db.transaction(async ({ trx }) => {
      await renew(id, holder);
      const { total, phase, ...progress } = await work(trx as Knex.Transaction);
      const row = await find(id);
      if (row === undefined) throw new LeaseLost(`run ${id} is gone`);
      return query().update({
        where: { id },
        data: {
          ...addProgress(row, progress),
          ...(total === undefined ? {} : { total }),
          ...(phase === undefined ? {} : { phase }),
        },
      });
    })) as SyncRunRow;
  }

  /** Sets how much is done, for work that counts by itself. */
  async function setDone(id: number, holder: string, done: number): Promise<SyncRunRow> {
    const { count } = await query().updateMany({
      where: { id, leaseHolder: holder, status: 'running' },
      data: { done },
    });
    const run = count === 0 ? undefined : await find(id);
    if (run === undefined) throw new LeaseLost(`run ${id} is held by somebody else`);
    return run;
  }

  /** Ends a run this holder has; one that is no longer his is left alone. */
  async function finish(
    id: number,
    holder: string,
    status: Extract<SyncStatus, 'succeeded' | 'failed' | 'cancelled'>,
    message: string | null,
  ): Promise<boolean> {
    const { count } = await query().updateMany({
      where: { id, leaseHolder: holder, status: 'running' },
      data: { status, message, finishedAt: new Date(), activeKey: null, leaseUntil: null, leaseHolder: null },
    });
    return count > 0;
  }

  /** Lets another process go on at once. */
  async function release(id: number, holder: string): Promise<void> {
    await query().updateMany({
      where: { id, leaseHolder: holder, status: 'running' },
      data: { leaseUntil: new Date(0) },
    });
  }

  /** Asks a run to end; one that nobody has begun ends at once. Undefined where there is no such run. */
  async function requestCancel(id: number, by: string): Promise<SyncRunRow | undefined> {
    const asked = { cancelRequestedAt: new Date(), cancelRequestedBy: by };
    await query().updateMany({
      where: { id, status: 'queued' },
      data: { ...asked, status: 'cancelled', finishedAt: new Date(), activeKey: null },
    });
    await query().updateMany({
      where: { id, status: 'running', cancelRequestedAt: { $null: true } },
      data: asked,
    });
    return find(id);
  }

  async function list(filter: {
    kind?: SyncKind;
    page: number;
    pageSize: number;
  }): Promise<{ rows: SyncRunRow[]; total: number }> {
    const where = filter.kind === undefined ? {} : { kind: filter.kind };
    const [rows, total] = await query().findWithCount({
      where,
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      limit: filter.pageSize,
      offset: (filter.page - 1) * filter.pageSize,
    });
    return { rows: rows.map(asRow), total };
  }

  /** How the run before this one ended, of those with its kind and trigger. */
  async function lastEnd({ kind, trigger, id }: SyncRunRow): Promise<SyncStatus | undefined> {
    const row = (await query().findOne({
      where: { kind, trigger, id: { $lt: id }, status: { $in: ['succeeded', 'failed', 'cancelled'] } },
      orderBy: [{ id: 'desc' }],
    })) as SyncRunRow | null;
    return row?.status;
  }

  /** Forgets the items of runs that have ended, and runs that ended a month ago. */
  async function prune(): Promise<void> {
    const { connection } = strapi.db;
    const items = strapi.db.metadata.get(SYNC_ITEM_UID).tableName;
    const ended = connection(RUNS).whereNotIn('status', ['queued', 'running']).select('id');
    for (let removed = PRUNE_BATCH; removed === PRUNE_BATCH;) {
      const ids = (await connection(items)
        .whereIn('run_id', ended.clone())
        .limit(PRUNE_BATCH)
        .select('id')) as {
        id: number;
      }[];
      removed = ids.length;
      if (removed > 0)
        await connection(items)
          .whereIn(
            'id',
            ids.map(({ id }) => id),
          )
          .delete();
    }
    await query().deleteMany({
      where: { finishedAt: { $lt: new Date(Date.now() - KEEP_RUNS_MS).toISOString() } },
    });
  }

  return {
    ...{ find, findActive, begin, beginScheduled, claim, renew, advance, setDone, finish, release },
    ...{ requestCancel, list, lastEnd, prune },
  };
}
