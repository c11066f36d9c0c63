/** Syncs of catalogue, prices, stock and logistics: who asks for them, who runs them, and what came of them. */
import type { Core } from '@strapi/strapi';

import { PLUGIN_ID } from '../constants';
import {
  presentRun,
  type SyncKind,
  type SyncRequestInput,
  syncRequestSchema,
  type SyncRunRow,
  type SyncRunView,
} from '../domain/sync';
import { scheduleKey } from '../domain/sync-schedule';
import { getService } from '../plugin-services';
import { connectedPorts, type PortActor } from '../ports';
import { holdRun, newHolder, ProcessStops } from './sync-runner';
import { createSyncRuns, RunCancelled } from './sync-runs';
import { createSyncSchedules } from './sync-schedules';

/** How soon a process notices a run somebody else asked for, a dead holder, or a new timetable. */
const LOOK_EVERY_MS = 3_000;

/** Why a sync cannot be begun now; the sentence is for whoever asked. */
export class SyncRefused extends Error {
  constructor(
    message: string,
    /** The run that is under way, where that is the reason. */
    readonly active?: SyncRunView,
  ) {
    super(message);
  }
}

export type SyncsService = ReturnType<typeof createSyncs>;

export default function createSyncs({ strapi }: { strapi: Core.Strapi }) {
  const runs = createSyncRuns(strapi);
  const working = new Set<Promise<void>>();
  let stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;

  /** Why this kind cannot run as things are set; undefined when it can. */
  async function obstacleTo(kind: SyncKind): Promise<string | undefined> {
    const settings = getService('settings');
    const { catalogue, orders } = connectedPorts();
    const isConnected = kind === 'logistics' ? orders !== undefined : catalogue !== undefined;
    if (!isConnected) return '本店尚未接入此功能 the shop has not connected this';
    const { haier } = await settings.isConfigured();
    if (!haier) return '尚未设置海尔账号 no account at Haier is set';
    if (kind === 'stock' && (await settings.read()).policy.stockCountyCode === '')
      return '尚未设置查询库存的区县 no county is set to ask stock for';
    return undefined;
  }

  async function prepare(input: SyncRequestInput) {
    const request = syncRequestSchema.parse(input);
    const obstacle = await obstacleTo(request.kind);
    if (obstacle !== undefined) throw new SyncRefused(obstacle);
    const { kind, productCodes = null, allowsDrop } = request;
    return { kind, productCodes, allowsDrop };
  }

  function hold(run: SyncRunRow, holder: string, onProgress?: (run: SyncRunRow) => void): Promise<void> {
    const work = holdRun(strapi, runs, { run, holder }, { signal: stopping.signal, onProgress });
    working.add(work);
    return work.finally(() => working.delete(work));
  }

  /** Begins whatever can be begun. */
  async function takeWork(): Promise<number> {
    let taken = 0;
    for (; !stopping.signal.aborted; taken += 1) {
      const holder = newHolder();
      const run = await runs.claim(holder);
      if (run === undefined) break;
      void hold(run, holder);
    }
    return taken;
  }

  /** One turn of a schedule: begun once over all processes, noted as skipped where the run before it is under way. */
  async function fire(kind: SyncKind, dueAt: Date): Promise<'begun' | 'skipped' | 'taken' | 'not_set_up'> {
    if ((await obstacleTo(kind)) !== undefined) return 'not_set_up';
    const key = scheduleKey(kind, dueAt);
    return runs.beginScheduled({
      ...{ kind, trigger: 'schedule' as const, requestedBy: null, productCodes: null, allowsDrop: false },
      scheduleKey: key,
    });
  }

  const schedules = createSyncSchedules(strapi, async (kind, dueAt) => {
    try {
      if ((await fire(kind, dueAt)) === 'begun') look();
    } catch (error) {
      strapi.log.error(`haier-integration: the schedule of ${kind} could not begin its turn`, error);
    }
  });

  async function lookNow(): Promise<void> {
    try {
      schedules.apply((await getService('settings').read()).schedules);
      await takeWork();
    } catch (error) {
      strapi.log.error('haier-integration: syncs could not be looked after', error);
    }
  }

  function look(): void {
    if (timer === undefined || stopping.signal.aborted) return;
    looking ??= lookNow().finally(() => (looking = undefined));
  }

  return {
    /** Asks for a run, worked by whichever process runs jobs. Throws ZodError or SyncRefused. */
    async request(input: SyncRequestInput, actor: PortActor): Promise<SyncRunView> {
      const { isNew, run } = await runs.begin({
        ...(await prepare(input)),
        trigger: 'staff',
        requestedBy: actor.name,
      });
      if (!isNew) throw new SyncRefused('同类同步正在进行 a sync of this kind is under way', presentRun(run));
      look();
      return presentRun(run);
    },

    /** Runs a sync here and now, and resolves with its end. Throws ZodError or SyncRefused. */
    async run(
      input: SyncRequestInput,
      {
        requestedBy,
        signal,
        onProgress,
      }: { requestedBy: string; signal?: AbortSignal; onProgress?: (run: SyncRunView) => void },
    ): Promise<SyncRunView> {
      const holder = newHolder();
      const { isNew, run } = await runs.begin({
        ...(await prepare(input)),
        ...{ trigger: 'command' as const, requestedBy, leaseHolder: holder },
      });
      if (!isNew) throw new SyncRefused('同类同步正在进行 a sync of this kind is under way', presentRun(run));
      const cancelled = new AbortController();
      const cancel = (): void => cancelled.abort(new RunCancelled());
      if (signal?.aborted === true) cancel();
      else signal?.addEventListener('abort', cancel, { once: true });
      await holdRun(
        strapi,
        runs,
        { run, holder },
        { signal: cancelled.signal, onProgress: (row) => onProgress?.(presentRun(row)) },
      );
      signal?.removeEventListener('abort', cancel);
      const ended = await runs.find(run.id);
      if (ended === undefined) throw new Error(`run ${run.id} is gone`);
      return presentRun(ended);
    },

    async list(filter: { kind?: SyncKind; page: number; pageSize: number }) {
      const { rows, total } = await runs.list(filter);
      return { rows: rows.map(presentRun), total };
    },

    async find(id: number): Promise<SyncRunView | undefined> {
      const run = await runs.find(id);
      return run === undefined ? undefined : presentRun(run);
    },

    /** Asks a run to end, which it does between two batches. Undefined where there is no such run. */
    async cancel(id: number, actor: PortActor): Promise<SyncRunView | undefined> {
      const run = await runs.requestCancel(id, actor.name);
      return run === undefined ? undefined : presentRun(run);
    },

    fire,

    /** Works everything that waits or was left behind, and resolves when it has ended. */
    async drain(): Promise<number> {
      const taken = await takeWork();
      await Promise.all(working);
      return taken;
    },

    /** From now on this process runs syncs and their schedules, if it is one that runs jobs. */
    start(): void {
      const { runsJobs } = strapi.config.get<{ runsJobs: boolean }>(`plugin::${PLUGIN_ID}`);
      if (!runsJobs || timer !== undefined) return;
      stopping = new AbortController();
      timer = setInterval(look, LOOK_EVERY_MS);
      look();
    },

    /** Stops between two batches; another process, or the next start, goes on. */
    async stop(): Promise<void> {
      clearInterval(timer);
      timer = undefined;
      schedules.stop();
      stopping.abort(new ProcessStops());
      await looking;
      await Promise.all(working);
      stopping = new AbortController();
    },
  };
}
