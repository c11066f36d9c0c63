/** Holds one run: keeps its lease while it works, and writes how it ended. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

import type { Core } from '@strapi/strapi';

import { HaierError } from '../domain/errors';
import type { SyncKind, SyncRunRow } from '../domain/sync';
import { describeFailure } from '../domain/words';
import { getService } from '../plugin-services';
import { connectedPorts } from '../ports';
import { LEASE_MS, LeaseLost, RunCancelled, type SyncRuns } from './sync-runs';
import { RunFailed, RunStopped, workOnRun } from './sync-work';

const HEARTBEAT_MS = LEASE_MS / 6;
const MAX_MESSAGE = 1_000;

const KIND_NAMES: Record<SyncKind, string> = {
  products: '商品',
  prices: '价格',
  stock: '库存',
  logistics: '物流',
};

/** The process stops; whoever has the next lease goes on. */
export class ProcessStops extends Error {}

/** Unlike any other process's, also after a restart. */
export const newHolder = (): string =>
  `${hostname().slice(0, 20)}:${process.pid}:${randomUUID().slice(0, 8)}`;

export interface RunWatch {
  signal: AbortSignal;
  onProgress?(run: SyncRunRow): void;
}

function wordsOf(error: unknown): string {
  if (error instanceof RunFailed) return error.message;
  if (!(error instanceof HaierError)) return '程序错误，详见日志\na defect, see the log';
  const { zh, en } = describeFailure(error);
  return `${zh}\n${en}`;
}

/** Staff hear of the first failure of a schedule and not of each that follows, but of every run that stopped to be on the safe side. */
async function tellStaff(runs: SyncRuns, run: SyncRunRow, error: unknown): Promise<void> {
  if (run.trigger !== 'schedule') return;
  const isNews = error instanceof RunStopped || (await runs.lastEnd(run)) !== 'failed';
  if (!isNews) return;
  await connectedPorts().staff?.notify({
    title: `海尔${KIND_NAMES[run.kind]}同步失败`,
    content: wordsOf(error).slice(0, MAX_MESSAGE),
    data: { haierSyncRun: run.id },
  });
}

async function end(
  strapi: Core.Strapi,
  runs: SyncRuns,
  run: SyncRunRow,
  holder: string,
  error?: unknown,
): Promise<void> {
  if (error instanceof LeaseLost) return;
  if (error instanceof ProcessStops) return runs.release(run.id, holder);
  if (error instanceof RunCancelled) {
    await runs.finish(run.id, holder, 'cancelled', null);
  } else if (error === undefined) {
    await runs.finish(run.id, holder, 'succeeded', null);
  } else {
    if (!(error instanceof RunFailed) && !(error instanceof HaierError))
      strapi.log.error(`haier-integration: run ${run.id} failed`, error);
    const isEnded = await runs.finish(run.id, holder, 'failed', wordsOf(error).slice(0, MAX_MESSAGE));
    if (isEnded) await tellStaff(runs, run, error);
  }
  await runs.prune();
}

/** Works on a run until its end, its cancel, or the loss of its lease. Never throws: what went wrong stands in the row. */
export async function holdRun(
  strapi: Core.Strapi,
  runs: SyncRuns,
  { run, holder }: { run: SyncRunRow; holder: string },
  { signal, onProgress = () => undefined }: RunWatch,
): Promise<void> {
  const control = new AbortController();
  const stop = (): void => control.abort(signal.reason);
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  const beat = (): void => {
    runs.renew(run.id, holder).catch((error: unknown) => {
      if (error instanceof LeaseLost || error instanceof RunCancelled) control.abort(error);
      else strapi.log.warn(`haier-integration: the lease of run ${run.id} was not renewed: ${String(error)}`);
    });
  };
  const heart = setInterval(beat, HEARTBEAT_MS);
  try {
    let failure: unknown;
    try {
      const { policy } = await getService('settings').read();
      await workOnRun({
        ...{ strapi, runs, run, holder, onProgress, signal: control.signal },
        haier: getService('clients').haier,
        stockCountyCode: policy.stockCountyCode,
      });
    } catch (error) {
      // What an aborted call says is not why it was aborted.
      failure = control.signal.aborted ? control.signal.reason : error;
    }
    await end(strapi, runs, run, holder, failure);
  } catch (error) {
    // The database is away: the lease runs out and somebody else goes on.
    strapi.log.error(`haier-integration: the end of run ${run.id} was not written`, error);
  } finally {
    clearInterval(heart);
    signal.removeEventListener('abort', stop);
  }
}
